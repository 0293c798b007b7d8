using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Client;

/// <summary>Something that happened: to a message, a consent, a carrier or an endpoint.</summary>
public sealed record Event
{
    /// <summary>Belongs to what happened: a repeat has the same one.</summary>
    public required string Id { get; init; }

    /// <summary>What happened: <see cref="EventType"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>
    /// On status events of a message: the rank of the status. Of two the one with the higher rank is the news, whichever comes first.
    /// </summary>
    public int? Sequence { get; init; }

    /// <summary>The tenant that it belongs to.</summary>
    public required string Tenant { get; init; }

    /// <summary>What it happened to, as it was then, at most 20 KB. Its schema is that of the type, under webhooks.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>
    /// Where a reader goes on that stops after this event: give it to <see cref="EventsApi.ReadAsync"/>. Nothing is missed with it; some
    /// events may come again. Null when it came by a webhook.
    /// </summary>
    [JsonIgnore]
    public string? Cursor { get; init; }

    /// <summary>The message that it is about; null when it is about something else. Of a large one <c>Truncated</c> is set.</summary>
    public Message? AsMessage() => IsOf("message.") ? Data.Deserialize(OmniJson.Default.Message) : null;

    /// <summary>What a person said about being written to; null when it is about something else.</summary>
    public Consent? AsConsent() => IsOf("consent.") ? Data.Deserialize(OmniJson.Default.Consent) : null;

    /// <summary>The conversation that goes on without its processor; null when it is about something else.</summary>
    public ConversationChange? AsConversationChange() =>
        IsOf("conversation.") ? Data.Deserialize(OmniJson.Default.ConversationChange) : null;

    /// <summary>The carrier that became ill or well; null when it is about something else.</summary>
    public CarrierChange? AsCarrierChange() => IsOf("carrier.") ? Data.Deserialize(OmniJson.Default.CarrierChange) : null;

    /// <summary>The webhook endpoint that it is about; null when it is about something else.</summary>
    public WebhookEndpoint? AsEndpoint() => Type == EventType.EndpointDisabled ? Data.Deserialize(OmniJson.Default.WebhookEndpoint) : null;

    /// <summary>The batch that it is about, without its counts; null when it is about something else.</summary>
    public Batch? AsBatch() => IsOf("batch.") ? Data.Deserialize(OmniJson.Default.Batch) : null;

    private bool IsOf(string family) => Type.StartsWith(family, StringComparison.Ordinal);
}
