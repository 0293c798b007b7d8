using System.Collections.Concurrent;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.Twilio;

/// <summary>Everything the simulated account remembers.</summary>
internal sealed class TwilioAccount(TwilioOptions options, int keepMessages, TimeProvider clock)
{
    private const int KeepMedia = 1000;
    private static readonly TimeSpan WhatsAppWindow = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<(string Sender, string Person), DateTimeOffset> _lastInbound = new();

    public TwilioOptions Options => options;
    public TimeProvider Clock => clock;
    public BehaviourScript Script { get; } = new();
    public TwilioOptOuts OptOuts { get; } = new(options);
    public SenderBuckets Rates { get; } = new(options.Rate, clock);
    public Outbox<TwilioMessage> Messages { get; } = new(keepMessages);
    public Outbox<TwilioRefused> Refused { get; } = new(keepMessages);
    public Outbox<TwilioMedia> Media { get; } = new(KeepMedia);

    /// <summary>What the people did.</summary>
    public PhoneLog Written { get; } = new();

    public TwilioService? ServiceOf(string sender) => options.Services.FirstOrDefault(service => service.Pool.Contains(sender));

    public void Remember(TwilioMessage message)
    {
        Messages.Add(message.Sid, message);
        if (!message.IsOutbound) _lastInbound[(message.To, message.Sender)] = message.CreatedAt;
    }

    /// <summary>How this message ends if no rule says otherwise.</summary>
    public TwilioEnding EndingOf(TwilioMessage message)
    {
        // Somebody said STOP while the message was waiting for its time.
        if (OptOuts.Blocks(message.Sender, message.To)) return new TwilioEnding(["failed"], 21610);
        return IsOutsideWindow(message) ? new TwilioEnding(["failed"], 63016) : TwilioNumbers.EndingOf(message.To);
    }

    public void Reset()
    {
        Script.Clear();
        OptOuts.Clear();
        Rates.Reset();
        Messages.Clear();
        Refused.Clear();
        Media.Clear();
        _lastInbound.Clear();
    }

    // WhatsApp takes free text only within a day of the person's last message; a template always.
    private bool IsOutsideWindow(TwilioMessage message) =>
        TwilioAddress.ChannelOf(message.To) is "whatsapp"
        && !message.Parameters.ContainsKey("ContentSid")
        && !(_lastInbound.TryGetValue((message.Sender, message.To), out var last) && clock.GetUtcNow() - last < WhatsAppWindow);
}
