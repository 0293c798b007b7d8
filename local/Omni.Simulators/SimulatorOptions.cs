using Omni.Simulators.Bandwidth;
using Omni.Simulators.Inteliquent;
using Omni.Simulators.LiveChat;
using Omni.Simulators.MessageBird;
using Omni.Simulators.Twilio;
using Omni.Simulators.WhatsApp;

namespace Omni.Simulators;

/// <summary>What the simulators are told by the application that hosts them.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Where inbound messages go: <c>{WebhookBaseUrl}/webhooks/{carrier}</c>. Null: the host that serves the simulators.</summary>
    public Uri? WebhookBaseUrl { get; init; }

    /// <summary>Where a webhook's address is reached, which may be another place than the one it names. Null: where it says.</summary>
    public Func<Uri, Uri>? Reach { get; init; }

    /// <summary>
    /// How the carriers' APIs are addressed from outside, for links in webhooks. Null: as the control request was addressed.
    /// </summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The simulators' clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The pause before each delivery receipt, unless a rule of behaviour names another.</summary>
    public TimeSpan ReceiptDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How many messages each simulator remembers; the oldest drop out.</summary>
    public int KeepMessages { get; init; } = 100_000;

    /// <summary>The simulated WhatsApp account.</summary>
    public WhatsAppOptions WhatsApp { get; init; } = new();

    /// <summary>The simulated Bandwidth account.</summary>
    public BandwidthOptions Bandwidth { get; init; } = new();

    /// <summary>The simulated Twilio account.</summary>
    public TwilioOptions Twilio { get; init; } = new();

    /// <summary>The simulated LiveChat account.</summary>
    public LiveChatOptions LiveChat { get; init; } = new();

    /// <summary>The simulated MessageBird account.</summary>
    public MessageBirdOptions MessageBird { get; init; } = new();

    /// <summary>The simulated Inteliquent account.</summary>
    public InteliquentOptions Inteliquent { get; init; } = new();
}
