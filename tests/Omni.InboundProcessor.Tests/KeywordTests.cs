using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>What a registered sender hears and answers by itself.</summary>
public sealed class KeywordTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Address Us = Address.Phone("+12065550101");
    private static readonly Address Them = Address.Phone("+14155550123");

    private Desk _desk = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _desk = new(Tables, clock: Clock);
        await Tables.Aws.Senders.PutAsync(
            new()
            {
                Carrier = "bandwidth", Address = Us, Tenant = "acme",
                Keywords =
                [
                    new() { Language = "en", OptOut = new() { Answer = "You are out." }, Help = new() { Answer = "Call us." } },
                    new() { Language = "de", OptOut = new() { Words = ["STOPP"], Answer = "Aus." } },
                    new() { Language = "fr", OptOut = new() { Words = ["ARRET"] } },
                ],
            },
            mayMake: true);
    }

    /// <summary>What they wrote, whether the webhook heard them opt out; the answer, and whether they are opted out then.</summary>
    [Theory]
    [InlineData("STOP", true, "You are out.", "optOut", true)]
    [InlineData("stopp", false, "Aus.", "optOut", true)]
    [InlineData("arret", false, null, null, true)]
    [InlineData("help", false, "Call us.", "help", false)]
    [InlineData("Hello", false, null, null, false)]
    public async Task A_keyword_is_obeyed_and_answered_once(string text, bool isHeard, string? answer, string? about, bool isOut)
    {
        var envelope = Received(text, isHeard);

        // The webhook repeats itself, and so does the queue.
        Assert.Empty(await _desk.HandleAsync(envelope));
        Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Empty(await _desk.HandleAsync(envelope, envelope with { ReceivedAt = Start.AddMinutes(3) }));

        var sent = (await HistoryAsync()).Where(record => record.Message.Direction == Direction.Outbound).ToArray();
        Assert.Equal(answer is null ? 0 : 1, sent.Length);
        Assert.Equal(isOut, await Tables.Aws.Consents.IsOptedOutAsync("acme", Them, Us));
        Assert.False(await Tables.Aws.Consents.IsOptedOutAsync("default", Them, Us));
        if (answer is null) return;

        var message = sent[0].Message;
        Assert.Equal((answer, about), (((TextContent)message.Content).Body, message.Automatic?.Word()));
        Assert.Equal(("acme", Them, Us, MessageStatus.Accepted), (message.Tenant, message.To, message.From, sent[0].Status));
        Assert.Equal((Priority.High, Start.AddMilliseconds(1).AddMinutes(5)), (message.Priority, message.Deadline));
        Assert.Single(message.Parts);
    }

    [Fact]
    public async Task A_group_and_an_unregistered_sender_are_not_answered()
    {
        var stop = Received("STOP", isHeard: true);
        var received = (CarrierEvent.MessageReceived)stop.Event;
        var elsewhere = Address.Phone("+12065550102");

        Assert.Empty(await _desk.HandleAsync(
            stop with { Event = received with { Participants = [Address.Phone("+14155550199")] } },
            stop with { Event = received with { CarrierMessageId = "BW2", To = elsewhere }, Consents = null }));

        Assert.DoesNotContain(await HistoryAsync(), record => record.Message.Direction == Direction.Outbound);
        Assert.True(await Tables.Aws.Consents.IsOptedOutAsync("acme", Them, Us));
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_past_its_deadline()
    {
        Clock.Advance(TimeSpan.FromHours(1));

        Assert.Empty(await _desk.HandleAsync(Received("HELP", isHeard: false)));

        Assert.True((await HistoryAsync()).Single(r => r.Message.Automatic is not null).Message.Deadline < Clock.GetUtcNow());
    }

    private Task<IReadOnlyList<MessageRecord>> HistoryAsync() => Tables.Aws.Queries.RecentAsync(
        Ids.Conversation("acme", "bandwidth", Defaults.Account, Us, Them), Start.AddDays(1), Start.AddDays(-1), 10);

    private static InboundEnvelope Received(string text, bool isHeard) => new()
    {
        Carrier = "bandwidth",
        ReceivedAt = Start,
        Event = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = "BW1", From = Them, To = Us, Content = new TextContent { Body = text },
        },
        Consents = isHeard ? [new() { From = Them, To = Us, OptedOut = true, Evidence = text.ToUpperInvariant() }] : null,
    };
}
