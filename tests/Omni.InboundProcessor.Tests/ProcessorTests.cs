using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>Who has a turn because of what a person wrote.</summary>
public sealed class ProcessorTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private const string Concierge = "Omni.Concierge";

    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Address Us = Address.Phone("+12065550101");
    private static readonly Address Them = Address.Phone("+14155550123");

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(Concierge, null, Concierge)]
    [InlineData(null, Concierge, Concierge)]
    [InlineData("Omni.Gone", Concierge, null)] // what the sender says counts, and nobody has it
    [InlineData(null, "Omni.Gone", null)]
    public async Task The_senders_processor_counts_and_else_the_stages(string? ofSender, string? ofStage, string? expected)
    {
        await RegisterAsync(ofSender);
        Assert.Equal(expected, (await HearAsync(Received(), ofStage)).Processor);
    }

    [Fact]
    public async Task What_is_no_part_of_a_talk_with_us_alone_gives_no_turn()
    {
        await RegisterAsync(Concierge);
        Assert.Null((await HearAsync(Received() with { Content = new ReactionContent { MessageId = "m", Emoji = "👍" } })).Processor);
        Assert.Null((await HearAsync(Received() with { Participants = [Address.Phone("+14155550199")] })).Processor);
        Assert.Null((await HearAsync(Received() with { OpensNoWindow = true })).Processor);
        Assert.Null((await HearAsync(Received() with { From = Address.Unknown })).Processor);
        Assert.Equal(Concierge, (await HearAsync(Received() with { Content = new ImageContent { MediaId = "m" } })).Processor);
    }

    [Theory]
    [InlineData("STOP", true, null)]
    [InlineData("START", true, null)]
    [InlineData("stopp", false, null)]
    [InlineData("help", false, null)] // answered
    [InlineData("auskunft", false, Concierge)] // heard, and not answered
    [InlineData("Hello", false, Concierge)]
    public async Task What_Omni_itself_understood_gives_no_turn(string text, bool changesConsent, string? expected)
    {
        await RegisterAsync(
            Concierge,
            new KeywordAnswers { Language = "en", OptOut = new() { Words = ["STOPP"] }, Help = new() { Answer = "Call us." } });
        if (text == "auskunft")
        {
            await RegisterAsync(Concierge, new KeywordAnswers { Language = "de", Help = new() { Words = ["AUSKUNFT"] } });
        }

        var heard = await HearAsync(Received() with { Content = new TextContent { Body = text } }, changesConsent: changesConsent);
        Assert.Equal(expected, heard.Processor);
    }

    private Task RegisterAsync(string? processor, params KeywordAnswers[] keywords) => Tables.Aws.Senders.PutAsync(
        new() { Carrier = "bandwidth", Address = Us, Tenant = "acme", Processor = processor, Keywords = keywords }, mayMake: true);

    private async Task<Message> HearAsync(
        CarrierEvent.MessageReceived received, string? ofStage = null, bool changesConsent = false)
    {
        var envelope = new InboundEnvelope
        {
            Carrier = "bandwidth",
            ReceivedAt = Start,
            Event = received,
            Consents = changesConsent ? [new() { From = received.From, To = Us, OptedOut = false, Evidence = "START" }] : null,
        };
        var writer = new EventWriter(
            Tables.Aws, Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, ofStage);
        Assert.True(await writer.WriteAsync(envelope));
        var id = Ids.DerivedMessage("bandwidth", Defaults.Account, received.CarrierMessageId);
        return (await Tables.Aws.Messages.FindAsync(id))!.Message;
    }

    private static CarrierEvent.MessageReceived Received() => new()
    {
        CarrierMessageId = Guid.NewGuid().ToString("N"), From = Them, To = Us, Content = new TextContent { Body = "Hello" },
    };
}
