using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Shared;

namespace Omni.LiveChat.Outbound;

/// <summary>The body of <c>send_event</c>. https://platform.text.com/docs/messaging/agent-chat-api#send-event</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Event">The event.</param>
internal sealed record LiveChatSendEvent(
    [property: JsonPropertyName("chat_id")] string ChatId, [property: JsonPropertyName("event")] LiveChatEvent Event);

/// <summary>
/// The body of <c>start_chat</c> and <c>resume_chat</c>. https://platform.text.com/docs/messaging/agent-chat-api#start-chat
/// </summary>
/// <param name="Chat">The chat.</param>
internal sealed record LiveChatOpenChat([property: JsonPropertyName("chat")] LiveChatNewChat Chat)
{
    /// <summary>With an active thread.</summary>
    [JsonPropertyName("active")]
    public bool Active { get; } = true;

    /// <summary>
    /// It does not close by itself, and what is written to somebody who left waits for them; nor need an agent be online.
    /// </summary>
    [JsonPropertyName("continuous")]
    public bool Continuous { get; } = true;
}

/// <summary>A chat to open.</summary>
/// <param name="Id">The chat to resume; null for a new one.</param>
/// <param name="Users">Who is in a new one, besides us.</param>
/// <param name="Thread">Its new thread.</param>
internal sealed record LiveChatNewChat(
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("users")] IReadOnlyList<LiveChatUser>? Users,
    [property: JsonPropertyName("thread")] LiveChatNewThread Thread);

/// <summary>A user of a chat.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Type"><c>customer</c> or <c>agent</c>.</param>
internal sealed record LiveChatUser([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("type")] string Type);

/// <summary>A thread to open.</summary>
/// <param name="Events">What it begins with.</param>
internal sealed record LiveChatNewThread([property: JsonPropertyName("events")] IReadOnlyList<LiveChatEvent> Events);

/// <summary>The body of <c>add_user_to_chat</c>. https://platform.text.com/docs/messaging/agent-chat-api#add-user-to-chat</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="UserId">Who is added.</param>
internal sealed record LiveChatAddUser(
    [property: JsonPropertyName("chat_id")] string ChatId, [property: JsonPropertyName("user_id")] string UserId)
{
    /// <summary>An agent, as bots are too.</summary>
    [JsonPropertyName("user_type")]
    public string UserType { get; } = "agent";

    /// <summary>Who is seen by agents alone cannot write to the customer.</summary>
    [JsonPropertyName("visibility")]
    public string Visibility { get; } = "all";

    /// <summary>We add ourselves: we are not there yet.</summary>
    [JsonPropertyName("ignore_requester_presence")]
    public bool IgnoreRequesterPresence { get; } = true;
}

/// <summary>The body of <c>mark_events_as_seen</c>. https://platform.text.com/docs/messaging/agent-chat-api#mark-events-as-seen</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="SeenUpTo">Up to when: RFC 3339 with microseconds.</param>
internal sealed record LiveChatMarkSeen(
    [property: JsonPropertyName("chat_id")] string ChatId, [property: JsonPropertyName("seen_up_to")] string SeenUpTo);

/// <summary>The body of <c>get_chat</c>. https://platform.text.com/docs/messaging/agent-chat-api#get-chat</summary>
/// <param name="ChatId">The chat.</param>
internal sealed record LiveChatGetChat([property: JsonPropertyName("chat_id")] string ChatId);

/// <summary>The answer to <c>send_event</c>.</summary>
internal sealed record LiveChatSent
{
    /// <summary>The event's id.</summary>
    [JsonPropertyName("event_id")]
    public string? EventId { get; init; }
}

/// <summary>The answer to <c>start_chat</c> and <c>resume_chat</c>.</summary>
internal sealed record LiveChatOpened
{
    /// <summary>The new chat.</summary>
    [JsonPropertyName("chat_id")]
    public string? ChatId { get; init; }

    /// <summary>The new thread.</summary>
    [JsonPropertyName("thread_id")]
    public string? ThreadId { get; init; }

    /// <summary>The ids of the events that it began with.</summary>
    [JsonPropertyName("event_ids")]
    public IReadOnlyList<string>? EventIds { get; init; }
}

/// <summary>The answer to <c>upload_file</c>.</summary>
internal sealed record LiveChatUploaded
{
    /// <summary>Where the file is: for a day, unless an event uses it.</summary>
    [JsonPropertyName("url")]
    public string? Url { get; init; }
}

/// <summary>The answer to <c>get_chat</c>.</summary>
internal sealed record LiveChatShown
{
    /// <summary>The newest thread.</summary>
    [JsonPropertyName("thread")]
    public LiveChatShownThread? Thread { get; init; }
}

/// <summary>A thread.</summary>
internal sealed record LiveChatShownThread
{
    /// <summary>When it was opened.</summary>
    [JsonPropertyName("created_at")]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its events.</summary>
    [JsonPropertyName("events")]
    public IReadOnlyList<LiveChatShownEvent>? Events { get; init; }
}

/// <summary>An event, as far as it tells whose it is.</summary>
internal sealed record LiveChatShownEvent
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Our reference.</summary>
    [JsonPropertyName("custom_id")]
    public string? CustomId { get; init; }
}

/// <summary>A refusal.</summary>
internal sealed record LiveChatRefusal
{
    /// <summary>What is wrong.</summary>
    [JsonPropertyName("error")]
    public LiveChatProblem? Error { get; init; }
}

/// <summary>What is wrong with a call.</summary>
internal sealed record LiveChatProblem
{
    /// <summary>Its kind, one of <see cref="LiveChatErrors"/> or another.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>A sentence, which alone tells some refusals from others of their kind.</summary>
    [JsonPropertyName("message")]
    public string? Message { get; init; }

    /// <summary>More, in a form of each kind's own.</summary>
    [JsonPropertyName("data")]
    public JsonElement Data { get; init; }

    /// <summary>The region to go to.</summary>
    [JsonIgnore]
    public string? Region =>
        Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty("region", out var region) && region.ValueKind == JsonValueKind.String
            ? region.GetString()
            : null;
}

/// <summary>The JSON of LiveChat's API.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveChatSendEvent))]
[JsonSerializable(typeof(LiveChatOpenChat))]
[JsonSerializable(typeof(LiveChatAddUser))]
[JsonSerializable(typeof(LiveChatMarkSeen))]
[JsonSerializable(typeof(LiveChatGetChat))]
[JsonSerializable(typeof(LiveChatSent))]
[JsonSerializable(typeof(LiveChatOpened))]
[JsonSerializable(typeof(LiveChatUploaded))]
[JsonSerializable(typeof(LiveChatShown))]
[JsonSerializable(typeof(LiveChatRefusal))]
internal sealed partial class LiveChatJson : JsonSerializerContext
{
    /// <summary>The context to use: LiveChat counts bytes, so text is written plainly.</summary>
    /// <remarks>Made at its first use: only <see cref="Default"/> has the options above.</remarks>
    public static LiveChatJson Wire => field ??= new(PlainJsonEncoder.Over(Default.Options));
}
