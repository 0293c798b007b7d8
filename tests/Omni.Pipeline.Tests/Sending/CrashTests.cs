using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>
/// A sender that stops at any step of the protocol (design, section 6). The carrier is the judge: nothing is sent twice unless the message
/// allows it, and nothing is forgotten.
/// </summary>
public sealed class CrashTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private const int CallsOfOnePart = 3;

    /// <summary>Where the process stops: at a call of the table, by number, or at the carrier's.</summary>
    public static TheoryData<string, int, bool> Steps()
    {
        var steps = new TheoryData<string, int, bool>();
        foreach (var dies in (bool[])[false, true])
        {
            for (var call = 0; call < CallsOfOnePart * 3; call++)
            {
                steps.Add("before", call, dies);
                steps.Add("after", call, dies);
            }

            for (var part = 0; part < 3; part++)
            {
                steps.Add("leaving", part, dies);
                steps.Add("answering", part, dies);
            }
        }

        return steps;
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task A_message_that_is_held_is_never_sent_twice_and_never_forgotten(string where, int number, bool dies)
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage(parts: 3);
        await stage.Aws.Messages.CreateAsync(Omni.Aws.MessageStore.NewRecord(message));
        Arm(stage, where, number, dies);

        var record = await stage.SettleAsync(message);

        Assert.Empty(stage.DeadLetters);
        Assert.All(stage.FakeCarrier.Taken.CountBy(t => t.Part), part => Assert.Equal(1, part.Value));
        Assert.Equal(stage.FakeCarrier.Taken.OrderBy(t => t.Part), stage.FakeCarrier.Taken);
        Assert.All(record.State.Parts, part => Assert.Null(part.LeaseUntil));
        if (record.Status == MessageStatus.Sent)
        {
            Assert.Equal(3, stage.FakeCarrier.Taken.Count);
            return;
        }

        // One part is in doubt, and shows it; those behind it wait.
        Assert.Contains(record.State.Timeline, e => e.Type == "held");
        var doubtful = Assert.Single(record.State.Parts.Index(), p => p.Item.Rank.Status == MessageStatus.Unknown);
        Assert.InRange(stage.FakeCarrier.Taken.Count, doubtful.Index, doubtful.Index + 1);

        // A receipt ends the doubt, and the rest goes on: once.
        if (stage.FakeCarrier.Taken.Count == doubtful.Index) return;
        await ReportAsync(stage, message, doubtful.Index, MessageStatus.Delivered);
        var after = await stage.SettleAsync(message, seen: record.State.Dispatch);
        Assert.Equal(record.State.Dispatch + (doubtful.Index < 2 ? 1 : 0), after.State.Dispatch);
        Assert.Equal([0, 1, 2], stage.FakeCarrier.Taken.Select(t => t.Part));
        Assert.Equal(MessageStatus.Sent, after.Status);
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task A_message_that_may_be_sent_again_is_sent_surely_and_not_before_it_was_reconciled(string where, int number, bool dies)
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage(parts: 3, m => m with { OnUnknownOutcome = UnknownOutcomePolicy.Resend });
        await stage.Aws.Messages.CreateAsync(Omni.Aws.MessageStore.NewRecord(message));
        Arm(stage, where, number, dies);

        var record = await stage.SettleAsync(message);

        Assert.Empty(stage.DeadLetters);
        Assert.Equal(MessageStatus.Sent, record.Status);
        Assert.Equal([0, 1, 2], stage.FakeCarrier.Taken.Select(t => t.Part).Distinct());
        foreach (var repeated in stage.FakeCarrier.Taken.GroupBy(t => t.Part).Where(p => p.Count() > 1))
        {
            Assert.Equal(2, repeated.Count());
            Assert.True(repeated.Last().At - repeated.First().At >= stage.Options.MaxReconciling);
        }
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task A_message_put_into_the_queue_by_hand_is_never_sent_twice(string where, int number, bool dies)
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage() with { Parts = [], CreatedAt = default };
        Arm(stage, where, number, dies);

        var record = await stage.SettleAsync(message);

        Assert.Contains(record.Status, (MessageStatus[])[MessageStatus.Sent, MessageStatus.Unknown]);
        Assert.InRange(stage.FakeCarrier.Taken.Count, record.Status == MessageStatus.Sent ? 1 : 0, 1);
    }

    public static TheoryData<string, int, bool> CallsOfAMeeting()
    {
        var steps = new TheoryData<string, int, bool>();
        foreach (var where in (string[])["before", "after"])
        {
            for (var call = 0; call < CallsOfOnePart + 4; call++)
            {
                foreach (var dies in (bool[])[false, true]) steps.Add(where, call, dies);
            }
        }

        return steps;
    }

    [Theory, MemberData(nameof(CallsOfAMeeting))]
    public async Task A_receipt_that_came_before_the_answer_is_applied_wherever_the_sender_stops(string where, int number, bool dies)
    {
        using var stage = await Stage.SetAsync(emulators, "inteliquent");
        var message = stage.NewMessage();
        await stage.Aws.Messages.CreateAsync(Omni.Aws.MessageStore.NewRecord(message));
        Arm(stage, where, number, dies);
        stage.FakeCarrier.Answering = part => stage.Aws.Rendezvous.LeaveAsync(
            message.Carrier,
            message.Account,
            stage.FakeCarrier.Taken[^1].Id,
            new(MessageStatus.Undelivered, FailureReason.OptedOut, "stop", stage.Clock.GetUtcNow())).Wait();

        var record = await stage.SettleAsync(message);

        if (record.State.Parts[0].CarrierMessageId is null)
        {
            // It stopped before the outcome was written, so nobody knows whose the receipt is.
            Assert.Equal(MessageStatus.Unknown, record.Status);
            Assert.InRange(stage.FakeCarrier.Taken.Count, 0, 1);
            return;
        }

        Assert.Single(stage.FakeCarrier.Taken);
        Assert.Equal(MessageStatus.Undelivered, record.Status);
        Assert.True(await stage.Aws.Consents.IsOptedOutAsync(message.Tenant, message.To, message.From));
    }

    internal static Task ReportAsync(Stage stage, Message message, int part, MessageStatus status) => stage.Aws.Messages.ApplyAsync(new()
    {
        MessageId = message.Id, Part = part, Attempt = 1, Status = status, At = stage.Clock.GetUtcNow(),
    });

    private static void Arm(Stage stage, string where, int number, bool dies)
    {
        var (begun, answered, over) = (0, 0, false);
        void Fail()
        {
            over = true;
            stage.IsDead = dies;
            throw new Crash();
        }

        stage.Dynamo.Before = _ =>
        {
            if (stage.IsDead) throw new Crash();
            if (!over && where == "before" && begun++ == number) Fail();
        };
        stage.Dynamo.After = (_, _) =>
        {
            if (!over && where == "after" && answered++ == number) Fail();
        };
        stage.FakeCarrier.Leaving = part =>
        {
            if (!over && where == "leaving" && part.Index == number) Fail();
        };
        stage.FakeCarrier.Answering = part =>
        {
            if (!over && where == "answering" && part.Index == number) Fail();
        };
    }
}
