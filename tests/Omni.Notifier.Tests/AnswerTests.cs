using System.Net;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Notifier.Tests;

/// <summary>What an endpoint's answers mean for the events that follow, on a clock where days pass.</summary>
public sealed class AnswerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void One_event_that_is_never_taken_delays_no_other_and_is_tried_for_72_hours()
    {
        var town = new Town { Poll = TimeSpan.FromMilliseconds(100) };
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync();
                var events = Enumerable.Range(0, 1_000).Select(i => town.Event(i % 50, i)).ToArray();
                var poison = events[400];
                receiver.Answer = id => id == poison.Id ? HttpStatusCode.InternalServerError : HttpStatusCode.OK;
                var told = new Dictionary<string, DateTimeOffset>();
                foreach (var chunk in events.Chunk(20))
                {
                    foreach (var e in chunk) told[e.Id] = town.Clock.GetUtcNow();
                    await town.TellAsync(chunk);
                    await town.WaitAsync(TimeSpan.FromSeconds(1));
                }

                await town.UntilAsync(() => receiver.Taken.Count == 999);
                Assert.All(
                    receiver.Taken,
                    arrival => Assert.InRange(arrival.At - told[arrival.Id], TimeSpan.Zero, TimeSpan.FromSeconds(2)));
                Assert.Equal(EndpointState.Enabled, (await town.ReadAsync(endpoint)).State);

                await town.WaitAsync(TimeSpan.FromHours(74));
                var attempts = receiver.Arrivals.Where(arrival => arrival.Id == poison.Id).Select(arrival => arrival.At).ToArray();
                var waits = attempts.Zip(attempts.Skip(1), (a, b) => b - a).ToArray();
                TimeSpan[] steps =
                [
                    TimeSpan.FromSeconds(5), Minute, 10 * Minute, TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6),
                    .. Enumerable.Repeat(TimeSpan.FromHours(12), waits.Length - 6),
                ];
                // The last one may be cut at 72 hours. What waits longer than a minute is exact to the minute.
                foreach (var (wait, step) in waits.Zip(steps).SkipLast(1)) Assert.InRange(wait, 0.8 * step, (1.2 * step) + Minute);
                Assert.InRange(attempts[^1] - attempts[0], TimeSpan.FromHours(60), TimeSpan.FromHours(72) + Minute);
                Assert.Empty(await town.Parks.ListAsync(endpoint.Tenant, endpoint.Id));

                var (kept, _) = await town.Attempts.ListAsync(endpoint.Tenant, endpoint.Id, 100);
                var failures = kept.Where(attempt => !attempt.Succeeded).ToArray();
                Assert.Equal(attempts.Length, failures.Length);
                Assert.Equal(
                    (500, "noted", attempts.Length, null),
                    (failures[0].Status, failures[0].Body, failures[0].Attempt, failures[0].Next));
                Assert.All(failures.Skip(1), attempt => Assert.NotNull(attempt.Next));
            },
            TimeSpan.FromDays(5));
    }

    [Fact]
    public void A_hanging_endpoint_costs_the_one_beside_it_nothing()
    {
        Assert.InRange(Slowest(hanging: 1, dead: 0), TimeSpan.Zero, 1.2 * Slowest(hanging: 0, dead: 0));
    }

    [Fact]
    public void Twenty_dead_endpoints_cost_the_live_one_nothing()
    {
        Assert.InRange(Slowest(hanging: 0, dead: 19), TimeSpan.Zero, 1.2 * Slowest(hanging: 0, dead: 0));
    }

    /// <summary>The latency within which an endpoint is told of 95 of 100 events, beside others.</summary>
    private static TimeSpan Slowest(int hanging, int dead)
    {
        var latency = TimeSpan.Zero;
        var town = new Town();
        town.Play(
            async () =>
            {
                for (var i = 0; i < hanging; i++) (await town.AddEndpointAsync()).Receiver.Answer = _ => 0;
                for (var i = 0; i < dead; i++) (await town.AddEndpointAsync()).Receiver.Answer = _ => HttpStatusCode.BadGateway;
                var (endpoint, receiver) = await town.AddEndpointAsync();
                var told = new Dictionary<string, DateTimeOffset>();
                for (var i = 0; i < 600; i++)
                {
                    var e = town.Event(i % 50, i);
                    told[e.Id] = town.Clock.GetUtcNow();
                    await town.TellAsync(e);
                    await town.WaitAsync(TimeSpan.FromMilliseconds(200));
                }

                await town.UntilAsync(() => receiver.Taken.Count == 600);
                latency = receiver.Taken.Select(arrival => arrival.At - told[arrival.Id]).Order().ElementAt(570);
                Assert.InRange(town.Deepest, 0, 99);
            },
            TimeSpan.FromHours(1));
        return latency;
    }

    [Fact]
    public void An_endpoint_that_is_gone_is_disabled_at_once_and_told_of_nothing_more()
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync();
                receiver.Answer = _ => HttpStatusCode.Gone;
                await town.TellAsync(town.Event(1, 1));
                await town.UntilAsync(() => receiver.Arrivals.Count == 1);
                await town.WaitAsync(Minute);
                await town.TellAsync(town.Event(1, 2));
                await town.WaitAsync(TimeSpan.FromDays(1));

                var disabled = await town.ReadAsync(endpoint);
                Assert.Equal((EndpointState.Disabled, EndpointCause.Gone), (disabled.State, disabled.Cause));
                Assert.Single(receiver.Arrivals);
                var told = town.DisabledEventOf(disabled);
                Assert.Equal((EventTypes.EndpointDisabled, "gone"), (told.Type, told.Data.GetProperty("why").GetString()));
                Assert.False(told.Data.TryGetProperty("secret", out _));
            },
            TimeSpan.FromDays(2));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, 20)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 7_200)]
    public void An_endpoint_that_asks_for_silence_gets_it_and_then_everything_in_order(HttpStatusCode status, int seconds)
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync();
                (receiver.Answer, receiver.RetryAfter) = (_ => status, TimeSpan.FromSeconds(seconds));
                await town.TellAsync(town.Event(1, 1));
                await town.UntilAsync(() => receiver.Arrivals.Count == 1, TimeSpan.FromMilliseconds(10));
                receiver.Answer = _ => HttpStatusCode.OK;
                for (var i = 2; i <= 10; i++) await town.TellAsync(town.Event(1, i));
                await town.UntilAsync(() => receiver.Taken.Count == 10);

                var rest = receiver.Taken[0].At - receiver.Arrivals[0].At;
                Assert.InRange(rest, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds) + Minute);
                Assert.Equal(
                    Enumerable.Range(1, 10).Select(i => $"msg_1_{i}"), receiver.Taken.Select(a => (string)a.Body["data"]!["id"]!));
                Assert.Equal(EndpointState.Enabled, (await town.ReadAsync(endpoint)).State);
            },
            TimeSpan.FromDays(1));
    }

    [Fact]
    public void An_endpoint_that_fails_for_five_days_is_disabled_and_stays_so()
    {
        var town = new Town { Poll = TimeSpan.FromSeconds(1) };
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync();
                receiver.Answer = _ => HttpStatusCode.NotFound;
                var first = town.Clock.GetUtcNow();
                for (var i = 0; (await town.ReadAsync(endpoint)).State != EndpointState.Disabled; i++)
                {
                    await town.TellAsync(town.Event(i % 9, i));
                    await town.WaitAsync(TimeSpan.FromMinutes(10));
                }

                var disabled = await town.ReadAsync(endpoint);
                Assert.InRange(disabled.Since - first, WebhookEndpoint.MaxFailing, WebhookEndpoint.MaxFailing + TimeSpan.FromHours(15));
                Assert.Equal(EndpointCause.FailedForDays, disabled.Cause);
                Assert.InRange(receiver.Arrivals.Count, 5, 40);
                var calls = receiver.Arrivals.Count;
                await town.WaitAsync(TimeSpan.FromDays(1));
                Assert.Equal(calls, receiver.Arrivals.Count);
            },
            TimeSpan.FromDays(8));
    }

    [Fact]
    public void A_conversation_of_500_events_against_a_slow_endpoint_ends_in_order_and_each_comes_once()
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var (_, receiver) = await town.AddEndpointAsync();
                receiver.Latency = TimeSpan.FromSeconds(9); // an invocation has time for two
                await town.TellAsync([.. Enumerable.Range(0, 500).Select(i => town.Event(1, i))]);
                await town.UntilAsync(() => receiver.Taken.Count >= 500);

                Assert.Equal(
                    Enumerable.Range(0, 500).Select(i => $"msg_1_{i}"), receiver.Taken.Select(a => (string)a.Body["data"]!["id"]!));
            },
            TimeSpan.FromHours(3));
    }

    [Fact]
    public void A_poison_event_at_every_turn_does_not_stop_an_endpoint_that_takes_the_rest()
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync();
                receiver.Answer = id => Poison(id) ? HttpStatusCode.BadRequest : HttpStatusCode.OK;
                var events = Enumerable.Range(0, 300).Select(i => town.Event(i % 7, i)).ToArray();
                foreach (var e in events)
                {
                    await town.TellAsync(e);
                    await town.WaitAsync(TimeSpan.FromSeconds(1));
                }

                var takeable = events.Count(e => !Poison(e.Id));
                await town.UntilAsync(() => receiver.Taken.Count == takeable);
                await town.WaitAsync(10 * Minute);
                Assert.Equal(takeable, receiver.Taken.Count);
            },
            TimeSpan.FromDays(4));

        static bool Poison(string id) => id[^1] is '0' or '1' or '2' or '3' or '4' or '5'; // three of eight
    }

    [Fact]
    public void An_endpoint_that_never_takes_every_eighth_event_rests_when_a_thousand_wait_for_it()
    {
        var town = new Town { Poll = TimeSpan.FromMilliseconds(200) };
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync();
                receiver.Answer = id => id[^1] is '0' or '8' ? HttpStatusCode.BadRequest : HttpStatusCode.OK;
                var (most, i) = (0, 0);
                while ((await town.ReadAsync(endpoint)).Cause != EndpointCause.TooManyWaiting)
                {
                    await town.TellAsync([.. Enumerable.Range(0, 40).Select(_ => town.Event(i % 40, i++))]);
                    await town.WaitAsync(TimeSpan.FromSeconds(2));
                    most = Math.Max(most, (await town.Parks.ListAsync(endpoint.Tenant, endpoint.Id)).Count);
                }

                // They are counted when some are tried again.
                Assert.InRange(most, ParkStore.Most, ParkStore.Most + 500);
                Assert.InRange(receiver.Taken.Count, 4_000, i);
            },
            TimeSpan.FromHours(12));
    }

    [Fact]
    public void Whatever_dies_each_event_comes_and_no_more_often_than_something_died()
    {
        var town = new Town { Deaths = 0.01 };
        town.Play(
            async () =>
            {
                var (_, receiver) = await town.AddEndpointAsync();
                receiver.Answer = id => id[^1] == 'f' && receiver.Arrivals.Count % 3 == 0 ? HttpStatusCode.BadGateway : HttpStatusCode.OK;
                var events = Enumerable.Range(0, 1_000).Select(i => town.Event(i % 20, i)).ToArray();
                foreach (var chunk in events.Chunk(10))
                {
                    await town.TellAsync(chunk);
                    await town.WaitAsync(TimeSpan.FromSeconds(5));
                }

                await town.UntilAsync(() => receiver.Taken.Select(a => a.Id).Distinct().Count() == events.Length);
                Assert.InRange(town.Died, 5, int.MaxValue);
                Assert.All(
                    receiver.Taken.GroupBy(a => a.Id), copies => Assert.InRange(copies.Count(), 1, 1 + town.Died));
            },
            TimeSpan.FromDays(4));
    }

    [Fact]
    public void A_day_is_told_again_and_nothing_else()
    {
        var town = new Town { Poll = TimeSpan.FromSeconds(1) };
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync();
                var begin = town.Clock.GetUtcNow();
                for (var i = 0; i < 72; i++)
                {
                    await town.TellAsync(town.Event(i % 5, i));
                    await town.WaitAsync(TimeSpan.FromHours(1));
                }

                await town.UntilAsync(() => receiver.Taken.Count == 72);
                var (from, to) = (begin + TimeSpan.FromHours(23.5), begin + TimeSpan.FromHours(47.5));
                foreach (var position in await town.Positions.ListAsync(endpoint.Tenant, endpoint.Id))
                {
                    var start = await town.Log.FindAsync(endpoint.Tenant, position.Lane, from);
                    Assert.True(await town.Positions.SetAsync(endpoint.Tenant, endpoint.Id, position.Replayed(start, to)));
                }

                await town.WaitAsync(TimeSpan.FromHours(1));
                await town.TellAsync(town.Event(1, 1_000));
                await town.WaitAsync(TimeSpan.FromHours(1));

                var again = receiver.Taken.Skip(72).Select(a => (string)a.Body["data"]!["id"]!).ToArray();
                Assert.Equal([.. Enumerable.Range(24, 24).Select(i => $"msg_{i % 5}_{i}"), "msg_1_1000"], again.OrderBy(Number));
            },
            TimeSpan.FromDays(5));

        static int Number(string id) => int.Parse(id[(id.LastIndexOf('_') + 1)..]);
    }

    [Fact]
    public void An_endpoint_is_told_of_what_it_wants_and_its_position_moves_past_the_rest()
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync(
                    e => e with { Types = ["message.delivered"], Carriers = ["twilio"] });
                for (var i = 0; i < 50; i++)
                {
                    await town.TellAsync(town.Event(i, i), town.Event(i, i, MessageStatus.Delivered));
                    await town.WaitAsync(TimeSpan.FromSeconds(1));
                }

                for (var i = 50; i < 100; i++) await town.TellAsync(town.Event(i, i));
                await town.WaitAsync(10 * Minute);

                Assert.Equal(50, receiver.Taken.Count);
                Assert.All(receiver.Taken, a => Assert.Equal("message.delivered", (string)a.Body["type"]!));
                foreach (var position in await town.Positions.ListAsync(endpoint.Tenant, endpoint.Id))
                    Assert.Empty((await town.Log.ReadAsync(endpoint.Tenant, position.Lane, position.At, 1)).Segments);
            },
            TimeSpan.FromDays(1));
    }

    [Fact]
    public void A_deleted_endpoint_is_told_of_nothing_more_and_leaves_nothing()
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync();
                receiver.Answer = _ => HttpStatusCode.BadGateway;
                await town.TellAsync(town.Event(1, 1), town.Event(2, 2));
                await town.UntilAsync(() => receiver.Arrivals.Count >= 2);
                Assert.True(await town.Endpoints.DeleteAsync(endpoint.Tenant, endpoint.Id));
                await town.WaitAsync(TimeSpan.FromSeconds(11));
                var calls = receiver.Arrivals.Count;

                await town.TellAsync(town.Event(1, 3));
                await town.WaitAsync(TimeSpan.FromDays(1));

                Assert.Equal(calls, receiver.Arrivals.Count);
                Assert.Empty(await town.Positions.ListAsync(endpoint.Tenant, endpoint.Id));
                Assert.Empty(await town.Parks.ListAsync(endpoint.Tenant, endpoint.Id));
            },
            TimeSpan.FromDays(2));
    }
}
