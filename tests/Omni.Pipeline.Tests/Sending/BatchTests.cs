using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>
/// What a batch hands back, and what a message is refused for: rules that the local queue, with one record of a group at a time,
/// never shows.
/// </summary>
public sealed class BatchTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task Only_the_rest_of_a_stopped_group_comes_again_and_only_its_first_record_waits()
    {
        using var stage = await Stage.SetAsync(emulators);
        var deferred = stage.NewMessage();
        await stage.Aws.Messages.CreateAsync(Omni.Aws.MessageStore.NewRecord(deferred));
        // Somebody else holds an attempt at the first message: its record must wait for the lease.
        await stage.Aws.Messages.OpenAttemptAsync(deferred, 0, null, TimeSpan.FromSeconds(12));
        QueueRecord[] batch =
        [
            stage.Send(deferred, "A"),
            stage.Send(stage.NewMessage(), "A"),
            stage.Send(stage.NewMessage(), "B"),
            stage.Send(stage.NewMessage(), "A"),
            stage.Send(stage.NewMessage(), "B"),
        ];

        var failed = await stage.RunAsync(batch);

        Assert.Equal([batch[0].Id, batch[1].Id, batch[3].Id], failed);
        Assert.True(stage.Waits[batch[0].ReceiptHandle] > TimeSpan.FromSeconds(1));
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], [stage.Waits[batch[1].ReceiptHandle], stage.Waits[batch[3].ReceiptHandle]]);
        Assert.Equal(2, stage.FakeCarrier.Taken.Count);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData(
        """{"type":"send","message":{"id":"x","carrier":"twilio","to":"+14155550123","from":"+12065550100","content":"""
            + """{"type":"text","body":"Hi"}}}""")]
    [InlineData(
        """{"type":"send","message":{"id":"msg_1","carrier":"bandwidth","to":"+14155550123","from":"+12065550100","content":"""
            + """{"type":"text","body":"Hi"}}}""")]
    public async Task A_record_that_cannot_be_read_is_set_aside_and_the_batch_goes_on(string body)
    {
        using var stage = await Stage.SetAsync(emulators);

        var failed = await stage.RunAsync(stage.RecordOf(body, "A"), stage.Send(stage.NewMessage(), "B"));

        Assert.Empty(failed);
        Assert.Equal([body], stage.DeadLetters);
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task With_too_little_time_left_a_record_is_handed_back_at_once()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.TimeLeft = TimeSpan.FromSeconds(5);
        var record = stage.Send(stage.NewMessage());

        Assert.Equal([record.Id], await stage.RunAsync(record));

        Assert.Equal(TimeSpan.Zero, stage.Waits[record.ReceiptHandle]);
        Assert.Empty(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task A_table_that_does_not_answer_loses_nothing_and_sets_nothing_aside()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.Dynamo.Before = _ => throw new Amazon.DynamoDBv2.Model.ProvisionedThroughputExceededException("Too fast.");
        var message = stage.NewMessage();
        for (var count = 1; count <= 7; count++) Assert.Single(await stage.RunAsync(stage.Send(message, receiveCount: count)));
        Assert.Empty(stage.DeadLetters);

        stage.Dynamo.Before = null;
        Assert.Empty(await stage.RunAsync(stage.Send(message, receiveCount: 8)));
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task An_opt_out_is_obeyed_at_the_last_moment()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage();
        await stage.Aws.Consents.RecordAsync(message.Tenant, message.To, message.From, optedOut: true, stage.Clock.GetUtcNow(), "STOP");

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        var record = await stage.FindAsync(message);
        Assert.Equal((MessageStatus.Rejected, FailureReason.OptedOut), (record.Status, record.State.Rank.Reason!.Value));
        Assert.Empty(stage.FakeCarrier.Taken);
    }

    [Theory]
    [InlineData(AutomaticAnswer.OptOut, true)]
    [InlineData(AutomaticAnswer.Help, false)]
    public async Task Nothing_but_its_confirmation_goes_to_somebody_who_opted_out(AutomaticAnswer about, bool isSent)
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage(change: m => m with { Automatic = about });
        await stage.Aws.Consents.RecordAsync(message.Tenant, message.To, ours: null, optedOut: true, stage.Clock.GetUtcNow(), "STOP");

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        Assert.Equal(isSent ? MessageStatus.Sent : MessageStatus.Rejected, (await stage.FindAsync(message)).Status);
        Assert.Equal(isSent ? 1 : 0, stage.FakeCarrier.Taken.Count);
    }

    [Fact]
    public async Task The_latest_word_counts_whatever_the_order_in_which_words_arrive()
    {
        using var stage = await Stage.SetAsync(emulators);
        var (message, now) = (stage.NewMessage(), stage.Clock.GetUtcNow());
        Task RecordAsync(bool optedOut, int second) =>
            stage.Aws.Consents.RecordAsync(message.Tenant, message.To, message.From, optedOut, now.AddSeconds(second), null);

        await RecordAsync(optedOut: false, 2);
        await RecordAsync(optedOut: true, 1);
        Assert.False(await stage.Aws.Consents.IsOptedOutAsync(message.Tenant, message.To, message.From));

        await RecordAsync(optedOut: true, 2);
        Assert.True(await stage.Aws.Consents.IsOptedOutAsync(message.Tenant, message.To, message.From));
    }

    [Fact]
    public async Task A_message_past_its_deadline_expires_unsent()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage(change: m => m with { TtlSeconds = 60 });
        stage.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        Assert.Equal(MessageStatus.Expired, (await stage.FindAsync(message)).Status);
        Assert.Empty(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task A_receipt_before_the_sender_claimed_the_carriers_id_finds_the_message_all_the_same()
    {
        using var stage = await Stage.SetAsync(emulators);
        var (message, at) = (stage.NewMessage(), stage.Clock.GetUtcNow());
        var attempt = new AttemptReference(message.Id, 0, 1);

        Assert.Null(await stage.Aws.Rendezvous.LeaveAsync("inteliquent", "default", "early", new(MessageStatus.Delivered, null, null, at)));
        Assert.Equal(
            MessageStatus.Delivered,
            Assert.Single((await stage.Aws.Rendezvous.ClaimAsync("inteliquent", "default", "early", attempt))!).Status);
        var meeting = await stage.Aws.Rendezvous.LeaveAsync(
            "inteliquent", "default", "early", new(MessageStatus.Read, null, null, at.AddSeconds(1)));
        Assert.Equal((attempt, "delivered read"), (meeting!.Attempt, string.Join(' ', meeting.Receipts.Select(r => r.Status.Word()))));
        Assert.Null(await stage.Aws.Rendezvous.ClaimAsync("inteliquent", "default", "early", attempt with { Part = 1 }));
    }

    [Fact]
    public async Task Places_of_many_batches_at_once_never_overlap()
    {
        using var stage = await Stage.SetAsync(emulators);
        var key = new RateKey("twilio", "sender", 10);
        var slots = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => stage.Aws.Rates.ReserveAsync(key, [1, 2, 1], TimeSpan.FromMinutes(15))));

        var taken = slots.Where(s => s.Count == 3).Select(s => s[0].Place).Order().ToArray();
        Assert.NotEmpty(taken);
        Assert.All(taken.Zip(taken.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 4 * RateLine.Segment));
    }
}
