using System.Security.Cryptography;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.Inteliquent;

/// <summary>Everything the simulated account remembers.</summary>
internal sealed class InteliquentAccount(InteliquentOptions options, int keepMessages, TimeProvider clock)
{
    private const string IdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public InteliquentOptions Options => options;
    public TimeProvider Clock => clock;
    public BehaviourScript Script { get; } = new();
    public SenderBuckets Rates { get; } = new(options.Rate, clock);
    public Outbox<InteliquentMessage> Messages { get; } = new(keepMessages);
    public Outbox<InteliquentRefused> Refused { get; } = new(keepMessages);

    /// <summary>What the people did.</summary>
    public PhoneLog Written { get; } = new();

    /// <summary>Which formula makes the hash headers now.</summary>
    public InteliquentHash Hash { get; set; } = options.Hash;

    /// <summary>The 16 characters by which inbound messages go.</summary>
    public static string NewInboundId() => RandomNumberGenerator.GetString(IdCharacters, 16);

    public void Reset()
    {
        Script.Clear();
        Rates.Reset();
        Messages.Clear();
        Refused.Clear();
        Hash = options.Hash;
    }
}
