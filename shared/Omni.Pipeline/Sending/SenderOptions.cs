using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// The times and numbers of a sender. HTTP time-out (8 s) &lt; <see cref="Lease"/> &lt; the function's time-out (20 s) &lt;
/// visibility (120 s).
/// </summary>
public sealed record SenderOptions
{
    /// <summary>The carrier.</summary>
    public required Carrier Carrier { get; init; }

    /// <summary>Segments per second, of a sender or of the account as the catalogue says; null for no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>How long an attempt's answer is waited for by others: a turn that is near, and the calls.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The most that all calls of an attempt may take together, those that prepare it included; below <see cref="Lease"/>.
    /// </summary>
    public TimeSpan AttemptTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A turn no further ahead than this is waited for; until a later one the record is parked.</summary>
    public TimeSpan MaxSlotWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How far ahead bulk may reserve: it never delays anything else by more.</summary>
    public TimeSpan BulkAhead { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How far ahead the rest may reserve.</summary>
    public TimeSpan NormalAhead { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The first bound of the wait before another attempt; it doubles with each.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The highest bound of that wait.</summary>
    public TimeSpan BackoffCap { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How many attempts may follow the first, not counting rate limits and faults of ours.</summary>
    public int MaxRetries { get; init; } = 20;

    /// <summary>How many faults of ours move a record to the dead-letter queue.</summary>
    public int MaxFaults { get; init; } = 5;

    /// <summary>How long an unknown outcome is reconciled before a look-up that finds nothing, or its policy, decides.</summary>
    public TimeSpan MaxReconciling { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// How long a prompt receipt is waited for before its absence counts. Above the 180 s after which the inbound queue gives back what a
    /// function of ours died with: a receipt may come so late although the carrier was quick.
    /// </summary>
    public TimeSpan ReceiptPatience { get; init; } = TimeSpan.FromSeconds(240);

    /// <summary>With less time left than this a part is not begun.</summary>
    public TimeSpan NeededTime { get; init; } = CarrierHttp.Timeout + TimeSpan.FromSeconds(5);

    /// <summary>How much time of an invocation is left for writing down what became of a file.</summary>
    public TimeSpan FinishingTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long an inbound file is tried for: the carrier that keeps them shortest keeps them for 48 hours.</summary>
    public TimeSpan MediaAge { get; init; } = TimeSpan.FromHours(47);

    /// <summary>How long a read mark is tried for.</summary>
    public TimeSpan ReadMarkAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The largest inbound file that is kept: what the carrier with the largest files lets people send.</summary>
    public long MaxMediaBytes { get; init; } = 100L * 1024 * 1024;

    /// <summary>The dead-letter queue's URL.</summary>
    public required string DeadLetterQueue { get; init; }
}
