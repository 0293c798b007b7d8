using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.MessageBird;

/// <summary>Everything the simulated account remembers.</summary>
internal sealed class MessageBirdAccount(MessageBirdOptions options, int keepMessages, TimeProvider clock)
{
    private const int KeepMedia = 1000;
    private static readonly TimeSpan WhatsAppWindow = TimeSpan.FromHours(24);

    // https://docs.bird.com, "Opt-in and opt-out compliance"
    private static readonly FrozenSet<string> OutWords = FrozenSet.ToFrozenSet(
        ["stop", "stopall", "end", "quit", "cancel", "unsubscribe", "arret"], StringComparer.OrdinalIgnoreCase);
    private static readonly FrozenSet<string> InWords = FrozenSet.ToFrozenSet(
        ["start", "begin", "resume", "revert", "unstop", "yes"], StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<(string Sender, string Person), bool> _optedOut = new();
    private readonly ConcurrentDictionary<(string Channel, string Person), DateTimeOffset> _lastInbound = new();

    public MessageBirdOptions Options => options;
    public TimeProvider Clock => clock;
    public BehaviourScript Script { get; } = new();
    public SenderBuckets Rates { get; } = new(options.Rate, clock);
    public Outbox<MessageBirdMessage> Messages { get; } = new(keepMessages);
    public Outbox<MessageBirdRefused> Refused { get; } = new(keepMessages);
    public Outbox<MessageBirdMedia> Media { get; } = new(KeepMedia);

    /// <summary>What the people did.</summary>
    public PhoneLog Written { get; } = new();

    /// <summary>The schemes by which webhooks are signed.</summary>
    public MessageBirdScheme Scheme { get; set; }

    /// <summary>Who has opted out of whom.</summary>
    public IEnumerable<object> OptedOut => _optedOut.Keys.Select(pair => new { sender = pair.Sender, recipient = pair.Person });

    /// <summary>MessageBird's ids: 32 hex digits.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public MessageBirdChannel? ChannelOf(string id) => options.Channels.FirstOrDefault(channel => channel.Id == id);

    /// <summary>A person wrote: opens WhatsApp's window, and obeys the words that opt out and in. On WhatsApp nobody obeys them.</summary>
    /// <returns>STOP, START, or null for a message like any other.</returns>
    public string? Hear(string person, string sender, string text)
    {
        if (ChannelOf(sender) is { } channel)
        {
            _lastInbound[(channel.Id, person)] = clock.GetUtcNow();
            return null;
        }

        var word = text.Trim();
        if (OutWords.Contains(word))
        {
            _optedOut[(sender, person)] = true;
            return "STOP";
        }

        if (!InWords.Contains(word)) return null;
        _optedOut.TryRemove((sender, person), out _);
        return "START";
    }

    /// <summary>How a message ends at a recipient if no rule says otherwise.</summary>
    public MessageBirdEnding EndingOf(MessageBirdMessage message, string recipient)
    {
        if (message.Kind is not MessageBirdKind.Conversation)
        {
            return _optedOut.ContainsKey((message.From, recipient))
                ? new(["delivery_failed"], MessageBirdNumbers.OptedOut)
                : MessageBirdNumbers.Endings.GetValueOrDefault(recipient, MessageBirdNumbers.Delivered);
        }

        return IsOutsideWindow(message, recipient)
            ? new(["pending", "failed"], MessageBirdNumbers.WindowClosed)
            : MessageBirdNumbers.ConversationEndings.GetValueOrDefault(recipient, MessageBirdNumbers.DeliveredByChannel);
    }

    public void Reset()
    {
        Script.Clear();
        Rates.Reset();
        Messages.Clear();
        Refused.Clear();
        Media.Clear();
        Scheme = MessageBirdScheme.Jwt;
        _optedOut.Clear();
        _lastInbound.Clear();
    }

    // WhatsApp takes free text only within a day of the person's last message; a template always.
    private bool IsOutsideWindow(MessageBirdMessage message, string person) =>
        ChannelOf(message.From) is { Platform: "whatsapp" }
        && (string?)message.Request["type"] is not "hsm"
        && !(_lastInbound.TryGetValue((message.From, person), out var last) && clock.GetUtcNow() - last < WhatsAppWindow);
}
