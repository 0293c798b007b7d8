using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Pipeline;

namespace Omni.MessageBird.Inbound;

/// <summary>An event of the Conversations API. https://developers.messagebird.com/api/conversations/#webhooks</summary>
internal sealed record MessageBirdEvent
{
    /// <summary>Its kind, such as <c>message.created</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>The person; may be missing.</summary>
    [JsonPropertyName("contact")]
    public MessageBirdContact? Contact { get; init; }

    /// <summary>The message, in events about one.</summary>
    [JsonPropertyName("message")]
    public MessageBirdMessage? Message { get; init; }
}

/// <summary>A person.</summary>
internal sealed record MessageBirdContact
{
    /// <summary>The phone number: digits, as a number.</summary>
    [JsonPropertyName("msisdn")]
    public string? Msisdn { get; init; }

    /// <summary>The name in the profile.</summary>
    [JsonPropertyName("displayName")]
    public string? DisplayName { get; init; }

    /// <summary>The given name.</summary>
    [JsonPropertyName("firstName")]
    public string? FirstName { get; init; }

    /// <summary>The family name.</summary>
    [JsonPropertyName("lastName")]
    public string? LastName { get; init; }
}

/// <summary>A message, in either direction.</summary>
internal sealed record MessageBirdMessage
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>The channel.</summary>
    [JsonPropertyName("channelId")]
    public string? ChannelId { get; init; }

    /// <summary>Who wrote: on phone platforms a number.</summary>
    [JsonPropertyName("from")]
    public string? From { get; init; }

    /// <summary>Who was written to.</summary>
    [JsonPropertyName("to")]
    public string? To { get; init; }

    /// <summary><c>received</c> or <c>sent</c>.</summary>
    [JsonPropertyName("direction")]
    public string? Direction { get; init; }

    /// <summary>Where it is.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>The kind of content.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>The content, whose form depends on the kind.</summary>
    [JsonPropertyName("content")]
    public JsonElement? Content { get; init; }

    /// <summary>What was sent along as <c>source</c>.</summary>
    [JsonPropertyName("source")]
    public JsonElement? Source { get; init; }

    /// <summary>Why it failed.</summary>
    [JsonPropertyName("error")]
    public MessageBirdFailure? Error { get; init; }

    /// <summary>When it was written, up to nanoseconds.</summary>
    [JsonPropertyName("createdDatetime")]
    public string? CreatedDatetime { get; init; }
}

/// <summary>Why a message failed.</summary>
internal sealed record MessageBirdFailure
{
    /// <summary>The code: a number.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; init; }
}

/// <summary>The JSON of events.</summary>
[JsonSourceGenerationOptions(Converters = [typeof(WebhookText)])]
[JsonSerializable(typeof(MessageBirdEvent))]
internal sealed partial class MessageBirdJson : JsonSerializerContext;
