using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>Where a batch is.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<BatchState>))]
public enum BatchState
{
    /// <summary>Waits for its time.</summary>
    Scheduled,

    /// <summary>Is being released at the pace at which it can be sent.</summary>
    Running,

    /// <summary>Rests until it is resumed; what was released goes on.</summary>
    Paused,

    /// <summary>What had not left of it never will.</summary>
    Canceled,

    /// <summary>Nothing of it is left to send; receipts may still come.</summary>
    Completed,
}

/// <summary>The place of a message in its batch.</summary>
/// <param name="Id">The batch.</param>
/// <param name="Index">Which of its messages, from 0.</param>
/// <param name="Total">How many messages the batch has.</param>
public sealed record BatchPlace(string Id, int Index, int Total);

/// <summary>A sender of a batch that was routed to several.</summary>
/// <param name="Carrier">The carrier's id.</param>
/// <param name="From">Our address.</param>
/// <param name="Segments">What the carrier counts for the batch's messages that leave from it.</param>
public sealed record BatchSender(string Carrier, Address From, long Segments)
{
    /// <summary>The most that are told apart.</summary>
    public const int Most = 8;
}

/// <summary>
/// Many messages that were asked for together. Nothing in it ever changes; what becomes of it is <see cref="BatchProgress"/>.
/// </summary>
public sealed record Batch
{
    /// <summary>How many messages share a status item, and a piece of the recipients' file.</summary>
    public const int ChunkSize = 64;

    /// <summary>Its id, <c>bat_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>The client's name for it; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The carrier's id; of a routed one that of most of its segments.</summary>
    public required string Carrier { get; init; }

    /// <summary>Our address; of a routed one that of most of its segments.</summary>
    public required Address From { get; init; }

    /// <summary>The senders that it was routed to, those of most segments first and no more than eight; none where it has one.</summary>
    public IReadOnlyList<BatchSender> Senders { get => field ?? []; init; }

    /// <summary>The label of its messages; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When to begin; null for at once.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>How many messages it has: the recipients that were accepted.</summary>
    public required int Total { get; init; }

    /// <summary>What the carrier counts for all of them.</summary>
    public required long Segments { get; init; }

    /// <summary>How many recipients were refused.</summary>
    public int Refused { get; init; }

    /// <summary>How many recipients were in it already.</summary>
    public int Duplicates { get; init; }

    /// <summary>The name of the file of its messages.</summary>
    public required string File { get; init; }

    /// <summary>Where in the file its index begins, in bytes.</summary>
    public required long FileIndex { get; init; }

    /// <summary>A hash of the request, to tell a replay from another request under the same idempotency key.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The id of the API key that asked for it.</summary>
    public string? Actor { get; init; }

    /// <summary>How many status items it has.</summary>
    public int Chunks => (Total + ChunkSize - 1) / ChunkSize;
}

/// <summary>
/// How far a batch is. Everything below <see cref="Released"/> is in the table of messages, nothing from <see cref="Claimed"/> on.
/// </summary>
public sealed record BatchProgress
{
    /// <summary>What is wanted of it: running, paused or canceled.</summary>
    public BatchState Wanted { get; init; } = BatchState.Running;

    /// <summary>How many of its messages were released.</summary>
    public int Released { get; init; }

    /// <summary>Up to where somebody is releasing it.</summary>
    public int Claimed { get; init; }

    /// <summary>How many of its status items are not done.</summary>
    public required int Open { get; init; }

    /// <summary>Counts what asks for the next step of its release.</summary>
    public int Dispatch { get; init; }

    /// <summary>How many of its messages were released a second lately; 0 until that is known.</summary>
    public double Rate { get; init; }

    /// <summary>When messages of it were last released; null for never.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>When the Scheduler asks for the next step, should nobody have done it; null for never.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A batch and how far it is.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Progress">How far it is.</param>
public sealed record BatchRecord(Batch Batch, BatchProgress Progress)
{
    /// <summary>Where it is, at a moment.</summary>
    /// <param name="now">The moment.</param>
    public BatchState StateAt(DateTimeOffset now) => Progress switch
    {
        { Wanted: BatchState.Canceled } => BatchState.Canceled,
        { Open: 0 } => BatchState.Completed,
        { Wanted: BatchState.Paused } => BatchState.Paused,
        _ => Batch.ScheduledAt > now ? BatchState.Scheduled : BatchState.Running,
    };
}

/// <summary>A record of the queue of batches: asks for one step of a batch's release.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Dispatch">The batch's counter; a record with another one is out of date.</param>
public sealed record BatchTick(string BatchId, int Dispatch);
