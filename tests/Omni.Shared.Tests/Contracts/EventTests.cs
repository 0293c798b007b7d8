using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Shared.Tests.Contracts;

/// <summary>The form of events, which clients rely on.</summary>
public sealed partial class EventTests
{
    public static TheoryData<string> Fixtures() =>
        [.. Directory.EnumerateFiles("Fixtures/Events", "*.json").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory, MemberData(nameof(Fixtures))]
    public void An_event_is_read_and_written_to_the_byte(string fixture)
    {
        var json = File.ReadAllText($"Fixtures/Events/{fixture}.json").Trim();

        Assert.Equal(json, JsonSerializer.Serialize(Read(json), EventJson.Wire.ClientEvent));
    }

    [Fact]
    public void An_event_tells_what_it_is_about()
    {
        var message = Read(File.ReadAllText("Fixtures/Events/message-delivered.json"));
        var carrier = Read(File.ReadAllText("Fixtures/Events/carrier-degraded.json"));

        Assert.Equal(
            ("twilio", "ses_0123456789abcdef0123456789abcdef", "ses_0123456789abcdef0123456789abcdef"),
            (message.Carrier, message.ConversationId, message.OrderKey));
        Assert.Equal(("bandwidth", null, "bandwidth"), (carrier.Carrier, carrier.ConversationId, carrier.OrderKey));
        Assert.InRange(EventLanes.Of(message), 0, EventLanes.Count - 1);
    }

    [Fact]
    public void An_id_belongs_to_what_happened()
    {
        Assert.StartsWith("evt_", Ids.Event("msg_1", "sent"), StringComparison.Ordinal);
        Assert.Equal(Ids.Event("msg_1", "sent"), Ids.Event("msg_1", "sent"));
        Assert.Equal(
            4, new[] { Ids.Event("msg_1", "sent"), Ids.Event("msg_1", "read"), Ids.Event("msg_2", "sent"), Ids.Event("msg_1se", "nt") }
                .Distinct().Count());
    }

    [Fact]
    public void Types_are_a_closed_set()
    {
        Assert.Equal(
            [
                "message.scheduled", "message.unknown", "message.sent", "message.canceled", "message.rejected", "message.expired",
                "message.failed", "message.undelivered", "message.delivered", "message.read", "message.received", "message.media.stored",
                "message.media.failed", "consent.changed", "batch.completed", "batch.paused", "batch.canceled",
                "conversation.handedOff", "conversation.loopStopped", "carrier.degraded", "carrier.recovered", "endpoint.disabled",
            ],
            EventTypes.All);
    }

    [Theory]
    [InlineData(19_000, 0, null)]
    [InlineData(21_000, 0, """{"id":"1","metadata":{"a":""},"truncated":true}""")]
    [InlineData(21_000, 21_000, """{"id":"1","truncated":true}""")]
    public void Large_data_is_cut_and_says_so(int text, int metadata, string? cut)
    {
        var thing = new Thing("1", new TextContent { Body = new('x', text) }, new() { ["a"] = new('x', metadata) });

        var data = EventData.Of(thing, ThingJson.Default.Thing);

        Assert.Equal(cut is null, !data.TryGetProperty(EventData.Truncated, out _));
        if (cut is not null) Assert.Equal(cut, data.GetRawText());
    }

    private static ClientEvent Read(string json) => JsonSerializer.Deserialize(json, EventJson.Wire.ClientEvent)!;

    internal sealed record Thing(string Id, Content Content, Dictionary<string, string> Metadata);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Thing))]
    private sealed partial class ThingJson : JsonSerializerContext;
}
