using System.Globalization;
using System.Text.Json.Nodes;

namespace Omni.Simulators.LiveChat;

/// <summary>What a call came to: a refusal, or an answer, the event that was taken, and what webhooks have to tell.</summary>
internal sealed record LiveChatOutcome
{
    public LiveChatError? Error { get; init; }
    public object Answer { get; init; } = new JsonObject();
    public LiveChatMessage? Taken { get; init; }

    /// <summary>What is told besides the event that was taken.</summary>
    public (string Action, JsonObject Payload)? Told { get; init; }

    public static implicit operator LiveChatOutcome(LiveChatError error) => new() { Error = error };
}

/// <summary>
/// The actions of the Agent Chat API, v3.6, as far as messaging needs them. https://platform.text.com/docs/messaging/agent-chat-api
/// </summary>
internal sealed class LiveChatActions(LiveChatAccount account, LiveChatFiles files)
{
    /// <summary>The members that each action takes.</summary>
    private static readonly Dictionary<string, string[]> Members = new()
    {
        ["send_event"] = ["chat_id", "event", "attach_to_last_thread"],
        ["start_chat"] = ["chat", "active", "continuous"],
        ["resume_chat"] = ["chat", "active", "continuous"],
        ["add_user_to_chat"] = ["chat_id", "user_id", "user_type", "visibility", "ignore_requester_presence"],
        ["deactivate_chat"] = ["id", "ignore_requester_presence"],
        ["mark_events_as_seen"] = ["chat_id", "seen_up_to"],
        ["get_chat"] = ["chat_id", "thread_id"],
        ["list_threads"] = ["chat_id", "sort_order", "limit", "page_id", "min_events_count", "filters"],
    };

    private string Us => account.Options.AgentId;

    /// <summary>Does what is asked; the caller holds the gate.</summary>
    public LiveChatOutcome Do(string action, JsonObject body)
    {
        if (!Members.TryGetValue(action, out var members)) return LiveChatError.Of("not_found", "Unknown action");
        if (body.FirstOrDefault(m => !members.Contains(m.Key)).Key is { } unknown) return Wrong($"`{unknown}` is not supported");
        return action switch
        {
            "send_event" => SendEvent(body),
            "start_chat" => StartChat(body),
            "resume_chat" => ResumeChat(body),
            "add_user_to_chat" => AddUser(body),
            "deactivate_chat" => Deactivate(body),
            "mark_events_as_seen" => MarkSeen(body),
            "get_chat" => GetChat(body),
            _ => ListThreads(body),
        };
    }

    private LiveChatOutcome SendEvent(JsonObject body)
    {
        if (body.Object("event") is not { } given) return Wrong("`event` is required");
        if (LiveChatEventCheck.Problem(given) is { } problem) return Wrong(problem);
        if (Find(body, "chat_id", out var chat) is { } refusal) return refusal;
        if (chat.Active is null) return LiveChatError.Of("chat_inactive");
        if (!chat.Agents.Contains(Us)) return LiveChatError.NotInChat;
        if (files.Complete(given, out var whole) is { } wrong) return Wrong(wrong);

        var made = account.Append(chat, Us, whole);
        return new() { Answer = new { event_id = (string)made["id"]! }, Taken = Take("send_event", chat, made) };
    }

    private LiveChatOutcome StartChat(JsonObject body)
    {
        var users = body.Object("chat").Array("users") ?? [];
        if (users.Any(u => u.Text("id") is null || u.Text("type") is not ("agent" or "customer")))
            return Wrong("`chat.users` needs id and type");
        // LiveChat takes none, too: nobody would read it
        if (users.Where(u => u.Text("type") == "customer").ToArray() is not [var person])
            return Wrong("`chat.users` must have one customer");
        if (account.FindCustomer(person.Text("id")) is not { } customer) return LiveChatError.Of("not_found", "Customer not found");
        if (customer.Banned) return LiveChatError.Of("customer_banned");

        // That a customer has one chat is known of the other API; how this one refuses a second is not documented.
        return account.ChatOf(customer.Id) is not null
            ? LiveChatError.Of("limit_reached", "Customer chats limit reached")
            : Open("start_chat", () => account.NewChat(customer), body);
    }

    private LiveChatOutcome ResumeChat(JsonObject body)
    {
        if (body.Object("chat") is not { } given) return Wrong("`chat` is required");
        if (Find(given, "id", out var chat) is { } refusal) return refusal;
        return chat.Active is not null ? Wrong("Chat is active already") : Open("resume_chat", () => chat, body);
    }

    private LiveChatOutcome Open(string action, Func<LiveChatChat> choose, JsonObject body)
    {
        var events = (body.Object("chat").Object("thread").Array("events") ?? []).Select(e => e as JsonObject ?? []).ToArray();
        if (events.Select(LiveChatEventCheck.Problem).FirstOrDefault(problem => problem is not null) is { } problem) return Wrong(problem);

        var whole = new List<JsonObject>();
        foreach (var given in events)
        {
            if (files.Complete(given, out var complete) is { } wrong) return Wrong(wrong);
            whole.Add(complete);
        }

        var chat = choose();
        chat.Agents.Add(Us);
        var thread = account.NewThread(chat);
        JsonObject[] made = [.. whole.Select(e => account.Append(chat, Us, e))];
        thread.Active = body.Flag("active", usual: true);

        var ids = made.Select(e => (string)e["id"]!).ToArray();
        return new()
        {
            Answer = action == "start_chat"
                ? new { chat_id = chat.Id, thread_id = thread.Id, event_ids = ids }
                : new { thread_id = thread.Id, event_ids = ids },
            Taken = made is [var first, ..] ? Take(action, chat, first) : null,
        };
    }

    private LiveChatOutcome AddUser(JsonObject body)
    {
        if (body.Text("user_id") is not { } user
            || body.Text("user_type") is not ("agent" or "customer")
            || body.Text("visibility") is not ("all" or "agents"))
        {
            return Wrong("`user_id`, `user_type` and `visibility` are required");
        }

        if (Find(body, "chat_id", out var chat) is { } refusal) return refusal;
        if (user != Us) return LiveChatError.Of("not_found", "Agent not found");
        if (chat.Active is null) return LiveChatError.Of("chat_inactive");
        if (chat.Agents.Contains(user)) return LiveChatError.Of("already_exists");
        if (!body.Flag("ignore_requester_presence")) return LiveChatError.NotInChat;
        if (chat.Agents.Count > 0) return LiveChatError.Of("limit_reached");

        chat.Agents.Add(user);
        return new()
        {
            Told = ("user_added_to_chat", new()
            {
                ["chat_id"] = chat.Id, ["thread_id"] = chat.Active.Id,
                ["user"] = new JsonObject { ["id"] = user, ["type"] = "agent", ["visibility"] = "all" },
                ["user_type"] = "agent", ["reason"] = "manual", ["requester_id"] = user,
            }),
        };
    }

    private LiveChatOutcome Deactivate(JsonObject body)
    {
        if (Find(body, "id", out var chat) is { } refusal) return refusal;
        if (chat.Active is not { } thread) return LiveChatError.Of("chat_inactive");
        if (!chat.Agents.Contains(Us) && !body.Flag("ignore_requester_presence")) return LiveChatError.NotInChat;

        thread.Active = false;
        return new() { Told = ("chat_deactivated", new() { ["chat_id"] = chat.Id, ["thread_id"] = thread.Id, ["user_id"] = Us }) };
    }

    private LiveChatOutcome MarkSeen(JsonObject body)
    {
        if (!DateTimeOffset.TryParse(body.Text("seen_up_to"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var upTo))
            return Wrong("`seen_up_to` is not a date");
        if (Find(body, "chat_id", out var chat) is { } refusal) return refusal;

        chat.SeenUpTo[Us] = LiveChatJson.Time(upTo);
        return new()
        {
            Told = (LiveChatReceipts.Seen, new() { ["user_id"] = Us, ["chat_id"] = chat.Id, ["seen_up_to"] = chat.SeenUpTo[Us] })
        };
    }

    private LiveChatOutcome GetChat(JsonObject body)
    {
        if (Find(body, "chat_id", out var chat) is { } refusal) return refusal;
        var wanted = body.Text("thread_id");
        var thread = chat.Threads.LastOrDefault(t => wanted is null || t.Id == wanted);
        return thread is null && wanted is not null
            ? LiveChatError.Of("not_found", "Thread not found")
            : new LiveChatOutcome { Answer = chat.Show(thread) };
    }

    private LiveChatOutcome ListThreads(JsonObject body)
    {
        if (Find(body, "chat_id", out var chat) is { } refusal) return refusal;
        var limit = body["limit"] is JsonValue given && given.TryGetValue(out int number) ? number : 3;
        return limit is < 1 or > 100
            ? Wrong("`limit` must be 1 to 100")
            : new LiveChatOutcome { Answer = new
            {
                threads = chat.Threads.AsEnumerable().Reverse().Take(limit).Select(t => t.Show(chat.UserIds)),
                found_threads = chat.Threads.Count
            } };
    }

    private LiveChatError? Find(JsonObject body, string member, out LiveChatChat chat)
    {
        chat = account.FindChat(body.Text(member))!;
        return body.Text(member) is null ? Wrong($"`{member}` is required")
            : chat is null ? LiveChatError.Of("not_found", "Chat not found")
            : chat.Customer.Banned ? LiveChatError.Of("customer_banned")
            : null;
    }

    private LiveChatMessage Take(string action, LiveChatChat chat, JsonObject made)
    {
        var message = new LiveChatMessage(action, chat, chat.Threads[^1].Id, made);
        account.Messages.Add(message.Id, message);
        return message;
    }

    private static LiveChatError Wrong(string why) => LiveChatError.Of("validation", why);
}
