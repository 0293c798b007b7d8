using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omni.Pipeline;
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
    public IReadOnlyList<CarrierEvent> Map(LiveChatCall call) => call.Action switch
    {
        "incoming_event" =>
            Read(call, LiveChatJson.Default.LiveChatIncomingEvent, told => [Event(told.Event, told.ChatId, told.ThreadId, users: [])]),
        "incoming_chat" => Read(call, LiveChatJson.Default.LiveChatIncomingChat, Chat),
        "incoming_rich_message_postback" => Read(call, LiveChatJson.Default.LiveChatPress, press => [Press(press)]),
        "events_marked_as_seen" => Read(call, LiveChatJson.Default.LiveChatSeen, seen => [Seen(seen)]),
        null => [CarrierEvent.Ignored.Unreadable],
        var other => [Ignored(other)],
    };

    /// <summary>The thread that somebody opened: what it begins with may be told nowhere else, or again as an event of its own.</summary>
    private IReadOnlyList<CarrierEvent> Chat(LiveChatIncomingChat told)
    {
        var chat = told.Chat;
        var events = WebhookJson.Events(chat?.Thread?.Events ?? default, e => [Event(e, chat!.Id, chat.Thread!.Id, chat.Users ?? [])]);
        return events.Count > 0 ? events : [chat?.Id is null ? CarrierEvent.Ignored.Unreadable : Ignored("incoming_chat")];
    }

    private CarrierEvent Event(JsonElement element, string? chat, string? thread, IReadOnlyList<LiveChatUser> users)
    {
        if (WebhookJson.Read(element, LiveChatJson.Default.LiveChatEvent, out var lost) is not { } e)
            return CarrierEvent.Ignored.Unreadable;
        if (e.AuthorId is not { } author)
        {
            if (e.Type?.StartsWith("system", StringComparison.Ordinal) == true) return Ignored("system");
            author = ""; // nobody is told, so it may be a customer
        }

        if (IsUs(author)) return Echo(e);
        if (e.Visibility == "agents") return Ignored("internal_note");
        if (IsAgent(author, users)) return Ignored("agent_message");
        if (e.Deleted == true) return Ignored("deleted");

        return new CarrierEvent.MessageReceived
        {
            // A button that writes is told twice, as the message and as the press: both have the same name, whichever comes first.
            CarrierMessageId = e.Postback is { Id: { } button, EventId: { } rich } ? IdOf(chat, rich, button) : IdOf(chat, e.Id),
            From = Person(chat),
            To = _ours,
            Content = WebhookJson.Marked(LiveChatContent.Of(e), lost, "text"),
            SentAt = WebhookTime.Parse(e.CreatedAt),
            ProfileName = users.FirstOrDefault(user => user.Id == author)?.Name,
            ReplyTo = e.Postback?.EventId,
            Thread = thread,
        };
    }

    /// <summary>Our own message comes back: it stands in the chat, and since when tells later whether it was seen.</summary>
    private static CarrierEvent Echo(LiveChatEvent e) => AttemptReference.Parse(e.CustomId) is null
        ? Ignored("own_message") // written by hand under the same account
        : new CarrierEvent.DeliveryReported
        {
            Reference = e.CustomId,
            CarrierMessageId = e.Id ?? "",
            Status = MessageStatus.Sent,
            CarrierTime = WebhookTime.Parse(e.CreatedAt),
        };

    private CarrierEvent Press(LiveChatPress press)
    {
        if (press.UserId is { } user && (IsUs(user) || IsAgent(user, []))) return Ignored("agent_message");
        if (press.Postback?.Toggled == false) return Ignored("released");

        return new CarrierEvent.MessageReceived
        {
            CarrierMessageId = IdOf(press.ChatId, press.EventId, press.Postback?.Id),
            From = Person(press.ChatId),
            To = _ours,
            Content = press.Postback is { Id: { } button } pressed
                ? LiveChatContent.Of(pressed, button)
                : new UnsupportedContent { Kind = "rich_message_postback", Text = press.Postback?.ButtonValue },
            ReplyTo = press.EventId,
            Thread = press.ThreadId,
        };
    }

    private CarrierEvent Seen(LiveChatSeen seen) =>
        seen.UserId is not { } user || WebhookTime.Parse(seen.SeenUpTo) is not { } upTo ? CarrierEvent.Ignored.Unreadable
        : IsUs(user) || IsAgent(user, []) ? Ignored("seen_by_agent")
        : new CarrierEvent.ReadReported { From = Person(seen.ChatId), To = _ours, UpTo = upTo };

    private bool IsUs(string user) => user.Equals(agent, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a user is one of the company's. A new chat says it of each; otherwise their id must tell: agents have an e-mail address,
    /// bots 32 hex digits, customers a UUID. The documentation promises none of that, so what looks like nothing known is a customer:
    /// better a message too many.
    /// </summary>
    private static bool IsAgent(string user, IReadOnlyList<LiveChatUser> users) => users.FirstOrDefault(u => u.Id == user)?.Type switch
    {
        null => user.Contains('@', StringComparison.Ordinal) || (user.Length == 32 && user.All(char.IsAsciiHexDigit)),
        var type => type != LiveChatUser.Customer,
    };

    private static string IdOf(params ReadOnlySpan<string?> pieces)
    {
        foreach (var piece in pieces)
        {
            if (string.IsNullOrEmpty(piece)) return ""; // the others alone are no name of it
        }

        return string.Join('_', pieces);
    }

    private static Address Person(string? chat) => string.IsNullOrEmpty(chat) ? Address.Unknown : new(AddressType.LivechatChat, chat);

    private static IReadOnlyList<CarrierEvent> Read<T>(LiveChatCall call, JsonTypeInfo<T> type, Func<T, IReadOnlyList<CarrierEvent>> map)
        where T : class =>
        WebhookJson.Read(call.Payload, type) is { } payload ? map(payload) : [CarrierEvent.Ignored.Unreadable];

    private static CarrierEvent.Ignored Ignored(string reason) => new() { Reason = reason };
}
