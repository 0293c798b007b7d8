using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Scheduler.Tests;

public sealed class RunTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task What_is_due_is_released_once_although_two_runs_look_at_the_same_time()
    {
        var ids = Enumerable.Range(0, 25).Select(i => $"msg_{i}").ToArray();
        foreach (var id in ids) await CreateAsync(Scheduled(id));

        Assert.Equal(new SchedulerReport(), await RunAsync());
        Clock.Advance(Hour);
        var reports = await Task.WhenAll(RunAsync(), RunAsync());

        Assert.Equal(ids.Length, reports.Sum(r => r.Released));
        foreach (var id in ids) Assert.Equal((MessageStatus.Queued, 1, null), await StateAsync(id));
        Assert.Equal(new SchedulerReport(), await RunAsync());
    }

    [Fact]
    public async Task A_release_is_of_every_part()
    {
        var message = MessagePlanner.Plan(
            Scheduled("msg_long") with { Content = new TextContent { Body = string.Concat(Enumerable.Repeat("long ", 700)) } }).Message!;
        await CreateAsync(message);
        Clock.Advance(Hour);

        Assert.Equal(new SchedulerReport(Released: 1), await RunAsync());

        var state = (await Tables.Aws.Messages.FindAsync("msg_long"))!.State;
        Assert.True(state.Parts.Count > 1);
        Assert.All(state.Parts, part => Assert.Equal(MessageStatus.Queued, part.Rank.Status));
        Assert.Contains(state.Timeline, e => e.Id == "released" && e.At == Clock.GetUtcNow());
    }

    [Fact]
    public async Task What_is_past_its_deadline_expires()
    {
        await CreateAsync(Scheduled("msg_a") with { TtlSeconds = 60 });
        Clock.Advance(Hour + TimeSpan.FromSeconds(60));

        Assert.Equal(new SchedulerReport(Expired: 1), await RunAsync());

        Assert.Equal((MessageStatus.Expired, 0, null), await StateAsync("msg_a"));
        Assert.Equal(new SchedulerReport(), await RunAsync());
    }

    /// <summary>A message of two parts whose second one waits for its delivery window.</summary>
    [Fact]
    public async Task What_waits_for_its_window_is_asked_for_once_when_it_opens()
    {
        var message = Scheduled("msg_a") with { ScheduledAt = null, Parts = [new() { Length = 1 }, new() { Offset = 1, Length = 1 }] };
        await CreateAsync(message);
        await Tables.Aws.Messages.OpenAttemptAsync(message, 0, known: null, TimeSpan.FromSeconds(12));
        await Tables.Aws.Messages.ApplyAsync(
            new() { MessageId = "msg_a", Attempt = 1, Status = MessageStatus.Sent, At = Clock.GetUtcNow() });
        Assert.True(await Tables.Aws.Messages.WaitAsync(message, 1, Start + Hour));
        Assert.Equal(new SchedulerReport(), await RunAsync());

        Clock.Advance(Hour);
        var before = (await StateAsync("msg_a")).Dispatch;
        var reports = await Task.WhenAll(RunAsync(), RunAsync());

        Assert.Equal(1, reports.Sum(r => r.Released));
        Assert.Equal((MessageStatus.Accepted, before + 1, null), await StateAsync("msg_a"));
    }

    [Fact]
    public async Task What_waits_for_a_window_that_opens_too_late_expires()
    {
        var message = Scheduled("msg_a") with { ScheduledAt = null };
        await CreateAsync(message);
        Assert.True(await Tables.Aws.Messages.WaitAsync(message, 0, message.Deadline));
        Clock.SetUtcNow(message.Deadline);

        Assert.Equal(new SchedulerReport(Expired: 1), await RunAsync());

        Assert.Equal((MessageStatus.Expired, 0, null), await StateAsync("msg_a"));
    }

    [Fact]
    public async Task An_unknown_outcome_is_looked_into_when_due_and_again_later()
    {
        await CreateUnknownAsync("msg_a");
        Assert.Equal(new SchedulerReport(), await RunAsync());

        Clock.Advance(MessageStore.ReconcileAfter);
        var raisedAt = Clock.GetUtcNow();
        var reports = await Task.WhenAll(RunAsync(), RunAsync());
        Assert.Equal(1, reports.Sum(r => r.Raised));
        Assert.Equal((MessageStatus.Unknown, 1, raisedAt + TimeSpan.FromSeconds(45)), await StateAsync("msg_a"));

        Clock.Advance(TimeSpan.FromSeconds(45));
        Assert.Equal(new SchedulerReport(Raised: 1), await RunAsync());
        Assert.Equal(2, (await StateAsync("msg_a")).Dispatch);
    }

    [Fact]
    public async Task The_longer_an_outcome_is_unknown_the_seldomer_it_is_looked_into_and_last_at_its_deadline()
    {
        await CreateUnknownAsync("msg_a");
        var deadline = (await Tables.Aws.Messages.FindAsync("msg_a"))!.Message.Deadline;
        var looks = new List<DateTimeOffset>();
        while ((await StateAsync("msg_a")).DueAt is { } due && due <= deadline)
        {
            Clock.SetUtcNow(due);
            looks.Add(due);
            Assert.Equal(new SchedulerReport(Raised: 1), await RunAsync());
        }

        var pauses = looks.Zip(looks.Skip(1), (look, next) => next - look).SkipLast(1).ToArray();
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal((TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(10)), (pauses[0], pauses[^1]));
        Assert.Equal(deadline, looks[^1]);
        Assert.InRange(looks.Count, 30, 40);
    }

    [Fact]
    public async Task A_message_that_is_over_leaves_the_index()
    {
        var record = MessageStore.NewRecord(Scheduled("msg_a"));
        var canceled = RankKey.Of(MessageStatus.Canceled);
        await Tables.Aws.Messages.CreateAsync(record with
        {
            State = record.State with { Rank = canceled, Parts = [.. record.State.Parts.Select(p => p with { Rank = canceled })] }
        });
        Clock.Advance(Hour);

        Assert.Equal(new SchedulerReport(), await RunAsync());

        Assert.Equal((MessageStatus.Canceled, 0, null), await StateAsync("msg_a"));
    }

    [Fact]
    public async Task Items_that_cannot_be_read_or_written_do_not_keep_the_others_waiting()
    {
        await CreateAsync(Scheduled("msg_good"));
        await PutBrokenAsync("msg_other_version", item => item["v"] = new() { N = "2" });
        await PutBrokenAsync("msg_missing_part", item => item["pt"].M["p1"] = item["pt"].M["p0"], item => item["pt"].M.Remove("p0"));
        await PutBrokenAsync("msg_no_timeline", item => item.Remove("tl"));
        Clock.Advance(Hour);

        Assert.Equal(new SchedulerReport(Released: 1, Failed: 3), await RunAsync());

        Assert.Equal((MessageStatus.Queued, 1, null), await StateAsync("msg_good"));
    }

    [Fact]
    public async Task A_batch_is_asked_for_once_at_its_time_and_again_when_nobody_moves_it()
    {
        var batch = Ids.NewBatch();
        var (_, record) = await Tables.Aws.Batches.CreateAsync(new()
        {
            Id = batch, Tenant = Defaults.Tenant, Carrier = "twilio", From = Address.Phone("+12065550100"), CreatedAt = Start,
            ScheduledAt = Start + Hour, Total = 100, Segments = 100, File = "file", FileIndex = 0, RequestHash = "hash",
        });
        await Tables.Aws.Batches.WaitUntilAsync(record, Start + Hour);

        Assert.Equal(new SchedulerReport(), await RunAsync());
        Clock.Advance(Hour);
        var reports = await Task.WhenAll(RunAsync(), RunAsync());
        Assert.Equal((1, 0), (reports.Sum(r => r.Released), reports.Sum(r => r.Failed)));
        Assert.Equal(1, (await Tables.Aws.Batches.FindAsync(batch))!.Progress.Dispatch);

        Assert.Equal(new SchedulerReport(), await RunAsync());
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(new SchedulerReport(Released: 1), await RunAsync());
        await Tables.Aws.Batches.PauseAsync(batch);
        Clock.Advance(Hour);
        Assert.Equal(new SchedulerReport(), await RunAsync());
    }

    [Fact]
    public async Task With_little_time_left_the_rest_is_left_to_the_next_run()
    {
        foreach (var id in new[] { "msg_1", "msg_2", "msg_3" }) await PutAsync(id, item => item["dp"] = new("d07"));
        Clock.Advance(Hour);
        var context = new Mock<ILambdaContext>();
        context.SetupSequence(c => c.RemainingTime).Returns(TimeSpan.FromSeconds(3)).Returns(TimeSpan.FromSeconds(2.9));

        Assert.Equal(new SchedulerReport(Released: 1), await RunAsync(context.Object));

        Assert.Equal(new SchedulerReport(Released: 2), await RunAsync());
    }

    private Task<SchedulerReport> RunAsync(ILambdaContext? context = null) =>
        new Function(
            Tables.Aws.Messages, Tables.Aws.Batches, rounds: null, wakes: null, usage: null, templates: null, people: null, Clock,
            NullLogger.Instance)
            .HandleAsync(default, context ?? Mock.Of<ILambdaContext>(c => c.RemainingTime == TimeSpan.FromSeconds(50)));

    private async Task<(MessageStatus Status, int Dispatch, DateTimeOffset? DueAt)> StateAsync(string id)
    {
        var record = (await Tables.Aws.Messages.FindAsync(id))!;
        return (record.Status, record.State.Dispatch, record.State.DueAt);
    }

    private Task CreateAsync(Message message) => Tables.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));

    private async Task CreateUnknownAsync(string id)
    {
        var message = Scheduled(id) with { ScheduledAt = null };
        await CreateAsync(message);
        await Tables.Aws.Messages.OpenAttemptAsync(message, 0, known: null, TimeSpan.FromSeconds(12));
        await Tables.Aws.Messages.ApplyAsync(
            new() { MessageId = id, Attempt = 1, Status = MessageStatus.Unknown, CarrierCode = "timeout", At = Clock.GetUtcNow() });
    }

    // In the same shard as msg_good, and due before it.
    private Task PutBrokenAsync(string id, params Action<Dictionary<string, AttributeValue>>[] damage) => PutAsync(id, item =>
    {
        item["dp"] = MessageCodec.ToItem(MessageStore.NewRecord(Scheduled("msg_good")))["dp"];
        item["da"] = new() { N = "1" };
        foreach (var harm in damage) harm(item);
    });

    private Task PutAsync(string id, Action<Dictionary<string, AttributeValue>> change)
    {
        var item = MessageCodec.ToItem(MessageStore.NewRecord(Scheduled(id)));
        change(item);
        return Tables.Dynamo.PutItemAsync(OmniTables.Messages, item);
    }

    private static Message Scheduled(string id) => MessagePlanner.Plan(new Message
    {
        Id = id,
        Carrier = "twilio",
        To = Address.Phone("+14155550123"),
        From = Address.Phone("+12065550100"),
        Content = new TextContent { Body = "Hello" },
        CreatedAt = Start,
        ScheduledAt = Start + Hour,
    }).Message!;
}
