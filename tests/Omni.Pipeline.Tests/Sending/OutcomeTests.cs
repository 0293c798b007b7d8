using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>What follows an answer of the carrier, or the loss of one.</summary>
public sealed class OutcomeTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task A_refused_part_ends_those_behind_it()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.FakeCarrier.Answer = part => part.Index == 1 ? new SendOutcome.Rejected(FailureReason.Filtered, "30007") : null;
        var message = stage.NewMessage(parts: 3);

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        var record = await stage.FindAsync(message);
        Assert.Equal([0], stage.FakeCarrier.Taken.Select(t => t.Part));
        Assert.Equal([MessageStatus.Sent, MessageStatus.Failed, MessageStatus.Failed], record.State.Parts.Select(p => p.Rank.Status));
    }

    [Fact]
    public async Task What_the_carrier_took_and_holds_is_sent_and_its_timeline_tells_of_the_hold_and_of_its_end()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.FakeCarrier.Answer = _ => new SendOutcome.Accepted("cm-1", CarrierCode: "held_for_quality_assessment");
        var message = stage.NewMessage();

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        var held = await stage.FindAsync(message);
        Assert.Equal((MessageStatus.Sent, null, "cm-1"), (held.Status, held.State.Rank.CarrierCode, held.State.Parts[0].CarrierMessageId));
        Assert.Equal("held_for_quality_assessment", Assert.Single(held.State.Timeline, e => e.Type == "sent").CarrierCode);

        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        await CrashTests.ReportAsync(stage, message, 0, MessageStatus.Sent);
        Assert.Equal(
            ["0.1.sent.held_for_quality_assessment", "0.1.sent"],
            (await stage.FindAsync(message)).State.Timeline.Where(e => e.Type == "sent").Select(e => e.Id));
    }

    [Fact]
    public async Task A_carrier_that_knows_of_an_opt_out_tells_us()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.FakeCarrier.Answer = _ => new SendOutcome.Rejected(FailureReason.OptedOut, "21610");
        var message = stage.NewMessage();

        await stage.RunAsync(stage.Send(message));

        Assert.Equal(MessageStatus.Failed, (await stage.FindAsync(message)).Status);
        Assert.True(await stage.Aws.Consents.IsOptedOutAsync(message.Tenant, message.To, message.From));
    }

    [Fact]
    public async Task An_opt_out_that_is_reported_before_the_carriers_answer_is_recorded_too()
    {
        using var stage = await Stage.SetAsync(emulators, "inteliquent");
        var message = stage.NewMessage();
        stage.FakeCarrier.Answering = part => stage.Aws.Rendezvous.LeaveAsync(
            message.Carrier,
            message.Account,
            stage.FakeCarrier.Taken[0].Id,
            new(MessageStatus.Undelivered, FailureReason.OptedOut, "stop", stage.Clock.GetUtcNow())).Wait();

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        Assert.Equal(MessageStatus.Undelivered, (await stage.FindAsync(message)).Status);
        Assert.True(await stage.Aws.Consents.IsOptedOutAsync(message.Tenant, message.To, message.From));
    }

    [Theory]
    [InlineData(DeferralCause.CarrierUnavailable, 1)]
    [InlineData(DeferralCause.Throttled, 0)]
    [InlineData(DeferralCause.OurFault, 0)]
    public async Task Only_a_carriers_trouble_counts_against_the_retries(DeferralCause cause, int retries)
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.FakeCarrier.Answer = _ => new SendOutcome.Deferred(cause, "code", TimeSpan.FromSeconds(7));
        var message = stage.NewMessage();
        var record = stage.Send(message);

        Assert.Equal([record.Id], await stage.RunAsync(record));

        var part = (await stage.FindAsync(message)).State.Parts[0];
        Assert.Equal((1, retries, default(DateTimeOffset?)), (part.Attempts, part.Retries, part.LeaseUntil));
        Assert.True(stage.Waits[record.ReceiptHandle] >= TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_message_that_waits_says_what_for_and_still_does_when_its_time_is_up()
    {
        using var stage = await Stage.SetAsync(emulators);
        var unpaid = new SendOutcome.Deferred(DeferralCause.OurFault, "131042") { Reason = FailureReason.PaymentRequired };
        stage.FakeCarrier.Answer = _ => unpaid;
        var message = stage.NewMessage(change: m => m with { TtlSeconds = 60 });

        await stage.RunAsync(stage.Send(message));
        var waiting = await stage.FindAsync(message);
        Assert.Equal(RankKey.Of(MessageStatus.Sending, FailureReason.PaymentRequired, "131042"), waiting.State.Parts[0].Deferral);
        Assert.Equal(FailureReason.PaymentRequired, Assert.Single(waiting.State.Timeline, e => e.Type == "deferred").Reason);

        var expired = await stage.SettleAsync(message);

        Assert.Equal(RankKey.Of(MessageStatus.Expired, FailureReason.Expired, "131042"), expired.State.Rank);
        Assert.Equal(FailureReason.PaymentRequired, Assert.Single(expired.State.Timeline, e => e.Type == "expired").Reason);
    }

    [Fact]
    public async Task A_message_that_was_tried_as_often_as_allowed_says_what_held_it()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.Options = stage.Options with { MaxRetries = 1 };
        var offline = new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "agent_offline") { Reason = FailureReason.Unreachable };
        stage.FakeCarrier.Answer = _ => offline;

        var record = await stage.SettleAsync(stage.NewMessage());

        Assert.Equal((FailureReason.RetriesExhausted, "agent_offline"), (record.State.Rank.Reason, record.State.Rank.CarrierCode));
        Assert.Equal(FailureReason.Unreachable, Assert.Single(record.State.Timeline, e => e.Type == "failed").Reason);
    }

    [Fact]
    public async Task What_the_carrier_kept_of_a_refused_part_keeps_its_id()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.FakeCarrier.Answer = _ => new SendOutcome.Rejected(FailureReason.Filtered, "30007", "SM1");
        var message = stage.NewMessage();

        await stage.RunAsync(stage.Send(message));

        var record = await stage.FindAsync(message);
        Assert.Equal((MessageStatus.Failed, "SM1"), (record.Status, record.State.Parts[0].CarrierMessageId));
    }

    [Fact]
    public async Task A_long_wait_holds_the_message_that_met_it_and_the_sender_for_no_more_than_15_minutes()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.Options = stage.Options with { RatePerSecond = 10, MaxSlotWait = TimeSpan.Zero };
        stage.FakeCarrier.Answer = _ => new SendOutcome.Deferred(DeferralCause.Throttled, "http_429", TimeSpan.FromHours(3));
        var (throttled, next) = (stage.Send(stage.NewMessage()), stage.Send(stage.NewMessage()));

        Assert.Equal([throttled.Id], await stage.RunAsync(throttled));
        Assert.True(stage.Waits[throttled.ReceiptHandle] >= TimeSpan.FromHours(3));

        stage.FakeCarrier.Answer = null;
        stage.Clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal([next.Id], await stage.RunAsync(next));
        stage.Clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(2)); // one goes first, the others a second later
        Assert.Empty(await stage.RunAsync(next with { ReceiveCount = 2 }));
    }

    [Theory]
    [InlineData("twilio", 2)]
    [InlineData("bandwidth", 1)]
    public async Task A_rate_is_of_each_sender_or_of_the_account(string carrier, int sentAtOnce)
    {
        using var stage = await Stage.SetAsync(emulators, carrier);
        stage.Options = stage.Options with { RatePerSecond = 0.1, MaxSlotWait = TimeSpan.Zero };
        Message[] messages = [stage.NewMessage(), stage.NewMessage(change: m => m with { From = Address.Phone("+12065550101") })];

        await stage.RunAsync([.. messages.Select((message, i) => stage.Send(message, group: $"g{i}"))]);

        Assert.Equal(sentAtOnce, stage.FakeCarrier.Taken.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_look_up_gives_a_lost_message_the_id_that_no_other_has(bool neighbourTookIt)
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        if (neighbourTookIt) await stage.RunAsync(stage.Send(stage.NewMessage()));
        stage.FakeCarrier.Answer = part =>
        {
            if (!neighbourTookIt) stage.FakeCarrier.Take(part);
            return new SendOutcome.Unknown("timeout");
        };
        var message = stage.NewMessage(change: m => m with { OnUnknownOutcome = UnknownOutcomePolicy.Hold });

        var record = await stage.SettleAsync(message);

        Assert.Equal(neighbourTookIt ? MessageStatus.Unknown : MessageStatus.Sent, record.Status);
        Assert.Equal(neighbourTookIt ? null : stage.FakeCarrier.Taken[^1].Id, record.State.Parts[0].CarrierMessageId);
        Assert.Single(stage.FakeCarrier.Taken);
    }
}
