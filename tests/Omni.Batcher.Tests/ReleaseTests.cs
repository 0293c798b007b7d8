using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Xunit.Abstractions;

namespace Omni.Batcher.Tests;

/// <summary>Batches from their first message to their last, at the pace of their sender.</summary>
public sealed class ReleaseTests(ITestOutputHelper output)
{
    private const int Many = 10_000;
    private const int Few = 4_000;

    private static readonly TimeSpan Long = TimeSpan.FromHours(2);

    [Theory]
    [InlineData("twilio", 400, Many, 2_000)]
    [InlineData("whatsapp", 80, 2_000, 400)]
    [InlineData("messagebird", 30, 1_000, 150)]
    [InlineData("bandwidth", 1, 64, 10)]
    public void A_batch_keeps_its_sender_busy_with_five_seconds_of_work_at_most(string carrier, double rate, int count, int window)
    {
        var town = new Town { Carrier = carrier, Rate = rate };
        town.Play(
            async () =>
            {
                var begun = town.Clock.GetUtcNow();
                var batch = await town.AddAsync(count);

                var done = await town.UntilAsync(batch, view => view.State == BatchState.Completed);

                Assert.Equal((count, 100), (done.Counts!.Sent, done.Percent));
                Assert.All(town.TakenOf(batch), times => Assert.Equal(1, times));
                // The first step and the last count take two seconds.
                Assert.InRange((town.Clock.GetUtcNow() - begun).TotalSeconds, count / rate - 2, count / rate / 0.95 + 2);
                Assert.InRange(town.MostOnTheWay, window / 2, window);
            },
            Long);
    }

    [Theory]
    [InlineData("twilio", 400, Many, 1.0)]
    [InlineData("inteliquent", 10, 1_000, 2.3)]
    public void What_counting_and_releasing_costs_beside_a_message_is_bounded(string carrier, double rate, int count, double most)
    {
        var town = new Town { Carrier = carrier, Rate = rate, HasReceipts = true };
        town.Play(
            async () =>
            {
                var batch = await town.AddAsync(count);
                await town.UntilAsync(batch, view => view.Counts!.Delivered == count);

                // The transaction that closes a status item writes two items, at twice the price.
                var chunks = (count + Batch.ChunkSize - 1) / Batch.ChunkSize;
                var units = (town.WriteUnits + 4.0 * chunks) / count;
                output.WriteLine($"{rate}/s: {units:0.00} write units a message beside its own");
                Assert.InRange(units, 0, most);
                Assert.All(
                    town.Tables.Items("messages").Where(item => item["pk"].S == batch), item => Assert.InRange(SizeOf(item), 1, 1024));
            },
            Long);
    }

    [Fact]
    public void A_pause_stops_it_within_five_seconds_of_work_and_nothing_is_lost_or_sent_twice_after_it()
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var batch = await town.AddAsync(Many);
                await town.UntilAsync(batch, view => view.Percent >= 30);
                Assert.NotNull(await town.Batches.PauseAsync(batch));
                var before = town.TakenOf(batch).Sum();
                await town.WaitAsync(TimeSpan.FromMinutes(2));

                var rests = await town.ReadAsync(batch);
                Assert.Equal((BatchState.Paused, 0), (rests.State, rests.Counts!.Pending));
                Assert.InRange(town.TakenOf(batch).Sum() - before, 0, 5 * town.Rate);

                Assert.NotNull(await town.Batches.ResumeAsync(batch));
                await town.UntilAsync(batch, view => view.State == BatchState.Completed);
                Assert.All(town.TakenOf(batch), times => Assert.Equal(1, times));
            },
            Long);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(80)]
    public void What_is_canceled_and_what_had_left_are_the_whole(int percent)
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var batch = await town.AddAsync(Few + 7);
                await town.UntilAsync(batch, view => view.Percent >= percent);
                Assert.NotNull(await town.Batches.CancelAsync(batch));
                var before = town.TakenOf(batch).Sum();

                var over = await town.UntilAsync(batch, view => view.Cancellation?.Pending == 0);

                var taken = town.TakenOf(batch).Sum();
                Assert.Equal((Few + 7 - taken, taken), (over.Cancellation!.Canceled, over.Cancellation.Escaped));
                Assert.InRange(taken - before, 0, 3 * town.Rate);
                await town.WaitAsync(TimeSpan.FromMinutes(2));
                Assert.Equal(taken, town.TakenOf(batch).Sum());
                Assert.Equal(0, (await town.Batches.FindAsync(batch))!.Progress.Open);
                Assert.Null((await town.Batches.FindAsync(batch))!.Progress.DueAt);
            },
            Long);
    }

    [Fact]
    public void However_often_it_dies_each_message_is_sent_once()
    {
        var town = new Town { Deaths = (0.004, 20) };
        town.Play(
            async () =>
            {
                var batch = await town.AddAsync(Many);
                await town.UntilAsync(batch, view => view.State == BatchState.Completed);
                Assert.All(town.TakenOf(batch), times => Assert.Equal(1, times));
            },
            Long);
        Assert.Equal(20, town.Died);
    }

    [Fact]
    public void A_batch_that_is_canceled_while_it_dies_is_counted_all_the_same()
    {
        var town = new Town { Deaths = (0.01, 20) };
        town.Play(
            async () =>
            {
                var batch = await town.AddAsync(Few);
                await town.UntilAsync(batch, view => view.Percent >= 20);
                await town.Batches.CancelAsync(batch);

                var over = await town.UntilAsync(batch, view => view.Cancellation?.Pending == 0);

                Assert.Equal(town.TakenOf(batch).Sum(), over.Cancellation!.Escaped);
                Assert.All(town.TakenOf(batch), times => Assert.InRange(times, 0, 1));
            },
            Long);
    }

    [Fact]
    public void Batches_of_one_sender_share_its_pace()
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var batches = new List<string>();
                for (var i = 0; i < 3; i++) batches.Add(await town.AddAsync(3_000));
                await town.WaitAsync(TimeSpan.FromSeconds(8)); // the first had all of it for a moment
                town.MostOnTheWay = 0;
                foreach (var batch in batches) await town.UntilAsync(batch, view => view.State == BatchState.Completed);
                Assert.All(batches, batch => Assert.All(town.TakenOf(batch), times => Assert.Equal(1, times)));
            },
            Long);
        Assert.InRange(town.MostOnTheWay, 1_000, 2_100);
    }

    [Fact]
    public void What_the_stream_shows_twice_counts_once()
    {
        var town = new Town { SeesTwice = true };
        town.Play(
            async () =>
            {
                var batch = await town.AddAsync(1_000);
                var done = await town.UntilAsync(batch, view => view.State == BatchState.Completed);
                Assert.Equal(1_000, done.Counts!.Sent);
                await town.WaitAsync(TimeSpan.FromMinutes(1));
                Assert.Equal(0, (await town.Batches.FindAsync(batch))!.Progress.Open);
            },
            Long);
    }

    [Fact]
    public void A_batch_waits_for_its_time()
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var at = town.Clock.GetUtcNow().AddHours(1);
                var batch = await town.AddAsync(100, scheduledAt: at);
                await town.WaitAsync(TimeSpan.FromMinutes(59));
                Assert.Equal((BatchState.Scheduled, 0), ((await town.ReadAsync(batch)).State, town.TakenOf(batch).Sum()));

                await town.UntilAsync(batch, view => view.State == BatchState.Completed);
                Assert.InRange(town.Clock.GetUtcNow(), at, at.AddMinutes(2));
            },
            Long);
    }

    [Fact]
    public void Who_must_not_be_written_to_now_holds_up_nobody_else()
    {
        var town = new Town { Carrier = "bandwidth", Rate = 1 };
        town.Play(
            async () =>
            {
                // It is noon on a Sunday, in UTC: half of them are asleep until tomorrow.
                var night = new DeliveryWindow
                {
                    Days = [Weekday.Mon], From = "08:00", To = "20:00", TimeZone = "Etc/UTC",
                };
                var batch = await town.AddAsync(200, window: index => index < 100 ? night : null);

                var view = await town.UntilAsync(batch, view => view.Counts!.Sent == 100);

                Assert.Equal((100, BatchState.Running), (view.Counts!.Scheduled, view.State));
            },
            Long);
    }

    [Fact]
    public void Who_was_deleted_since_it_was_taken_is_not_written_to_and_its_file_goes_with_its_end()
    {
        var town = new Town { Rate = 10 };
        town.Play(
            async () =>
            {
                await town.Sessions.MarkDeletedAsync(Defaults.Tenant, Town.Person(190), town.Clock.GetUtcNow().AddSeconds(-1));
                var batch = await town.AddAsync(200);
                await town.Sessions.MarkDeletedAsync(Defaults.Tenant, Town.Person(199), town.Clock.GetUtcNow());
                Assert.Contains(batch, town.Files);

                var done = await town.UntilAsync(batch, view => view.State == BatchState.Completed);

                Assert.Equal((199, 1), (done.Counts!.Sent, done.Counts.Rejected));
                Assert.Equal(0, town.TakenOf(batch)[199]);
                Assert.DoesNotContain(batch, town.Files);
            },
            Long);
    }

    [Fact]
    public void A_lost_record_is_made_up_for()
    {
        var town = new Town();
        town.Play(
            async () =>
            {
                var batch = await town.AddAsync(Few);
                await town.UntilAsync(batch, view => view.Percent >= 10);
                town.LoseRecords();
                await town.UntilAsync(batch, view => view.State == BatchState.Completed);
                Assert.All(town.TakenOf(batch), times => Assert.Equal(1, times));
            },
            Long);
    }

    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html: a number of n digits takes n / 2 + 1.
    private static int SizeOf(Dictionary<string, AttributeValue> item) =>
        item.Sum(attribute => attribute.Key.Length + attribute.Value switch
        {
            { S: { } text } => text.Length,
            { N: { } number } => number.Length / 2 + 2,
            _ => 1,
        });
}
