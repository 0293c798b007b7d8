using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Pipeline;

namespace Omni.Bandwidth.Inbound;

/// <summary>One event of a callback. Nothing is required: what is missing or of a wrong type must not lose a message.</summary>
internal sealed record BandwidthCallback
{
    /// <summary>The kind of event, such as <c>message-received</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>When it happened.</summary>
    [JsonPropertyName("time")]
    public string? Time { get; init; }

    /// <summary>The recipient: of a group's receipt the one that it is about. Old samples lack the plus.</summary>
    [JsonPropertyName("to")]
    public string? To { get; init; }

    /// <summary>Why a message failed.</summary>
    [JsonPropertyName("errorCode")]
    public string? ErrorCode { get; init; }

    /// <summary>The message that it is about.</summary>
    [JsonPropertyName("message")]
    public BandwidthMessage? Message { get; init; }
}

/// <summary>The message of an event.</summary>
internal sealed record BandwidthMessage
{
    /// <summary>Bandwidth's id; each of our numbers in a group has one of its own.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Our number that this copy belongs to.</summary>
    [JsonPropertyName("owner")]
    public string? Owner { get; init; }

    /// <summary>The application.</summary>
    [JsonPropertyName("applicationId")]
    public string? ApplicationId { get; init; }

    /// <summary>When it was sent.</summary>
    [JsonPropertyName("time")]
    public string? Time { get; init; }

    /// <summary><c>in</c> or <c>out</c>.</summary>
    [JsonPropertyName("direction")]
    public string? Direction { get; init; }

    /// <summary>All recipients.</summary>
    [JsonPropertyName("to")]
    public IReadOnlyList<string>? To { get; init; }

    /// <summary>The sender.</summary>
    [JsonPropertyName("from")]
    public string? From { get; init; }

    /// <summary>The text; empty in receipts.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>The files' addresses, layout parts among them; absent when there are none.</summary>
    [JsonPropertyName("media")]
    public IReadOnlyList<string>? Media { get; init; }

    /// <summary>What we gave with the send.</summary>
    [JsonPropertyName("tag")]
    public string? Tag { get; init; }

    /// <summary>The channel of a multi-channel message, such as <c>RBM</c>.</summary>
    [JsonPropertyName("channel")]
    public string? Channel { get; init; }

    /// <summary>What a multi-channel message says.</summary>
    [JsonPropertyName("content")]
    public JsonElement? Content { get; init; }

    /// <summary>What a person chose.</summary>
    [JsonPropertyName("suggestionResponse")]
    public BandwidthSuggestion? SuggestionResponse { get; init; }

    /// <summary>Where a person is.</summary>
    [JsonPropertyName("locationResponse")]
    public BandwidthPlace? LocationResponse { get; init; }
}

/// <summary>A choice under a rich message.</summary>
internal sealed record BandwidthSuggestion
{
    /// <summary>What the person saw.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>The sender's name for it.</summary>
    [JsonPropertyName("postbackData")]
    public string? PostbackData { get; init; }

    /// <summary>The message that it belongs to.</summary>
    [JsonPropertyName("pairedMessageId")]
    public string? PairedMessageId { get; init; }
}

/// <summary>A place.</summary>
internal sealed record BandwidthPlace
{
    /// <summary>Degrees north.</summary>
    [JsonPropertyName("latitude")]
    public double? Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    [JsonPropertyName("longitude")]
    public double? Longitude { get; init; }
}

/// <summary>The JSON of Bandwidth's callbacks.</summary>
[JsonSourceGenerationOptions(Converters = [typeof(WebhookText)], NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(BandwidthCallback))]
internal sealed partial class BandwidthJson : JsonSerializerContext;
