using System.Text.Json.Serialization;

namespace Omni.Client;

/// <summary>
/// A message to many. Texts, captions and the variables of templates may hold {{name}}, which is filled with the recipient's own, or
/// {{name|fallback}} for those without it.
/// </summary>
public sealed record BulkRequest : MessageRequest
{
    /// <summary>Your name for the batch.</summary>
    public string? Name { get; init; }

    /// <summary>Who it goes to: 1 to 10,000.</summary>
    public required IReadOnlyList<BulkRecipient> Recipients { get; init; }

    /// <summary>Whether nothing is taken when one recipient is refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Atomic { get; init; }

    /// <summary>Whether the same address may come twice. Otherwise it is one message: the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllowDuplicates { get; init; }

    /// <summary>The carrier: <see cref="CarrierId"/>; null lets your routes choose.</summary>
    public string? Carrier { get; init; }

    /// <summary>Who it comes from; null lets your routes choose.</summary>
    public Address? From { get; init; }

    /// <summary>What it is to be, where your routes choose: <see cref="SenderChannel"/>; null for anything.</summary>
    public string? Channel { get; init; }
}

/// <summary>One recipient, and what is their own.</summary>
public sealed record BulkRecipient
{
    /// <summary>Who it goes to.</summary>
    public required Address To { get; init; }

    /// <summary>What fills the placeholders, by name. Who lacks a name that has no fallback is refused.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Your own reference.</summary>
    public string? ClientReference { get; init; }

    /// <summary>Your own data, as with a send.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>What it says to them, instead; null for the same.</summary>
    public Content? Content { get; init; }
}

/// <summary>A batch as it was taken.</summary>
public sealed record BulkAccepted
{
    /// <summary>The batch's id.</summary>
    public required string BatchId { get; init; }

    /// <summary>How many messages it has.</summary>
    public required int Accepted { get; init; }

    /// <summary>Who it is not sent to, and why.</summary>
    public required IReadOnlyList<RefusedRecipient> Refused { get; init; }

    /// <summary>The places in the request of recipients whose address was in it before.</summary>
    public required IReadOnlyList<int> Duplicates { get; init; }

    /// <summary>Where it is read.</summary>
    public required BatchLinks Links { get; init; }
}

/// <summary>A recipient that is not sent to.</summary>
public sealed record RefusedRecipient
{
    /// <summary>Its place in the request.</summary>
    public required int Index { get; init; }

    /// <summary>Why: <see cref="ProblemCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>
    /// What is wrong with it, as a send would tell: the first five, or fewer where many are refused. $ is the recipient as a whole.
    /// </summary>
    public required IReadOnlyList<FieldError> Errors { get; init; }
}

/// <summary>A batch and how far it is. In lists and events it has no counts, percent and cancellation.</summary>
public sealed record Batch
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Your name for it.</summary>
    public string? Name { get; init; }

    /// <summary>How it is: <see cref="BatchState"/>.</summary>
    public required string State { get; init; }

    /// <summary>The carrier: <see cref="CarrierId"/>. Where your routes chose several: of most of its segments.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who it comes from. Where your routes chose several: of most of its segments.</summary>
    public required Address From { get; init; }

    /// <summary>Where your routes chose several senders: the eight of most segments; null where it has one.</summary>
    public IReadOnlyList<BatchSender>? Senders { get; init; }

    /// <summary>The label of its messages.</summary>
    public string? Label { get; init; }

    /// <summary>How many messages it has.</summary>
    public required int Total { get; init; }

    /// <summary>How many recipients were refused.</summary>
    public required int Refused { get; init; }

    /// <summary>How many recipients were in it already.</summary>
    public required int Duplicates { get; init; }

    /// <summary>How many messages are where. Together they are total.</summary>
    public BatchCounts? Counts { get; init; }

    /// <summary>Of a canceled batch: what became of the wish.</summary>
    public BatchCancellation? Cancellation { get; init; }

    /// <summary>How much of it is decided: 100 only when all is.</summary>
    public int? Percent { get; init; }

    /// <summary>While it runs: how many messages are sent a second.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>While it runs: when it ends at this rate.</summary>
    public DateTimeOffset? EstimatedEndAt { get; init; }

    /// <summary>When it begins, where that was asked for.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where it is read.</summary>
    public required BatchLinks Links { get; init; }
}

/// <summary>How many messages are where. Together they are total.</summary>
public sealed record BatchCounts
{
    /// <summary>Not released yet.</summary>
    public required int Waiting { get; init; }

    /// <summary>Released, and on the way to the carrier.</summary>
    public required int Pending { get; init; }

    /// <summary>Released, and waiting for the person's delivery window.</summary>
    public required int Scheduled { get; init; }

    /// <summary>Held: perhaps sent, and nothing tells.</summary>
    public required int Unknown { get; init; }

    /// <summary>The carrier has them.</summary>
    public required int Sent { get; init; }

    /// <summary>Taken back.</summary>
    public required int Canceled { get; init; }

    /// <summary>Refused by a rule of Omni.</summary>
    public required int Rejected { get; init; }

    /// <summary>Their time was over.</summary>
    public required int Expired { get; init; }

    /// <summary>Refused by the carrier.</summary>
    public required int Failed { get; init; }

    /// <summary>Reported undelivered.</summary>
    public required int Undelivered { get; init; }

    /// <summary>Reported delivered.</summary>
    public required int Delivered { get; init; }

    /// <summary>Reported read.</summary>
    public required int Read { get; init; }
}

/// <summary>What became of the wish to end a batch.</summary>
public sealed record BatchCancellation
{
    /// <summary>How many messages never leave.</summary>
    public required int Canceled { get; init; }

    /// <summary>How many the carrier has.</summary>
    public required int Escaped { get; init; }

    /// <summary>How many are not decided yet.</summary>
    public required int Pending { get; init; }
}

/// <summary>Where a batch is read.</summary>
public sealed record BatchLinks
{
    /// <summary>The thing itself.</summary>
    public required string Self { get; init; }

    /// <summary>Its messages.</summary>
    public required string Messages { get; init; }
}

/// <summary>A sender of a batch that was routed to several.</summary>
public sealed record BatchSender
{
    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who it comes from.</summary>
    public required Address From { get; init; }

    /// <summary>What the carrier counts for the messages that leave from it.</summary>
    public required int Segments { get; init; }
}
