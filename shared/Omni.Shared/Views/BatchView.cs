namespace Omni.Shared;

/// <summary>A batch and how far it is, as clients see it: in the API and, without its counts, in events.</summary>
public sealed record BatchView
{
    /// <summary>Its id, <c>bat_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The client's name for it.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is.</summary>
    public required BatchState State { get; init; }

    /// <summary>The carrier's id; of a routed one that of most of its segments.</summary>
    public required string Carrier { get; init; }

    /// <summary>Our address; of a routed one that of most of its segments.</summary>
    public required Address From { get; init; }

    /// <summary>The senders that it was routed to, those of most segments first; null where it has one.</summary>
    public IReadOnlyList<BatchSender>? Senders { get; init; }

    /// <summary>The label of its messages.</summary>
    public string? Label { get; init; }

    /// <summary>How many messages it has.</summary>
    public required int Total { get; init; }

    /// <summary>How many recipients were refused.</summary>
    public required int Refused { get; init; }

    /// <summary>How many recipients were in it already.</summary>
    public required int Duplicates { get; init; }

    /// <summary>How many messages are where; null where they were not counted.</summary>
    public BatchCounts? Counts { get; init; }

    /// <summary>Of a canceled batch: what became of the wish; null for others.</summary>
    public BatchCancellation? Cancellation { get; init; }

    /// <summary>How much of it is decided, in whole percent; 100 only when all is.</summary>
    public int? Percent { get; init; }

    /// <summary>How many messages a second are released, while it runs.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>When it ends at this rate, while it runs.</summary>
    public DateTimeOffset? EstimatedEndAt { get; init; }

    /// <summary>When it begins, where that was asked for.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where it can be followed.</summary>
    public required BatchLinks Links { get; init; }

    /// <summary>The view of a batch.</summary>
    /// <param name="record">The batch.</param>
    /// <param name="now">The time.</param>
    /// <param name="counts">Its counts; null for none.</param>
    public static BatchView Of(BatchRecord record, DateTimeOffset now, BatchCounts? counts = null)
    {
        var (batch, progress) = record;
        var state = record.StateAt(now);
        var rate = state == BatchState.Running && progress.Rate > 0 ? Math.Round(progress.Rate, 1) : (double?)null;
        return new()
        {
            Id = batch.Id,
            Name = batch.Name,
            State = state,
            Carrier = batch.Carrier,
            From = batch.From,
            Senders = batch.Senders.Count > 0 ? batch.Senders : null,
            Label = batch.Label,
            Total = batch.Total,
            Refused = batch.Refused,
            Duplicates = batch.Duplicates,
            Counts = counts,
            Cancellation = state == BatchState.Canceled && counts is not null
                ? new(counts.Canceled, counts.Sent + counts.Undelivered + counts.Delivered + counts.Read, counts.Pending + counts.Scheduled)
                : null,
            Percent = counts is null ? null : (int)(100L * (batch.Total - counts.Open) / batch.Total),
            RatePerSecond = rate,
            EstimatedEndAt = rate > 0 && counts is not null
                ? DateTimeOffset.FromUnixTimeSeconds(now.AddSeconds(Math.Ceiling(counts.Open / progress.Rate)).ToUnixTimeSeconds())
                : null,
            ScheduledAt = batch.ScheduledAt,
            CreatedAt = batch.CreatedAt,
            UpdatedAt = progress.UpdatedAt,
            Links = BatchLinks.To(batch.Id),
        };
    }
}

/// <summary>How many messages of a batch are where. Together they are the batch.</summary>
public sealed record BatchCounts
{
    /// <summary>Not released yet.</summary>
    public int Waiting { get; init; }

    /// <summary>Released, and on the way to the carrier.</summary>
    public int Pending { get; init; }

    /// <summary>Released, and waiting for the time at which the person may be written to.</summary>
    public int Scheduled { get; init; }

    /// <summary>Held: perhaps sent, and nothing tells.</summary>
    public int Unknown { get; init; }

    /// <summary>The carrier has it.</summary>
    public int Sent { get; init; }

    /// <summary>Canceled.</summary>
    public int Canceled { get; init; }

    /// <summary>Refused by a rule of ours.</summary>
    public int Rejected { get; init; }

    /// <summary>Not sent in its time.</summary>
    public int Expired { get; init; }

    /// <summary>Refused by the carrier.</summary>
    public int Failed { get; init; }

    /// <summary>Reported undelivered.</summary>
    public int Undelivered { get; init; }

    /// <summary>Reported delivered.</summary>
    public int Delivered { get; init; }

    /// <summary>Reported read.</summary>
    public int Read { get; init; }

    /// <summary>How many are not decided.</summary>
    internal int Open => Waiting + Pending + Scheduled;

    /// <summary>Counts by status.</summary>
    /// <param name="waiting">Those that were not released.</param>
    /// <param name="pending">Those that were, and have no status yet.</param>
    /// <param name="byStatus">How many have each status.</param>
    public static BatchCounts Of(int waiting, int pending, IReadOnlyDictionary<MessageStatus, int> byStatus)
    {
        int Count(MessageStatus status) => byStatus.GetValueOrDefault(status);
        return new()
        {
            Waiting = waiting,
            Pending = pending,
            Scheduled = Count(MessageStatus.Scheduled),
            Unknown = Count(MessageStatus.Unknown),
            Sent = Count(MessageStatus.Sent),
            Canceled = Count(MessageStatus.Canceled),
            Rejected = Count(MessageStatus.Rejected),
            Expired = Count(MessageStatus.Expired),
            Failed = Count(MessageStatus.Failed),
            Undelivered = Count(MessageStatus.Undelivered),
            Delivered = Count(MessageStatus.Delivered),
            Read = Count(MessageStatus.Read),
        };
    }
}

/// <summary>What became of the wish to cancel a batch.</summary>
/// <param name="Canceled">How many messages never leave.</param>
/// <param name="Escaped">How many the carrier has.</param>
/// <param name="Pending">How many are not decided yet.</param>
public sealed record BatchCancellation(int Canceled, int Escaped, int Pending);

/// <summary>Where a batch can be followed.</summary>
/// <param name="Self">The path of the batch.</param>
/// <param name="Messages">The path of its messages.</param>
public sealed record BatchLinks(string Self, string Messages)
{
    /// <summary>The links of a batch.</summary>
    /// <param name="id">Its id.</param>
    public static BatchLinks To(string id)
    {
        var self = "/api/v1/batches/" + id;
        return new(self, self + "/messages");
    }
}
