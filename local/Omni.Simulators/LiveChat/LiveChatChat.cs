using System.Text.Json.Nodes;

namespace Omni.Simulators.LiveChat;

/// <summary>A chat: one customer, the agents who are with them, and its threads, of which the last may be active.</summary>
internal sealed class LiveChatChat(string id, LiveChatCustomer customer)
{
    public string Id => id;
    public LiveChatCustomer Customer => customer;

    /// <summary>The agents in it. Only they can write.</summary>
    public HashSet<string> Agents { get; } = new(StringComparer.Ordinal);

    public List<LiveChatThread> Threads { get; } = [];

    /// <summary>Up to when each user has seen it.</summary>
    public Dictionary<string, string> SeenUpTo { get; } = new(StringComparer.Ordinal);

    public LiveChatThread? Active => Threads is [.., { Active: true } last] ? last : null;

    public IEnumerable<string> UserIds => [customer.Id, .. Agents];

    /// <summary>The chat with one of its threads, as <c>get_chat</c> and <c>incoming_chat</c> show it.</summary>
    public JsonObject Show(LiveChatThread? thread)
    {
        var chat = new JsonObject
        {
            ["id"] = id,
            ["users"] = new JsonArray([.. Agents.Select(Agent).Prepend(Person())]),
            ["properties"] = new JsonObject(),
            ["access"] = new JsonObject { ["group_ids"] = new JsonArray(0) },
        };
        if (thread is not null) chat["thread"] = thread.Show(UserIds);
        return chat;
    }

    private JsonObject Person() => new()
    {
        ["id"] = customer.Id,
        ["type"] = "customer",
        ["name"] = customer.Name,
        ["present"] = true,
        ["events_seen_up_to"] = SeenUpTo.GetValueOrDefault(customer.Id),
    };

    private JsonObject Agent(string agent) => new()
    {
        ["id"] = agent,
        ["type"] = "agent",
        ["present"] = true,
        ["visibility"] = "all",
        ["events_seen_up_to"] = SeenUpTo.GetValueOrDefault(agent),
    };
}

/// <summary>One visit within a chat.</summary>
internal sealed class LiveChatThread(string id, string createdAt, string? previousId)
{
    public string Id => id;
    public bool Active { get; set; } = true;
    public List<JsonObject> Events { get; } = [];

    public JsonObject Show(IEnumerable<string> users)
    {
        var thread = new JsonObject
        {
            ["id"] = id,
            ["created_at"] = createdAt,
            ["active"] = Active,
            ["user_ids"] = new JsonArray([.. users.Select(user => JsonValue.Create(user))]),
            ["events"] = new JsonArray([.. Events.Select(e => e.DeepClone())]),
            ["properties"] = new JsonObject(),
            ["access"] = new JsonObject { ["group_ids"] = new JsonArray(0) },
        };
        if (previousId is not null) thread["previous_thread_id"] = previousId;
        return thread;
    }
}

/// <summary>Somebody on the company's page.</summary>
internal sealed class LiveChatCustomer(string id, string name)
{
    public string Id => id;
    public string Name => name;
    public bool Banned { get; set; }
}

/// <summary>A file on the CDN.</summary>
internal sealed record LiveChatFile(string Key, string Name, string ContentType, byte[] Content, DateTimeOffset UploadedAt)
{
    /// <summary>A file that no event uses is deleted after a day.</summary>
    public static readonly TimeSpan UnusedLife = TimeSpan.FromHours(24);

    public bool Used { get; set; }
    public bool Gone { get; set; }

    public bool IsThere(DateTimeOffset now) => !Gone && (Used || now < UploadedAt + UnusedLife);
}
