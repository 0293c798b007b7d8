using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>
/// Something that a client is told of. It stands in the log of its tenant, and every reader of the log (the feed, the client's webhooks)
/// gives it out in this form.
/// </summary>
public sealed record ClientEvent
{
    /// <summary>Its id, <c>evt_…</c>, derived from what happened: a repeat has the same one.</summary>
    public required string Id { get; init; }

    /// <summary>What happened: one of <see cref="EventTypes.All"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>
    /// On the status events of a message only: the rank of its status. Of two events of a message the one with the higher rank is the news,
    /// whichever arrives first.
    /// </summary>
    public int? Sequence { get; init; }

    /// <summary>Whose event it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>What it happened to, as the API shows it; an object of at most <see cref="EventData.MaxBytes"/> bytes.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>The carrier that it is about; null for none.</summary>
    [JsonIgnore]
    public string? Carrier => Text("carrier");

    /// <summary>The conversation that it is about; null for none.</summary>
    [JsonIgnore]
    public string? ConversationId => Text("conversationId");

    /// <summary>Whether it is about a leg of another message, whose own events tell what became of the whole.</summary>
    [JsonIgnore]
    public bool IsOfLeg => Text("parent") is not null;

    /// <summary>
    /// Events of one tenant with the same key keep their order: those of a conversation; else of the thing, the carrier or the person that
    /// the data names.
    /// </summary>
    [JsonIgnore]
    public string OrderKey => ConversationId ?? Text("id") ?? Carrier ?? Member("address")?.GetRawText() ?? Id;

    private string? Text(string member) => Member(member) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private JsonElement? Member(string name) =>
        Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty(name, out var value) ? value : null;
}
