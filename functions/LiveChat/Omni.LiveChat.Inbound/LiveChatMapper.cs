using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omni.Shared;

namespace Omni.LiveChat.Inbound;

/// <summary>What LiveChat's calls say, in our words. Pure. https://platform.text.com/docs/management/webhooks</summary>
/// <param name="license">Our address.</param>
/// <param name="agent">The agent or bot that writes our messages.</param>
internal sealed class LiveChatMapper(string license, string agent)
{
    private readonly Address _ours = new(AddressType.LivechatLicense, license);

    /// <summary>The events of a call.</summary>
    /// <param name="call">The call.</param>
    /// <exception cref="FormatException">It lacks what every such call has.</exception>
    public IReadOnlyList<CarrierEvent> Map(LiveChatCall call) => call.Action switch
    {
        "incoming_event" => [Event(Read(call.Payload, LiveChatJson.Default.LiveChatIncomingEvent))],
        "incoming_chat" => Chat(Read(call.Payload, LiveChatJson.Default.LiveChatIncomingChat)),
        "incoming_rich_message_postback" => [Press(Read(call.Payload, LiveChatJson.Default.LiveChatPress))],
        "events_marked_as_seen" => [Seen(Read(call.Payload, LiveChatJson.Default.LiveChatSeen))],
        null => throw new FormatException("The call has no action."),
        var other => [Ignored(other)],
    };

    private CarrierEvent Event(LiveChatIncomingEvent told) =>
        Event(told.Event, Need(told.ChatId, "chat_id"), told.ThreadId, users: []) ?? throw new FormatException("The event has no id.");

    /// <summary>The thread that somebody opened: what it begins with may be told nowhere else, or again as an event of its own.</summary>
    private CarrierEvent[] Chat(LiveChatIncomingChat told)
    {
        var chat = Need(told.Chat?.Id, "chat.id");
        CarrierEvent[] events =
            [.. (told.Chat!.Thread?.Events ?? []).Select(e => Event(e, chat, told.Chat.Thread!.Id, told.Chat.Users ?? []) ?? Ignored("unreadable"))];
        return events.Length > 0 ? events : [Ignored("incoming_chat")];
    }

    /// <returns>What an event says; null when not even its id can be read.</returns>
    private CarrierEvent? Event(JsonElement element, string chat, string? thread, IReadOnlyList<LiveChatUser> users)
    {
        var (e, isReadable) = Read(element);
        if (e.AuthorId is not { } author) return isReadable ? Ignored("system") : null;
        if (e.Id is not { } id) return null;
        if (IsUs(author)) return Echo(e, id);
        if (e.Visibility == "agents") return Ignored("internal_note");
        if (IsAgent(author, users)) return Ignored("agent_message");
        if (e.Deleted == true) return Ignored("deleted");

        return new CarrierEvent.MessageReceived
        {
            // A button that writes is told twice, as the message and as the press: both have the same name, whichever comes first.
            CarrierMessageId = e.Postback is { Id: { } button, EventId: { } rich } ? PressOf(chat, rich, button) : $"{chat}_{id}",
            From = Person(chat),
            To = _ours,
            Content = isReadable ? LiveChatContent.Of(e) : new UnsupportedContent { Kind = "unreadable" },
            SentAt = e.CreatedAt,
            ProfileName = users.FirstOrDefault(user => user.Id == author)?.Name,
            ReplyTo = e.Postback?.EventId,
            Thread = thread,
        };
    }

    /// <summary>Our own message comes back: it stands in the chat, and since when tells later whether it was seen.</summary>
    private static CarrierEvent Echo(LiveChatEvent e, string id) => AttemptReference.Parse(e.CustomId) is null
        ? Ignored("own_message") // written by hand under the same account
        : new CarrierEvent.DeliveryReported { Reference = e.CustomId, CarrierMessageId = id, Status = MessageStatus.Sent, CarrierTime = e.CreatedAt };

    private CarrierEvent Press(LiveChatPress press)
    {
        var (chat, rich, button) = (Need(press.ChatId, "chat_id"), Need(press.EventId, "event_id"), Need(press.Postback?.Id, "postback.id"));
        if (press.UserId is { } user && (IsUs(user) || IsAgent(user, []))) return Ignored("agent_message");
        if (press.Postback!.Toggled == false) return Ignored("released");

        return new CarrierEvent.MessageReceived
        {
            CarrierMessageId = PressOf(chat, rich, button),
            From = Person(chat),
            To = _ours,
            Content = LiveChatContent.Of(press.Postback, button),
            ReplyTo = rich,
            Thread = press.ThreadId,
        };
    }

    private CarrierEvent Seen(LiveChatSeen seen)
    {
        var (chat, user) = (Need(seen.ChatId, "chat_id"), Need(seen.UserId, "user_id"));
        if (IsUs(user) || IsAgent(user, [])) return Ignored("seen_by_agent");

        return new CarrierEvent.ReadReported { From = Person(chat), To = _ours, UpTo = seen.SeenUpTo ?? throw new FormatException("The call has no seen_up_to.") };
    }

    private bool IsUs(string user) => user.Equals(agent, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a user is one of the company's. A new chat says it of each; otherwise their id must tell: agents have an e-mail address, bots 32 hex digits,
    /// customers a UUID. The documentation promises none of that, so what looks like nothing known is a customer: better a message too many.
    /// </summary>
    private static bool IsAgent(string user, IReadOnlyList<LiveChatUser> users) => users.FirstOrDefault(u => u.Id == user)?.Type switch
    {
        null => user.Contains('@', StringComparison.Ordinal) || (user.Length == 32 && user.All(char.IsAsciiHexDigit)),
        var type => type != LiveChatUser.Customer,
    };

    private static string PressOf(string chat, string rich, string button) => $"{chat}_{rich}_{button}";

    private static Address Person(string chat) => new(AddressType.LivechatChat, chat);

    /// <summary>An event; of one that has a member in a form that nobody knows, at least who wrote it and its id.</summary>
    private static (LiveChatEvent Event, bool IsReadable) Read(JsonElement element)
    {
        try
        {
            return (Read(element, LiveChatJson.Default.LiveChatEvent), true);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException)
        {
            return (new() { Id = Text("id"), AuthorId = Text("author_id"), Visibility = Text("visibility"), CustomId = Text("custom_id") }, false);
        }

        string? Text(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static T Read<T>(JsonElement element, JsonTypeInfo<T> type) where T : class =>
        (element.ValueKind == JsonValueKind.Object ? element.Deserialize(type) : null) ?? throw new FormatException("The call's payload is no object.");

    private static string Need(string? value, string name) => value is { Length: > 0 } ? value : throw new FormatException($"The call has no {name}.");

    private static CarrierEvent.Ignored Ignored(string reason) => new() { Reason = reason };
}
