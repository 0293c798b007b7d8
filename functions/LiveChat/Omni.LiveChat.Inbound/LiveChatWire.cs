using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Pipeline;

namespace Omni.LiveChat.Inbound;

/// <summary>A webhook call. https://platform.text.com/docs/management/webhooks#webhook-format</summary>
internal sealed record LiveChatCall
{
    /// <summary>What happened.</summary>
    [JsonPropertyName("action")]
    public string? Action { get; init; }

    /// <summary>Whose it is.</summary>
    [JsonPropertyName("organization_id")]
    public string? OrganizationId { get; init; }

    /// <summary>Whose it is, in registrations of version 3.3 and before.</summary>
    [JsonPropertyName("license_id")]
    public JsonElement LicenseId { get; init; }

    /// <summary>The rest, in a form of each action's own.</summary>
    [JsonPropertyName("payload")]
    public JsonElement Payload { get; init; }
}

/// <summary>The payload of <c>incoming_event</c>.</summary>
internal sealed record LiveChatIncomingEvent
{
    /// <summary>The chat.</summary>
    [JsonPropertyName("chat_id")]
    public string? ChatId { get; init; }

    /// <summary>The visit within it.</summary>
    [JsonPropertyName("thread_id")]
    public string? ThreadId { get; init; }

    /// <summary>The event.</summary>
    [JsonPropertyName("event")]
    public JsonElement Event { get; init; }
}

/// <summary>The payload of <c>incoming_chat</c>.</summary>
internal sealed record LiveChatIncomingChat
{
    /// <summary>The chat with its new thread.</summary>
    [JsonPropertyName("chat")]
    public LiveChatChat? Chat { get; init; }
}

/// <summary>A chat.</summary>
internal sealed record LiveChatChat
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Who is in it.</summary>
    [JsonPropertyName("users")]
    public IReadOnlyList<LiveChatUser>? Users { get; init; }

    /// <summary>The new thread.</summary>
    [JsonPropertyName("thread")]
    public LiveChatThread? Thread { get; init; }
}

/// <summary>A user of a chat.</summary>
internal sealed record LiveChatUser
{
    /// <summary>A customer.</summary>
    public const string Customer = "customer";

    /// <summary>Their id.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary><c>customer</c> or <c>agent</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Their name.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }
}

/// <summary>A thread.</summary>
internal sealed record LiveChatThread
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>What was written so far, each read by itself.</summary>
    [JsonPropertyName("events")]
    public JsonElement Events { get; init; }
}

/// <summary>An event. https://platform.text.com/docs/messaging/agent-chat-api/data-structures#events</summary>
internal sealed record LiveChatEvent
{
    /// <summary>Its id within the chat.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Our reference, in what we sent.</summary>
    [JsonPropertyName("custom_id")]
    public string? CustomId { get; init; }

    /// <summary>Its kind.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>When it stands in the chat.</summary>
    [JsonPropertyName("created_at")]
    public string? CreatedAt { get; init; }

    /// <summary>Who wrote it; nobody, if LiveChat did.</summary>
    [JsonPropertyName("author_id")]
    public string? AuthorId { get; init; }

    /// <summary><c>all</c> or <c>agents</c>.</summary>
    [JsonPropertyName("visibility")]
    public string? Visibility { get; init; }

    /// <summary>Whether it was taken away.</summary>
    [JsonPropertyName("deleted")]
    public bool? Deleted { get; init; }

    /// <summary>The text of a message.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>The button that wrote a message.</summary>
    [JsonPropertyName("postback")]
    public LiveChatPostback? Postback { get; init; }

    /// <summary>The name of a file.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>The address of a file.</summary>
    [JsonPropertyName("url")]
    public string? Url { get; init; }

    /// <summary>The type of a file.</summary>
    [JsonPropertyName("content_type")]
    public string? ContentType { get; init; }

    /// <summary>The fields of a filled form.</summary>
    [JsonPropertyName("fields")]
    public IReadOnlyList<LiveChatField>? Fields { get; init; }
}

/// <summary>A field of a filled form.</summary>
internal sealed record LiveChatField
{
    /// <summary>What was asked.</summary>
    [JsonPropertyName("label")]
    public string? Label { get; init; }

    /// <summary>A text, or an object with a label.</summary>
    [JsonPropertyName("answer")]
    public JsonElement Answer { get; init; }

    /// <summary>Several objects with a label.</summary>
    [JsonPropertyName("answers")]
    public JsonElement Answers { get; init; }

    /// <summary>What registrations of old versions call the answer.</summary>
    [JsonPropertyName("value")]
    public JsonElement Value { get; init; }
}

/// <summary>The payload of <c>incoming_rich_message_postback</c>.</summary>
internal sealed record LiveChatPress
{
    /// <summary>Who pressed.</summary>
    [JsonPropertyName("user_id")]
    public string? UserId { get; init; }

    /// <summary>The chat.</summary>
    [JsonPropertyName("chat_id")]
    public string? ChatId { get; init; }

    /// <summary>The visit within it.</summary>
    [JsonPropertyName("thread_id")]
    public string? ThreadId { get; init; }

    /// <summary>The rich message.</summary>
    [JsonPropertyName("event_id")]
    public string? EventId { get; init; }

    /// <summary>The button.</summary>
    [JsonPropertyName("postback")]
    public LiveChatPostback? Postback { get; init; }
}

/// <summary>A button that was pressed.</summary>
internal sealed record LiveChatPostback
{
    /// <summary>Our name for it.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>False: it was released.</summary>
    [JsonPropertyName("toggled")]
    public bool? Toggled { get; init; }

    /// <summary>In a message: the rich message that it belongs to.</summary>
    [JsonPropertyName("event_id")]
    public string? EventId { get; init; }

    /// <summary>What the button does.</summary>
    [JsonPropertyName("button_type")]
    public string? ButtonType { get; init; }

    /// <summary>What it does it with.</summary>
    [JsonPropertyName("button_value")]
    public string? ButtonValue { get; init; }
}

/// <summary>The payload of <c>events_marked_as_seen</c>.</summary>
internal sealed record LiveChatSeen
{
    /// <summary>Who saw.</summary>
    [JsonPropertyName("user_id")]
    public string? UserId { get; init; }

    /// <summary>The chat.</summary>
    [JsonPropertyName("chat_id")]
    public string? ChatId { get; init; }

    /// <summary>Up to when.</summary>
    [JsonPropertyName("seen_up_to")]
    public string? SeenUpTo { get; init; }
}

/// <summary>The JSON of LiveChat's webhooks.</summary>
[JsonSourceGenerationOptions(Converters = [typeof(WebhookText)])]
[JsonSerializable(typeof(LiveChatCall))]
[JsonSerializable(typeof(LiveChatIncomingEvent))]
[JsonSerializable(typeof(LiveChatIncomingChat))]
[JsonSerializable(typeof(LiveChatEvent))]
[JsonSerializable(typeof(LiveChatPress))]
[JsonSerializable(typeof(LiveChatSeen))]
internal sealed partial class LiveChatJson : JsonSerializerContext;
