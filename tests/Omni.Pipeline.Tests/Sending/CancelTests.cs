using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>
/// The wish to cancel against a sender at work, over the real table. The carrier is the judge: what was said to be canceled never reaches
/// it, whoever stops where; what it has is shown as sent.
/// </summary>
public sealed class CancelTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private const int Rounds = 120;

    [Fact]
    public async Task What_waits_in_the_queue_is_canceled_and_never_leaves()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await NewAsync(stage, parts: 2);

        var canceled = await stage.CancelAsync(message);
        var settled = await stage.SettleAsync(message);

        Assert.Equal((MessageStatus.Canceled, FailureReason.Canceled), (canceled.Status, canceled.State.Rank.Reason));
        Assert.True(canceled.State.CancelRequested);
        Assert.Equal(["accepted", "0.0.canceled", "1.0.canceled", "cancelRequested"], canceled.State.Timeline.Select(e => e.Id));
        Assert.Empty(stage.FakeCarrier.Taken);
        Assert.Equal(canceled.State.Timeline, settled.State.Timeline);
    }

    [Fact]
    public async Task A_scheduled_message_is_not_released_any_more()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage();
        message = message with { ScheduledAt = message.CreatedAt.AddMinutes(5) };
        var (_, scheduled) = await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));

        var canceled = await stage.CancelAsync(message);
        stage.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Null(canceled.State.DueAt);
        Assert.False(await stage.Aws.Messages.ReleaseAsync(scheduled)); // a Scheduler that read it before
        Assert.Equal(MessageStatus.Canceled, (await stage.SettleAsync(message)).Status);
        Assert.Empty(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task During_a_call_what_follows_is_canceled_and_the_call_decides_about_its_part()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await NewAsync(stage, parts: 3);
        var answers = new List<MessageRecord>();
        stage.FakeCarrier.Answering = part => answers.Add(Cancel(stage, message));

        var record = await stage.SettleAsync(message);

        Assert.True(Assert.Single(answers).State.Parts[0].IsPending);
        Assert.Equal([MessageStatus.Sent, MessageStatus.Canceled, MessageStatus.Canceled], record.State.Parts.Select(p => p.Rank.Status));
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task A_part_that_is_put_off_during_the_wish_is_canceled_at_once()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await NewAsync(stage);
        stage.FakeCarrier.Answer = part =>
        {
            Cancel(stage, message);
            return new SendOutcome.Deferred(DeferralCause.Throttled, "429");
        };

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        Assert.Equal(MessageStatus.Canceled, (await stage.FindAsync(message)).Status);
        Assert.Equal(MessageStatus.Canceled, (await stage.SettleAsync(message)).Status);
        Assert.Empty(stage.FakeCarrier.Taken);
    }

    [Theory]
    [InlineData(true, MessageStatus.Sent)]
    [InlineData(false, MessageStatus.Canceled)]
    public async Task A_call_whose_process_died_is_looked_up_and_the_message_ends_as_what_was_found(bool isTaken, MessageStatus end)
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        var message = await NewAsync(stage, parts: 2);
        Action<OutboundPart> die = part =>
        {
            Cancel(stage, message);
            stage.FakeCarrier.Leaving = stage.FakeCarrier.Answering = null;
            stage.IsDead = true;
            throw new Crash();
        };
        if (isTaken) stage.FakeCarrier.Answering = die;
        else stage.FakeCarrier.Leaving = die;
        stage.Dynamo.Before = _ =>
        {
            if (stage.IsDead) throw new Crash();
        };

        var record = await stage.SettleAsync(message);

        Assert.Equal([end, MessageStatus.Canceled], record.State.Parts.Select(p => p.Rank.Status));
        Assert.Equal(isTaken ? 1 : 0, stage.FakeCarrier.Taken.Count);
        Assert.Null(record.State.DueAt);
    }

    [Fact]
    public async Task What_may_have_left_and_cannot_be_looked_up_stays_unknown_and_is_not_sent_again()
    {
        using var stage = await Stage.SetAsync(emulators, "inteliquent");
        var message = await NewAsync(stage, change: m => m with { OnUnknownOutcome = UnknownOutcomePolicy.Resend });
        stage.FakeCarrier.Answer = part =>
        {
            Cancel(stage, message);
            return new SendOutcome.Unknown("http_500");
        };

        var record = await stage.SettleAsync(message);

        Assert.Equal((MessageStatus.Unknown, 1), (record.Status, record.State.Parts[0].Attempts));
        Assert.Contains(record.State.Timeline, e => e.Type == "held");
    }

    [Theory]
    [InlineData(MessageStatus.Sent)]
    [InlineData(MessageStatus.Delivered)]
    [InlineData(MessageStatus.Failed)]
    public async Task What_is_over_is_not_touched(MessageStatus status)
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await NewAsync(stage);
        stage.FakeCarrier.Answer =
            part => status == MessageStatus.Failed ? new SendOutcome.Rejected(FailureReason.Filtered, "30007") : null;
        await stage.SettleAsync(message);
        if (status == MessageStatus.Delivered) await CrashTests.ReportAsync(stage, message, 0, MessageStatus.Delivered);
        var before = await stage.FindAsync(message);

        var after = await stage.CancelAsync(message);

        Assert.Equal((status, before.State.UpdatedAt, false), (after.Status, after.State.UpdatedAt, after.State.CancelRequested));
        Assert.Equal(before.State.Timeline, after.State.Timeline);
    }

    [Fact]
    public async Task Asked_twice_the_answer_is_the_same_and_nothing_is_written()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await NewAsync(stage, parts: 2);
        var first = await stage.CancelAsync(message);
        stage.Clock.Advance(TimeSpan.FromMinutes(1));

        var second = await stage.CancelAsync(message);

        Assert.Equal(first.State.UpdatedAt, second.State.UpdatedAt);
        Assert.Equal(first.State.Timeline, second.State.Timeline);
    }

    /// <summary>
    /// The wish falls anywhere between a sender's calls, before or after one, and processes die anywhere: what was said to be canceled
    /// stays so and never reaches the carrier, and what the carrier has is never canceled.
    /// </summary>
    [Fact]
    public async Task Wherever_the_wish_falls_nothing_is_both_canceled_and_sent()
    {
        using var stage = await Stage.SetAsync(emulators);
        var (said, sent) = (0, 0);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var message = await NewAsync(stage, parts: random.Next(1, 4));
            var (wish, death, isBefore) = (random.Next(0, 12), random.Next(0, 20), random.Next(2) == 0);
            MessageRecord? answer = null;
            var calls = 0;
            void Call(bool before)
            {
                if (stage.IsDead) throw new Crash();
                if (before != isBefore) return;

                var call = calls++;
                if (call == wish) answer = Cancel(stage, message);
                if (call != death) return;

                stage.IsDead = true;
                throw new Crash();
            }

            stage.Dynamo.Before = _ => Call(before: true);
            stage.Dynamo.After = (_, _) => Call(before: false);

            var record = await stage.SettleAsync(message);

            stage.Dynamo.Before = null;
            stage.Dynamo.After = null;
            (said, sent) = (said + Check(stage, record, answer, seed), sent + record.State.Parts.Count(p => p.Rank.Status.IsTaken()));
        }

        Assert.True(
            said > Rounds / 4 && sent > Rounds / 4, $"{said} parts were canceled and {sent} sent: too few of one to tell anything.");
    }

    /// <summary>The same at once, as it comes.</summary>
    [Fact]
    public async Task Side_by_side_nothing_is_both_canceled_and_sent()
    {
        using var stage = await Stage.SetAsync(emulators);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var message = await NewAsync(stage, parts: 2);
            var sending = Task.Run(() => stage.RunAsync(stage.Send(message)));
            var canceling = Task.Run(() => stage.CancelAsync(message));
            await Task.WhenAll(sending, canceling);

            var answer = await canceling;
            Check(stage, await stage.SettleAsync(message, seen: 0), answer, seed);
        }
    }

    /// <returns>How many parts were said to be canceled.</returns>
    private static int Check(Stage stage, MessageRecord record, MessageRecord? answer, int seed)
    {
        var taken = stage.FakeCarrier.Taken.Where(t => t.MessageId == record.Message.Id).CountBy(t => t.Part).ToDictionary();
        var said = 0;
        foreach (var (part, state) in record.State.Parts.Index())
        {
            var label = $"seed {seed}, part {part}: {state.Rank}, taken {taken.GetValueOrDefault(part)} times";
            Assert.True(taken.GetValueOrDefault(part) <= 1, label);
            Assert.True(state.Rank.Status <= MessageStatus.Canceled, label);
            if (state.Rank.Status == MessageStatus.Canceled) Assert.False(taken.ContainsKey(part), label);
            if (state.Rank.Status == MessageStatus.Sent) Assert.True(taken.ContainsKey(part), label);
            if (answer?.State.Parts[part].Rank.Status != MessageStatus.Canceled) continue;

            said++;
            Assert.True(state.Rank.Status == MessageStatus.Canceled, label);
        }

        // Once the wish was taken, nothing of the message waits any more.
        if (answer?.State.CancelRequested == true) Assert.DoesNotContain(record.State.Parts, p => p.IsWaiting);
        return said;
    }

    private static MessageRecord Cancel(Stage stage, Message message) => stage.CancelAsync(message).GetAwaiter().GetResult();

    private static async Task<Message> NewAsync(Stage stage, int parts = 1, Func<Message, Message>? change = null)
    {
        var message = stage.NewMessage(parts, change);
        await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        return message;
    }
}
