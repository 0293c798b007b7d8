using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Xunit.Abstractions;

namespace Omni.Router.Tests;

/// <summary>Plans from their first leg to their end, with everybody who has a hand in them.</summary>
public sealed class PlanTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(6);

    /// <summary>How a first leg does not reach its person.</summary>
    public enum Stage
    {
        RejectedByUs,
        RefusedByTheCarrier,
        Expired,
        Undelivered,
        SentAndSilent,
        AnswerLost,
        CarrierDown,
        CarrierPaused,
    }

    private sealed record Case(string First, string Second, Stage Stage)
    {
        public bool IsOut => Stage is Stage.SentAndSilent or Stage.AnswerLost;

        public bool WaitsForReceipt => Stage is Stage.SentAndSilent or Stage.AnswerLost or Stage.CarrierDown or Stage.CarrierPaused;
    }

    [Fact]
    public void Whatever_stops_the_first_leg_at_any_carrier_the_second_is_sent_once_by_any_other()
    {
        var carriers = CarrierCatalogue.All.Select(carrier => carrier.Id).ToArray();
        Case[] cases =
        [
            .. from first in carriers
               from second in carriers
               where first != second
               from stage in Enum.GetValues<Stage>()
               select new Case(first, second, stage),
        ];
        var town = new Town();
        var plans = new Dictionary<string, Case>();
        town.Carrier = part => (part.Message.Leg, plans[part.Message.Parent!].Stage) switch
        {
            (0, Stage.RefusedByTheCarrier) => new SendOutcome.Rejected(FailureReason.InvalidRecipient, "404"),
            (0, Stage.Expired or Stage.CarrierDown) => new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "http_503"),
            (0, Stage.AnswerLost) => new SendOutcome.Unknown("lost"),
            _ => new SendOutcome.Accepted("cm-" + part.Reference),
        };
        town.Receipt = part => (part.Message.Leg, plans[part.Message.Parent!].Stage) switch
        {
            (0, Stage.Undelivered) => (MessageStatus.Undelivered, TimeSpan.FromSeconds(5)),
            (0, _) => null,
            _ => (MessageStatus.Delivered, TimeSpan.FromSeconds(2)),
        };
        town.Play(
            async () =>
            {
                foreach (var (index, one) in cases.Index())
                {
                    // Those of a paused carrier have a sender of their own, which alone is paused.
                    var first = Town.Leg(one.First, index) with
                    {
                        From = Address.Phone(one.Stage == Stage.CarrierPaused ? "+12065550999" : "+12065550100"),
                        On = one.WaitsForReceipt ? [LegEnd.NoReceipt] : [LegEnd.Failed],
                        NoReceiptAfterSeconds = one.WaitsForReceipt ? 600 : null,
                        TtlSeconds = one.Stage == Stage.Expired ? 120 : null,
                    };
                    if (one.Stage == Stage.CarrierPaused)
                        await town.Aws.Pauses.PauseAsync(one.First, first.From, new("test", "key_1", town.Clock.GetUtcNow(), null));
                    var id = await town.AcceptAsync(index, first, Town.Leg(one.Second, index));
                    plans[id] = one;
                    if (one.Stage == Stage.RejectedByUs)
                        await town.Messages.CloseAsync(Legs.IdOf(id, 0), MessageStatus.Rejected, FailureReason.MediaRejected);
                }

                await town.UntilAsync(() => plans.Keys.All(id => town.Of(id).Status == MessageStatus.Delivered));
            },
            Long);

        Assert.Equal(240, plans.Count);
        foreach (var (id, one) in plans)
        {
            var parent = town.Of(id);
            Assert.Equal((one, 1), (one, town.Sent.Count(sent => sent.MessageId == Legs.IdOf(id, 1) && sent.Carrier == one.Second)));
            var sentFirst = town.Sent.Count(sent => sent.MessageId == Legs.IdOf(id, 0));
            Assert.Equal((one, one.IsOut || one.Stage == Stage.Undelivered ? 1 : 0), (one, sentFirst));
            Assert.Equal((one, one.IsOut ? "0" : ""), (one, string.Join(',', parent.State.AlsoSent)));
            Assert.Equal((one, MessageStatus.Delivered), (one, town.LegOf(id, 1).Status));
            var first = town.LegOf(id, 0);
            Assert.True(!first.State.Parts[0].IsWaiting, $"{one}: the first leg may still be sent: {first.Status}");
            Assert.Contains(parent.State.Timeline, e => e is { Type: MessageStore.NextLeg, Leg: 1 });
            Assert.Null(parent.State.DueAt);
        }
    }

    /// <summary>The seed, how likely the router dies at a call, and whether it sees each record twice.</summary>
    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(2, 0.05, true)]
    public void A_thousand_messages_to_a_carrier_that_is_down_are_all_delivered_by_the_second_leg(int seed, double deaths, bool repeats)
    {
        const int Count = 1000;
        var town = new Town(seed) { Deaths = deaths, Repeats = repeats };
        town.Carrier = part => part.Message.Carrier == "twilio"
            ? new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "http_503")
            : new SendOutcome.Accepted("cm-" + part.Reference);
        var ids = new List<string>();
        var begun = town.Clock.GetUtcNow();
        town.Play(
            async () =>
            {
                for (var i = 0; i < Count; i++)
                {
                    ids.Add(await town.AcceptAsync(
                        i,
                        Town.Leg("twilio", i) with { On = [LegEnd.Failed, LegEnd.NoReceipt], NoReceiptAfterSeconds = 120 },
                        Town.Leg("messagebird", i)));
                }

                await town.UntilAsync(() => ids.TrueForAll(id => town.Of(id).Status == MessageStatus.Delivered));

                // Whatever would be sent late would be sent by now.
                await town.WaitAsync(TimeSpan.FromMinutes(30));
            },
            Long);

        Assert.Equal(Count, town.Sent.Count);
        Assert.Equal(
            ids.Select(id => Legs.IdOf(id, 1)).Order(StringComparer.Ordinal),
            town.Sent.Select(sent => sent.MessageId).Order(StringComparer.Ordinal));
        Assert.All(town.Sent, sent => Assert.Equal("messagebird", sent.Carrier));
        Assert.All(ids, id => Assert.Empty(town.Of(id).State.AlsoSent));
        Assert.All(ids, id => Assert.Equal(MessageStatus.Canceled, town.LegOf(id, 0).Status));
        if (deaths > 0) Assert.InRange(town.Died, 10, int.MaxValue);
        output.WriteLine(
            $"{Count} delivered {(ids.Max(id => town.Of(id).State.UpdatedAt) - begun).TotalSeconds:0} s after they were taken, "
                + $"the router died {town.Died} times");
    }

    [Fact]
    public void Both_legs_are_out_and_it_is_seen_which_reached_the_person()
    {
        var town = new Town { Receipt = _ => null };
        var id = "";
        town.Play(
            async () =>
            {
                id = await town.AcceptAsync(
                    0, Town.Leg("whatsapp") with { On = [LegEnd.NoReceipt], NoReceiptAfterSeconds = 60 }, Town.Leg("twilio"));
                await town.UntilAsync(() => town.Sent.Count == 2 && town.LegOf(id, 1).Status == MessageStatus.Sent);
                await town.UntilAsync(() => town.Of(id).State.AlsoSent.SequenceEqual([0]));
                Assert.Equal(MessageStatus.Sent, town.Of(id).Status);

                await ReportAsync(town, id, 0, MessageStatus.Delivered);
                await town.UntilAsync(() => town.Of(id).State.AlsoSent.SequenceEqual([1]));
            },
            Long);

        Assert.Equal(MessageStatus.Delivered, town.Of(id).Status);
        Assert.Equal(MessageStatus.Sent, town.LegOf(id, 1).Status);
    }

    [Fact]
    public void A_late_receipt_takes_the_next_leg_back_while_it_waits()
    {
        var town = new Town { Receipt = _ => null };
        town.Carrier = part => part.Message.Leg == 1
            ? new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "http_503")
            : new SendOutcome.Accepted("cm-" + part.Reference);
        var id = "";
        town.Play(
            async () =>
            {
                id = await town.AcceptAsync(
                    0, Town.Leg("whatsapp") with { On = [LegEnd.NoReceipt], NoReceiptAfterSeconds = 60 }, Town.Leg("twilio"));
                await town.UntilAsync(() => town.Of(id).State.CurrentLeg == 1 && town.LegOf(id, 1).Status == MessageStatus.Sending);

                await ReportAsync(town, id, 0, MessageStatus.Delivered);
                await town.UntilAsync(() => town.Of(id).Status == MessageStatus.Delivered);
                town.Carrier = part => new SendOutcome.Accepted("cm-" + part.Reference);
                await town.WaitAsync(TimeSpan.FromHours(1));
            },
            Long);

        Assert.Equal([Legs.IdOf(id, 0)], town.Sent.Select(sent => sent.MessageId));
        Assert.Equal((MessageStatus.Canceled, true), (town.LegOf(id, 1).Status, town.LegOf(id, 1).State.CancelRequested));
        Assert.Empty(town.Of(id).State.AlsoSent);
    }

    [Fact]
    public void A_plan_that_fails_to_its_end_is_what_its_last_leg_became()
    {
        var town = new Town
        {
            Carrier = part => new SendOutcome.Rejected(FailureReason.InvalidRecipient, $"code-{part.Message.Leg}"),
        };
        var id = "";
        town.Play(
            async () =>
            {
                id = await town.AcceptAsync(
                    0,
                    Town.Leg("whatsapp") with { On = [LegEnd.Failed] },
                    Town.Leg("twilio") with { On = [LegEnd.Failed] },
                    Town.Leg("bandwidth"));
                await town.UntilAsync(() => town.Of(id).Status.IsFinal());
            },
            Long);

        Assert.Equal(RankKey.Of(MessageStatus.Failed, FailureReason.InvalidRecipient, "code-2"), town.Of(id).State.Rank);
        Assert.Equal(
            ["accepted", "nextLeg.1", "nextLeg.2", "failed.2"],
            town.Of(id).State.Timeline.Where(e => e.Type != "sending").Select(e => e.Id)); // whether that is seen is up to chance
    }

    [Fact]
    public void Who_opted_out_gets_no_other_leg()
    {
        var town = new Town { Receipt = _ => null };
        var (refused, silent) = ("", "");
        town.Play(
            async () =>
            {
                // One opted out before the first leg is sent, the other after it.
                await town.Aws.Consents.RecordAsync(
                    Defaults.Tenant, Town.Person(0), Address.Phone("+12065550100"), true, town.Clock.GetUtcNow(), evidence: null);
                var first = Town.Leg("whatsapp") with { On = [LegEnd.Failed, LegEnd.NoReceipt], NoReceiptAfterSeconds = 60 };
                refused = await town.AcceptAsync(0, first, Town.Leg("twilio") with { From = Address.Phone("+12065550111") });
                silent = await town.AcceptAsync(
                    1, first with { To = Town.Person(1) }, Town.Leg("twilio", 1) with { From = Address.Phone("+12065550111") });
                await town.UntilAsync(() => town.LegOf(silent, 0).Status == MessageStatus.Sent);
                await town.Aws.Consents.RecordAsync(
                    Defaults.Tenant, Town.Person(1), Address.Phone("+12065550100"), true, town.Clock.GetUtcNow(), evidence: null);
                await town.WaitAsync(TimeSpan.FromMinutes(10));
            },
            Long);

        Assert.Equal([Legs.IdOf(silent, 0)], town.Sent.Select(sent => sent.MessageId));
        Assert.Equal(
            (MessageStatus.Rejected, FailureReason.OptedOut, 0),
            (town.Of(refused).Status, town.Of(refused).State.Rank.Reason, town.Of(refused).State.CurrentLeg));
        var state = town.Of(silent).State;
        Assert.Equal((MessageStatus.Sent, 0, null), (state.Rank.Status, state.CurrentLeg, state.DueAt));
    }

    [Fact]
    public void The_message_s_time_bounds_all_its_legs()
    {
        var town = new Town { Carrier = _ => new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "http_503") };
        var id = "";
        town.Play(
            async () =>
            {
                id = await town.AcceptAsync(
                    0,
                    Town.Leg("whatsapp") with { On = [LegEnd.NoReceipt], NoReceiptAfterSeconds = 3600 },
                    Town.Leg("twilio") with { On = [LegEnd.Failed], TtlSeconds = 100_000 },
                    Town.Leg("bandwidth"));
                await town.UntilAsync(() => town.Of(id).Status.IsFinal());
                await town.WaitAsync(TimeSpan.FromMinutes(30));
            },
            Long);

        var parent = town.Of(id);
        // Its tries end with its time.
        Assert.True(parent.Status is MessageStatus.Expired or MessageStatus.Failed, $"It is {parent.Status}.");
        Assert.InRange(town.LegOf(id, 1).Message.Deadline, parent.Message.Deadline.AddSeconds(-1), parent.Message.Deadline);
        for (var leg = 0; leg <= parent.State.CurrentLeg; leg++)
            Assert.InRange(town.LegOf(id, leg).Message.Deadline, parent.Message.CreatedAt, parent.Message.Deadline);
        Assert.InRange(parent.State.UpdatedAt, parent.Message.Deadline.AddMinutes(-1), parent.Message.Deadline.AddMinutes(1));
        Assert.Empty(town.Sent);
    }

    private static Task ReportAsync(Town town, string id, int leg, MessageStatus status) => town.Messages.ApplyAsync(
        new() { MessageId = Legs.IdOf(id, leg), Attempt = 1, Status = status, At = town.Clock.GetUtcNow() });
}
