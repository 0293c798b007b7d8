using Omni.Aws;
using Omni.Shared;
using Omni.Testing.Simulation;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>
/// Many senders with one line, minutes of them, on a clock that nobody waits for: full speed, and not refused. The bench plays the same and
/// longer, and in real time; here is what must never get worse.
/// </summary>
public sealed class FleetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(80)]
    public void A_backlog_leaves_at_the_rate_and_is_not_refused(double rate)
    {
        var (clock, fleet) = NewFleet(rate, seed: 1);
        var count = (int)(60 * rate);
        for (var i = 0; i < count; i++) fleet.Send(i);

        var start = clock.GetUtcNow();
        fleet.Start(Fleet.LanesOf(rate));
        clock.Run(() => fleet.Queue.Count == 0, TimeSpan.FromMinutes(5));

        Assert.Null(fleet.Fault);
        Assert.Equal(count, fleet.Taken);
        Assert.Equal(count, fleet.Arrivals.Count);
        Assert.InRange(count / (fleet.Arrivals[^1].At - start).TotalSeconds / rate, 0.95, 1.01);
    }

    [Theory]
    [InlineData(10, Priority.Normal)]
    [InlineData(30, Priority.Normal)]
    [InlineData(80, Priority.Normal)]
    [InlineData(10, Priority.Bulk)]
    [InlineData(80, Priority.Bulk)]
    public void What_is_urgent_leaves_within_two_seconds_of_a_flood(double rate, Priority flood)
    {
        var (clock, fleet) = NewFleet(rate, seed: 2);
        for (var i = 0; i < 60 * rate; i++) fleet.Send(i, flood);
        var sent = new Dictionary<string, DateTimeOffset>();

        fleet.Start(Fleet.LanesOf(rate), Fleet.LanesOf(rate));
        for (var i = 0; i < 20; i++)
        {
            Pass(clock, TimeSpan.FromSeconds(1.7));
            sent[fleet.Send(1_000_000 + i, Priority.High)] = clock.GetUtcNow();
        }

        Pass(clock, TimeSpan.FromSeconds(5));
        var waits = fleet.Arrivals.Where(a => sent.ContainsKey(a.MessageId)).Select(a => a.At - sent[a.MessageId]).ToList();
        Assert.Equal(20, waits.Count);
        Assert.All(waits, wait => Assert.True(wait < TimeSpan.FromSeconds(2), $"It took {wait}."));
        Assert.DoesNotContain(fleet.Arrivals, a => !a.IsTaken);
    }

    [Fact]
    public void A_pace_is_learned_held_and_forgotten()
    {
        const double Rate = 80;
        var (clock, fleet) = NewFleet(Rate, seed: 3);
        for (var i = 0; i < 15_000; i++) fleet.Send(i);
        fleet.Hold(Rate / 10);

        fleet.Start(Fleet.LanesOf(Rate));
        Pass(clock, TimeSpan.FromMinutes(1));
        var taken = fleet.Taken;
        Pass(clock, TimeSpan.FromMinutes(2));
        Assert.InRange((fleet.Taken - taken) / (Rate / 10 * 120), 0.85, 1.01);
        Assert.InRange(fleet.Arrivals.Count(a => !a.IsTaken) / (double)fleet.Arrivals.Count, 0, 0.03);

        fleet.Hold(Rate);
        Pass(clock, TimeSpan.FromMinutes(3));
        taken = fleet.Taken;
        Pass(clock, TimeSpan.FromSeconds(20));
        Assert.InRange((fleet.Taken - taken) / (Rate * 20), 0.95, 1.01);
    }

    [Fact]
    public void After_a_pause_one_message_goes_first_and_alone()
    {
        var (clock, fleet) = NewFleet(30, seed: 4);
        fleet.RetryAfter = TimeSpan.FromSeconds(20);
        for (var i = 0; i < 600; i++) fleet.Send(i);
        fleet.Start(Fleet.LanesOf(30));
        Pass(clock, TimeSpan.FromSeconds(5));

        fleet.Hold(0.001);
        clock.Run(() => fleet.Arrivals.Any(a => !a.IsTaken), TimeSpan.FromSeconds(30));
        Pass(clock, TimeSpan.FromSeconds(3));
        var (told, begun) = (clock.GetUtcNow(), fleet.Arrivals.Count);
        fleet.Hold(30);
        Pass(clock, TimeSpan.FromSeconds(30));

        var after = fleet.Arrivals.Skip(begun).ToList();
        Assert.All(after, a => Assert.True(a.IsTaken));
        Assert.True(after[0].At - told > TimeSpan.FromSeconds(10), "The wait was not kept.");
        Assert.True(after[1].At - after[0].At > TimeSpan.FromSeconds(0.5), "The second did not wait for the first.");
    }

    /// <summary>Preparing a message takes longer here than a place may be late.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(400)]
    [InlineData(1_000_000)]
    public void A_slow_table_makes_messages_late_and_stops_none(double rate)
    {
        var clock = new EventClock();
        var fleet = new Fleet(clock, seed: 5, rate) { AwsMilliseconds = 900 };
        for (var i = 0; i < 100; i++) fleet.Send(i);

        fleet.Start(lanes: 8);
        clock.Run(() => fleet.Queue.Count == 0, TimeSpan.FromMinutes(5));

        Assert.Equal(100, fleet.Taken);
        Assert.InRange(fleet.Tables.Calls["UpdateItemRequest"], 100, 100 * 12);
    }

    [Theory]
    [InlineData(10, null, 5)]
    [InlineData(10, 1, 5)]
    [InlineData(30, null, 4)]
    [InlineData(80, 1, 2)]
    public void Refusals_that_no_pace_lowers_slow_nobody_down(double rate, int? retryAfter, int minutes)
    {
        var (clock, fleet) = NewFleet(rate, seed: 22);
        fleet.RefusedShare = 0.03;
        fleet.RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        for (var i = 0; i < rate * 60 * minutes; i++) fleet.Send(i);

        fleet.Start(Fleet.LanesOf(rate));
        Pass(clock, TimeSpan.FromMinutes(minutes));

        Assert.Null(fleet.Fault);
        Assert.InRange(fleet.Taken / (0.97 * rate * 60 * minutes), 0.85, 1.01);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void Whatever_dies_nothing_is_sent_twice_and_conversations_keep_their_order(int seed)
    {
        const double Rate = 20;
        var (clock, fleet) = NewFleet(Rate, seed);
        var random = new Random(seed);
        fleet.Deaths = 0.002;
        var people = Enumerable.Range(0, 1200).Select(_ => random.Next(400)).ToArray();
        var order = people.Select(person => (Person: person, Id: fleet.Send(person))).ToLookup(m => m.Person, m => m.Id);

        fleet.Start(Fleet.LanesOf(Rate));
        for (var i = 0; i < 6; i++)
        {
            Pass(clock, TimeSpan.FromSeconds(random.Next(5, 15)));
            fleet.Hold(Rate * (0.3 + random.NextDouble()));
        }

        fleet.Deaths = 0;
        fleet.Hold(Rate);
        clock.Run(() => fleet.Queue.Count == 0, TimeSpan.FromMinutes(60));

        var taken = fleet.Arrivals.Where(a => a.IsTaken).Select(a => a.MessageId).ToList();
        Assert.Equal(taken.Count, taken.Distinct().Count());
        Assert.Empty(fleet.Queue.DeadLetters);
        Assert.True(fleet.Died > 0);

        // Whose process died during the call is unknown, and all others are sent.
        var unknown = order.SelectMany(m => m).Count(id => fleet.StatusOf(id) == MessageStatus.Unknown);
        Assert.All(order.SelectMany(m => m), id => Assert.True(fleet.StatusOf(id) is MessageStatus.Sent or MessageStatus.Unknown));
        Assert.InRange(unknown, 0, fleet.Died);
        foreach (var conversation in order)
        {
            var sent = taken.Where(conversation.Contains).ToList();
            Assert.Equal(conversation.Where(sent.Contains), sent);
        }
    }

    [Fact]
    public void A_paused_carrier_keeps_a_thousand_messages_and_sends_them_in_order_when_it_is_resumed()
    {
        const int People = 50;
        var (clock, fleet) = NewFleet(80, seed: 21);
        var pauses = new PauseStore(new MemoryDynamoDb(fleet.Tables, () => Task.CompletedTask), "control", clock);
        var pause = new Pause("It delivers twice.", "key_ops", clock.GetUtcNow(), Until: null);
        Assert.True(pauses.PauseAsync("twilio", sender: null, pause).IsCompletedSuccessfully);
        var sent = Enumerable.Range(0, 1000).Select(i => (Person: i % People, Id: fleet.Send(i % People))).ToList();
        fleet.Start(Fleet.LanesOf(80));
        Pass(clock, TimeSpan.FromMinutes(10));
        Assert.Empty(fleet.Arrivals);

        Assert.True(pauses.ResumeAsync("twilio", sender: null).IsCompletedSuccessfully);
        clock.Run(() => fleet.Taken == sent.Count, TimeSpan.FromMinutes(10));

        var taken = fleet.Arrivals.Where(a => a.IsTaken).Select(a => a.MessageId).ToList();
        Assert.Equal(sent.Count, taken.Distinct().Count());
        foreach (var person in sent.GroupBy(one => one.Person, one => one.Id)) Assert.Equal(person, taken.Where(person.Contains));
    }

    [Fact]
    public void A_carrier_that_fails_is_known_within_half_a_minute_by_what_its_senders_count_and_one_that_is_well_again_too()
    {
        const double Rate = 10;
        var (clock, fleet) = NewFleet(Rate, seed: 22);
        var health = new HealthStore(new MemoryDynamoDb(fleet.Tables, () => Task.CompletedTask), "control", clock);
        bool IsDegraded() => health.ReadAsync("twilio").Result.DegradedSince is not null;
        for (var i = 0; i < 1200; i++) fleet.Send(i);
        fleet.Start(Fleet.LanesOf(Rate));
        Pass(clock, TimeSpan.FromSeconds(20));
        Assert.False(IsDegraded());

        fleet.IsFailing = true;
        clock.Run(IsDegraded, TimeSpan.FromSeconds(40)); // what was taken in the minute before must be outnumbered
        Pass(clock, TimeSpan.FromSeconds(20));
        Assert.True(IsDegraded());

        fleet.IsFailing = false;
        clock.Run(() => !IsDegraded(), TimeSpan.FromSeconds(60));
        clock.Run(() => fleet.Queue.Count == 0, TimeSpan.FromMinutes(20));
        Assert.Equal(1200, fleet.Taken);
    }

    private static (EventClock Clock, Fleet Fleet) NewFleet(double rate, int seed)
    {
        var clock = new EventClock();
        return (clock, new Fleet(clock, seed, rate));
    }

    private static void Pass(EventClock clock, TimeSpan time)
    {
        var until = clock.GetUtcNow() + time;
        clock.Run(() => clock.GetUtcNow() >= until, time + TimeSpan.FromMinutes(1));
    }
}
