using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>
/// A carrier that falters: what it answers with 500, or not at all, is sent again when there is evidence that it was not taken, and only
/// then. The carrier is the judge of what was sent.
/// </summary>
public sealed class UnknownOutcomeTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private static readonly SendOutcome Fault = new SendOutcome.Unknown("http_500");
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Five_minutes_of_500_lose_nothing_where_one_can_look_up()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        FailUntil(stage, stage.Clock.GetUtcNow() + Outage);
        var message = stage.NewMessage();

        var record = await stage.SettleAsync(message);

        Assert.Equal(MessageStatus.Sent, record.Status);
        var taken = Assert.Single(stage.FakeCarrier.Taken);
        Assert.True(taken.Attempt > 1);
        Assert.True(taken.At - message.CreatedAt < Outage + TimeSpan.FromMinutes(4));
    }

    [Fact]
    public async Task Five_minutes_of_500_lose_nothing_where_receipts_are_prompt()
    {
        using var stage = await Stage.SetAsync(emulators, "whatsapp");
        var end = stage.Clock.GetUtcNow() + Outage;
        FailUntil(stage, end);
        var message = stage.NewMessage();
        var later = stage.NewMessage(change: m => m with { To = Address.Phone("+14155550199") });

        // When the carrier is well again, another message of the same sender is sent and reported; ours would have been long ago.
        stage.Looked = async () =>
        {
            if (stage.Clock.GetUtcNow() < end) return;
            stage.Looked = null;
            await stage.RunAsync(stage.Send(later));
            await stage.Aws.WayBack.NoteAsync(later, stage.Clock.GetUtcNow());
        };
        var record = await stage.SettleAsync(message);

        Assert.Equal(MessageStatus.Sent, record.Status);
        Assert.Single(stage.FakeCarrier.Taken, taken => taken.MessageId == message.Id);
    }

    [Fact]
    public async Task A_500_after_acceptance_is_found_by_the_look_up_and_not_sent_again()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        TakeAndFail(stage);
        var message = stage.NewMessage();

        var record = await stage.SettleAsync(message);

        Assert.Equal((MessageStatus.Sent, "cm-1"), (record.Status, record.State.Parts[0].CarrierMessageId));
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task A_500_after_acceptance_is_told_by_the_receipt_and_not_sent_again()
    {
        using var stage = await Stage.SetAsync(emulators, "whatsapp");
        TakeAndFail(stage);
        var message = stage.NewMessage();
        await NoteLaterSendsAsync(stage, message);
        stage.Looked = async () =>
        {
            stage.Looked = null;
            await CrashTests.ReportAsync(stage, message, 0, MessageStatus.Delivered);
        };

        var record = await stage.SettleAsync(message);

        Assert.Equal(MessageStatus.Delivered, record.Status);
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Theory]
    [InlineData("inteliquent")] // neither a look-up nor receipts with our reference
    [InlineData("messagebird")] // a look-up of SMS alone, and the part is none
    public async Task Without_evidence_it_is_held_after_two_minutes(string carrier)
    {
        using var stage = await Stage.SetAsync(emulators, carrier, canLookUp: carrier == "messagebird");
        if (stage.FakeCarrier is FakeLookupCarrier look) look.Found = _ => null;
        stage.FakeCarrier.Answer = _ => Fault;
        var message = stage.NewMessage();
        await NoteLaterSendsAsync(stage, message);

        var record = await stage.SettleAsync(message);

        Assert.Equal((MessageStatus.Unknown, 1), (record.Status, record.State.Parts[0].Attempts));
        var held = Assert.Single(record.State.Timeline, e => e.Type == "held").At - message.CreatedAt;
        Assert.InRange(held, stage.Options.MaxReconciling, stage.Options.MaxReconciling + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_look_up_that_does_not_answer_is_no_evidence_and_is_asked_again()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        var (sick, failsUntil) = (stage.Clock.GetUtcNow() + TimeSpan.FromMinutes(15), stage.Clock.GetUtcNow() + Outage);
        FailUntil(stage, failsUntil);
        ((FakeLookupCarrier)stage.FakeCarrier).Found = _ =>
            stage.Clock.GetUtcNow() < sick ? throw new HttpRequestException("503") : new([.. stage.FakeCarrier.Taken.Select(t => t.Id)]);
        var message = stage.NewMessage();

        var record = await stage.SettleAsync(message);

        Assert.Equal(MessageStatus.Sent, record.Status);
        Assert.True(Assert.Single(stage.FakeCarrier.Taken) is { Attempt: 2 } taken && taken.At >= sick);
    }

    [Fact]
    public async Task A_look_up_that_never_answers_is_asked_until_the_deadline_and_then_it_is_held()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        stage.FakeCarrier.Answer = _ => Fault;
        ((FakeLookupCarrier)stage.FakeCarrier).Found = _ => throw new HttpRequestException("503");
        var message = stage.NewMessage(change: m => m with { TtlSeconds = 1200 });

        var record = await stage.SettleAsync(message);

        Assert.Equal((MessageStatus.Unknown, 1), (record.Status, record.State.Parts[0].Attempts));
        Assert.True(Assert.Single(record.State.Timeline, e => e.Type == "held").At >= message.Deadline);
    }

    [Fact]
    public async Task A_carrier_that_never_recovers_is_tried_until_the_deadline_and_no_longer()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        stage.FakeCarrier.Answer = _ => Fault;
        var message = stage.NewMessage(change: m => m with { TtlSeconds = 1200 });

        var record = await stage.SettleAsync(message);

        Assert.Equal(MessageStatus.Unknown, record.Status);
        Assert.InRange(record.State.Parts[0].Attempts, 4, 10);
        Assert.Contains(record.State.Timeline, e => e.Type == "held");
        Assert.All(record.State.Timeline.Where(e => e.Type == "sending"), e => Assert.True(e.At < message.Deadline));
    }

    [Theory]
    [InlineData("no later send was reported")]
    [InlineData("only earlier sends were reported")]
    [InlineData("one was reported that began in the same moment")]
    [InlineData("a receipt came that may be its own")]
    [InlineData("another sender's later send was reported")]
    public async Task Silence_alone_is_no_proof(string why)
    {
        using var stage = await Stage.SetAsync(emulators, "whatsapp");
        stage.FakeCarrier.Answer = _ => Fault;
        var message = stage.NewMessage(change: m => m with { TtlSeconds = 1200 });
        switch (why)
        {
            case "only earlier sends were reported":
                await stage.Aws.WayBack.NoteAsync(message, message.CreatedAt.AddSeconds(-1));
                break;
            case "one was reported that began in the same moment":
                await stage.Aws.WayBack.NoteAsync(message, message.CreatedAt.AddSeconds(1));
                break;
            case "another sender's later send was reported":
                await NoteLaterSendsAsync(stage, message with { From = Address.Phone("+12065550101") });
                break;
            case "a receipt came that may be its own":
                await NoteLaterSendsAsync(stage, message);
                stage.Looked = () => stage.Aws.Messages.DoubtAsync(message.Id);
                break;
        }

        var record = await stage.SettleAsync(message);

        Assert.Equal((MessageStatus.Unknown, 1), (record.Status, record.State.Parts[0].Attempts));
        Assert.Contains(record.State.Timeline, e => e.Type == "held");
    }

    [Fact]
    public async Task Receipts_are_waited_for_longer_than_a_record_of_one_can_be_held_up()
    {
        using var stage = await Stage.SetAsync(emulators, "bandwidth");
        FailUntil(stage, stage.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        var message = stage.NewMessage();
        await NoteLaterSendsAsync(stage, message);

        await stage.SettleAsync(message);

        // A function of ours that dies with a receipt in its hands gives it back after 180 s.
        Assert.True(Assert.Single(stage.FakeCarrier.Taken).At - message.CreatedAt > TimeSpan.FromSeconds(180));
    }

    [Theory]
    [InlineData(UnknownOutcomePolicy.Hold, true, 0)]
    [InlineData(UnknownOutcomePolicy.Resend, false, 1)]
    public async Task Who_chose_for_themselves_gets_that_whatever_the_evidence(UnknownOutcomePolicy policy, bool isProven, int taken)
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        FailUntil(stage, stage.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        ((FakeLookupCarrier)stage.FakeCarrier).Found = _ => isProven ? new() : null;

        var record = await stage.SettleAsync(stage.NewMessage(change: m => m with { OnUnknownOutcome = policy }));

        Assert.Equal(taken, stage.FakeCarrier.Taken.Count);
        Assert.Equal(taken == 0 ? MessageStatus.Unknown : MessageStatus.Sent, record.Status);
    }

    [Fact]
    public async Task Who_opted_out_meanwhile_is_not_written_to_again()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        FailUntil(stage, stage.Clock.GetUtcNow() + Outage);
        var message = stage.NewMessage();
        stage.Looked = () =>
            stage.Aws.Consents.RecordAsync(message.Tenant, message.To, message.From, optedOut: true, stage.Clock.GetUtcNow(), "STOP");

        var record = await stage.SettleAsync(message);

        Assert.Empty(stage.FakeCarrier.Taken);
        Assert.Equal((MessageStatus.Unknown, 1), (record.Status, record.State.Parts[0].Attempts));
    }

    [Fact]
    public async Task What_was_canceled_meanwhile_is_not_sent_again()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        FailUntil(stage, stage.Clock.GetUtcNow() + Outage);
        var message = stage.NewMessage();
        stage.Looked = () => stage.CancelAsync(message);

        await stage.SettleAsync(message);

        Assert.Empty(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task Of_a_message_that_goes_again_the_parts_behind_it_follow()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        var end = stage.Clock.GetUtcNow() + Outage;
        stage.FakeCarrier.Answer = part => part.Index == 1 && stage.Clock.GetUtcNow() < end ? Fault : null;

        var record = await stage.SettleAsync(stage.NewMessage(parts: 3));

        Assert.Equal([0, 1, 2], stage.FakeCarrier.Taken.Select(t => t.Part));
        Assert.Equal(MessageStatus.Sent, record.Status);
    }

    [Fact]
    public async Task An_open_attempt_of_a_neighbour_may_own_what_the_look_up_found()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        FailUntil(stage, stage.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        var (message, neighbour) = (stage.NewMessage(), stage.NewMessage());
        var looks = 0;
        ((FakeLookupCarrier)stage.FakeCarrier).Found = _ => looks++ < 6 ? new("cm-x") : new();

        // As long as the neighbour's attempt is open, what was found may be its.
        await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(neighbour));
        await stage.Aws.Messages.OpenAttemptAsync(neighbour, 0, null, TimeSpan.FromHours(1));
        await stage.SettleAsync(message);

        Assert.True(looks > 6);
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task What_the_carrier_shows_with_other_words_may_be_it_unless_it_is_another_message_of_ours()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        var neighbour = stage.NewMessage();
        await stage.RunAsync(stage.Send(neighbour));
        var looks = 0;
        ((FakeLookupCarrier)stage.FakeCarrier).Found = _ => new() { Doubtful = looks++ < 6 ? ["cm-1", "of somebody else"] : ["cm-1"] };
        FailUntil(stage, stage.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        var message = stage.NewMessage();

        await stage.SettleAsync(message);

        Assert.Equal(7, looks);
        Assert.Equal([neighbour.Id, message.Id], stage.FakeCarrier.Taken.Select(taken => taken.MessageId));
    }

    [Fact]
    public async Task A_receipt_without_our_reference_waits_for_the_look_up_that_finds_its_id()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        TakeAndFail(stage);
        var message = stage.NewMessage();
        var receipt = new ParkedReceipt(MessageStatus.Undelivered, FailureReason.OptedOut, "21610", stage.Clock.GetUtcNow());
        await stage.Aws.Rendezvous.LeaveAsync(message.Carrier, message.Account, "cm-1", receipt);

        var record = await stage.SettleAsync(message);

        Assert.Equal(MessageStatus.Undelivered, record.Status);
        Assert.True(await stage.Aws.Consents.IsOptedOutAsync(message.Tenant, message.To, message.From));
    }

    [Fact]
    public async Task An_item_of_the_time_before_holds_as_it_was_promised()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        FailUntil(stage, stage.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        var message = stage.NewMessage();
        var item = MessageCodec.ToItem(MessageStore.NewRecord(message));
        Assert.True(item.Remove("uo"));
        await stage.PutAsync(item);

        var record = await stage.SettleAsync(message);

        Assert.Equal(UnknownOutcomePolicy.Hold, record.Message.OnUnknownOutcome);
        Assert.Equal(MessageStatus.Unknown, record.Status);
    }

    private static void FailUntil(Stage stage, DateTimeOffset end) =>
        stage.FakeCarrier.Answer = _ => stage.Clock.GetUtcNow() < end ? Fault : null;

    private static void TakeAndFail(Stage stage) => stage.FakeCarrier.Answer = part =>
    {
        stage.FakeCarrier.Take(part);
        return Fault;
    };

    private static Task NoteLaterSendsAsync(Stage stage, Message message) =>
        stage.Aws.WayBack.NoteAsync(message, message.CreatedAt.AddMinutes(1));
}
