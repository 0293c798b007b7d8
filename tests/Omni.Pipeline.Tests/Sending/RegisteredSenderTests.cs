using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>What a sender's entry means for its messages.</summary>
public sealed class RegisteredSenderTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private static readonly Address Fast = Address.Phone("+12065550101");

    [Theory]
    [InlineData(0.1)] // the carrier's rate
    [InlineData(null)] // a carrier without one
    public async Task A_sender_goes_at_its_own_rate_where_it_has_one(double? ofCarrier)
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.Options = stage.Options with { RatePerSecond = ofCarrier, MaxSlotWait = TimeSpan.Zero };
        await RegisterAsync(stage, Fast, sender => sender with { RatePerSecond = 0.2 });
        Message[] messages = [.. Enumerable.Range(0, 2).Select(_ => stage.NewMessage(change: m => m with { From = Fast }))];

        await stage.RunAsync([.. messages.Select((message, i) => stage.Send(message, group: $"g{i}"))]);

        // The first of an idle line goes at once. Two places take ten seconds: twenty at the carrier's rate, and none without one.
        Assert.Single(stage.FakeCarrier.Taken);
        var rates = (await stage.Aws.Rates.NamesAsync("twilio")).ToDictionary(name => name, _ => 0.2);
        var state = Assert.Single(await stage.Aws.Rates.StatesAsync("twilio", rates));
        Assert.Equal((0.196, 10, 0), (state.PerSecond, Math.Round(state.Ahead.TotalSeconds), state.RefusalsInLastMinute));
    }

    [Fact]
    public async Task What_comes_from_a_paused_sender_waits_and_leaves_when_it_is_active_again()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.Options = stage.Options with { RatePerSecond = 10 };
        await RegisterAsync(stage, Fast, sender => sender with { State = SenderState.Paused });
        var message = stage.NewMessage(change: m => m with { From = Fast });
        var other = stage.NewMessage();
        var (record, next) = (stage.Send(message, group: "a"), stage.Send(other, group: "b"));

        Assert.Equal([record.Id], await stage.RunAsync(record, next));

        Assert.Equal(other.Id, Assert.Single(stage.FakeCarrier.Taken).MessageId);
        Assert.InRange(stage.Waits[record.ReceiptHandle].TotalSeconds, 12, 15);
        Assert.DoesNotContain("default#phone:+12065550101", await stage.Aws.Rates.NamesAsync("twilio"));

        await RegisterAsync(stage, Fast, sender => sender with { State = SenderState.Active });
        Assert.Empty(await stage.RunAsync(record with { ReceiveCount = 2 }));
        Assert.Equal(2, stage.FakeCarrier.Taken.Count);
    }

    [Fact]
    public async Task What_a_paused_sender_held_expires_at_its_deadline()
    {
        using var stage = await Stage.SetAsync(emulators);
        await RegisterAsync(stage, Fast, sender => sender with { State = SenderState.Paused });
        var message = stage.NewMessage(change: m => m with { From = Fast, TtlSeconds = 60 });

        var record = await stage.SettleAsync(message);

        Assert.Equal(MessageStatus.Expired, record.Status);
        Assert.Empty(stage.FakeCarrier.Taken);
    }

    [Fact]
    public void A_pause_of_three_days_takes_fewer_deliveries_than_a_queue_allows()
    {
        var (waited, deliveries) = (TimeSpan.Zero, 0);
        while (waited < TimeSpan.FromDays(3)) waited += Backoff.Paused(++deliveries);

        Assert.InRange(deliveries, 850, 1000);
        Assert.InRange(Backoff.Paused(1_000_000).TotalSeconds, 240, 300);
    }

    private static async Task RegisterAsync(Stage stage, Address address, Func<RegisteredSender, RegisteredSender> change) =>
        await stage.Aws.Senders.PutAsync(
            change(new() { Carrier = stage.Carrier.Id, Address = address, Tenant = Defaults.Tenant }), mayMake: true);
}
