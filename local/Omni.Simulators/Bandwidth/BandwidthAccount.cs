using System.Collections.Concurrent;
using System.Security.Cryptography;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.Bandwidth;

/// <summary>Everything that the simulated account remembers.</summary>
internal sealed class BandwidthAccount(BandwidthOptions options, int keepMessages, TimeProvider clock)
{
    private static readonly string[] Stop = ["STOP"], Start = ["START", "UNSTOP"];

    // Toll-free numbers of North America.
    private static readonly string[] TollFree = ["+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888"];

    private readonly ConcurrentDictionary<(string Number, string Person), byte> _stopped = new();

    public BandwidthOptions Options => options;
    public TimeProvider Clock => clock;
    public BehaviourScript Script { get; } = new();
    public BandwidthTokens Tokens { get; } = new(options, clock);

    /// <summary>One bucket: the account's queue, whoever of its numbers sends.</summary>
    public SenderBuckets Queue { get; } = new(options.Rate, clock);

    public Outbox<BandwidthMessage> Messages { get; } = new(keepMessages);
    public Outbox<BandwidthRefused> Refused { get; } = new(keepMessages);

    /// <summary>What the people did.</summary>
    public PhoneLog Written { get; } = new();

    public ConcurrentDictionary<string, BandwidthMedia> Media { get; } = new(StringComparer.Ordinal);

    /// <summary>29 lower-case characters, opaque.</summary>
    public string NewId() =>
        $"{clock.GetUtcNow().ToUnixTimeMilliseconds():D13}{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 16)}";

    /// <summary>The network of a toll-free number obeys STOP; for other numbers nobody does, and Bandwidth says nothing.</summary>
    public void Hear(string person, string number, string? text)
    {
        if (!TollFree.Any(number.StartsWith)) return;

        var word = (text ?? "").Trim().ToUpperInvariant();
        if (Stop.Contains(word)) _stopped.TryAdd((number, person), 0);
        if (Start.Contains(word)) _stopped.TryRemove((number, person), out _);
    }

    /// <summary>The code with which a message ends, if no rule says otherwise; null when it is delivered.</summary>
    /// <summary>Whether an address leads to a file that was uploaded here: it is given out with credentials only.</summary>
    public bool IsUploaded(string url) => Media.Keys.Any(name => url.EndsWith("/media/" + name, StringComparison.Ordinal));

    public int? FailureOf(BandwidthMessage message, string to) =>
        !options.OwnNumbers.Contains(message.From)
            ? 4407
            : _stopped.ContainsKey((message.From, to)) ? 4775 : message.From == to ? 4401 : null;

    public void Reset()
    {
        Script.Clear();
        Queue.Reset();
        Messages.Clear();
        Refused.Clear();
        Media.Clear();
        _stopped.Clear();
    }
}
