using System.Text.Json.Nodes;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.LiveChat;

/// <summary>Everything the simulated license remembers. What reads or changes chats holds <see cref="Gate"/>.</summary>
internal sealed class LiveChatAccount(LiveChatOptions options, int keepMessages, TimeProvider clock)
{
    private const int KeepFiles = 1000;

    private readonly Dictionary<string, LiveChatChat> _chats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LiveChatCustomer> _customers = new(StringComparer.Ordinal);
    private DateTimeOffset _lastMoment;

    public Lock Gate { get; } = new();
    public LiveChatOptions Options => options;
    public TimeProvider Clock => clock;
    public BehaviourScript Script { get; } = new();
    public SenderBuckets Rates { get; } = new(options.Rate, clock);
    public Outbox<LiveChatMessage> Messages { get; } = new(keepMessages);
    public Outbox<LiveChatRefused> Refused { get; } = new(keepMessages);

    /// <summary>What the people did.</summary>
    public PhoneLog Written { get; } = new();

    public Outbox<LiveChatFile> Files { get; } = new(KeepFiles);

    public IEnumerable<LiveChatChat> Chats => _chats.Values;

    public LiveChatChat? FindChat(string? id) => id is null ? null : _chats.GetValueOrDefault(id);

    public LiveChatChat? ChatOf(string customer) => _chats.Values.FirstOrDefault(chat => chat.Customer.Id == customer);

    public LiveChatCustomer? FindCustomer(string? id) => id is null ? null : _customers.GetValueOrDefault(id);

    /// <summary>A customer, made when there is none with the id yet.</summary>
    public LiveChatCustomer Customer(string? id, string? name)
    {
        id ??= Guid.NewGuid().ToString();
        if (_customers.TryGetValue(id, out var known)) return known;
        return _customers[id] = new(id, name ?? "Customer");
    }

    public LiveChatChat NewChat(LiveChatCustomer customer)
    {
        var chat = new LiveChatChat(LiveChatJson.NewId(), customer);
        return _chats[chat.Id] = chat;
    }

    public LiveChatThread NewThread(LiveChatChat chat)
    {
        var thread = new LiveChatThread(LiveChatJson.NewId(), Moment(), chat.Threads is [.., var last] ? last.Id : null);
        chat.Threads.Add(thread);
        return thread;
    }

    /// <summary>Puts an event into the active thread: what was given, and what LiveChat adds.</summary>
    public JsonObject Append(LiveChatChat chat, string author, JsonObject given)
    {
        var thread = chat.Active!;
        var made = new JsonObject
        {
            ["id"] = $"{thread.Id}_{thread.Events.Count + 1}",
            ["created_at"] = Moment(),
            ["author_id"] = author,
            ["visibility"] = "all",
        };
        foreach (var (name, value) in given) made[name] = value?.DeepClone();
        thread.Events.Add(made);
        chat.SeenUpTo[author] = (string)made["created_at"]!;
        return made;
    }

    /// <summary>Now, and later than the moment before: two events never share one.</summary>
    public string Moment()
    {
        var now = clock.GetUtcNow();
        now = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        _lastMoment = now > _lastMoment ? now : _lastMoment + TimeSpan.FromMicroseconds(1);
        return LiveChatJson.Time(_lastMoment);
    }

    public void Reset()
    {
        lock (Gate)
        {
            _chats.Clear();
            _customers.Clear();
        }

        Script.Clear();
        Rates.Reset();
        Messages.Clear();
        Refused.Clear();
        Files.Clear();
    }
}

/// <summary>An event that our side sent, and what became of it.</summary>
internal sealed class LiveChatMessage(string action, LiveChatChat chat, string threadId, JsonObject sent)
{
    private readonly List<object> _webhooks = [];

    public string Id => (string)sent["id"]!;
    public string ChatId => chat.Id;
    public string CustomerId => chat.Customer.Id;
    public string ThreadId => threadId;
    public JsonObject Event => sent;

    /// <summary>How it comes back: as an event, or inside the thread that it began.</summary>
    public string Echo => action == "send_event" ? LiveChatReceipts.IncomingEvent : LiveChatReceipts.IncomingChat;

    /// <summary>How the call was answered: <c>200</c>, or the way in which its answer was lost.</summary>
    public object Answer { get; set; } = 200;

    public void AddWebhook(object webhook)
    {
        lock (_webhooks) _webhooks.Add(webhook);
    }

    public object Snapshot()
    {
        lock (_webhooks)
            return new
            {
                id = Id, action, chatId = ChatId, customerId = CustomerId, threadId, answer = Answer, @event = sent,
                webhooks = _webhooks.ToArray()
            };
    }
}

/// <summary>A call that was refused.</summary>
internal sealed record LiveChatRefused(DateTimeOffset At, string Action, int HttpStatus, string Type, string Message);
