using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What has become of a message so far.</summary>
public sealed record MessageState
{
    /// <summary>The effective status with its reason.</summary>
    public required RankKey Rank { get; init; }

    /// <summary>The state of each part, in order.</summary>
    public IReadOnlyList<PartState> Parts { get; init; } = [];

    /// <summary>Everything that happened, in order of time.</summary>
    public IReadOnlyList<TimelineEvent> Timeline { get; init; } = [];

    /// <summary>How often it was asked to be sent; each raise makes one queue record.</summary>
    public int Dispatch { get; init; }

    /// <summary>Whether the carrier reported both a success and a failure for the same attempt.</summary>
    public bool Contradicted { get; init; }

    /// <summary>Whether the client asked to cancel it.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>The message that last repeated it at the client's wish; null for none.</summary>
    public string? ResentAs { get; init; }

    /// <summary>Of a message with a plan: the leg that was begun last, from 0.</summary>
    public int CurrentLeg { get; init; }

    /// <summary>
    /// Of a message with a plan: the other legs that may have reached the person too, beside the one that counts. Empty for none.
    /// </summary>
    public IReadOnlyList<int> AlsoSent { get => field ?? []; init; }

    /// <summary>Why its files cannot go to its carrier, in words; null where they can.</summary>
    public string? MediaProblem { get; init; }

    /// <summary>Inbound only: what became of each of its files, in the content's order.</summary>
    public IReadOnlyList<FileState> Files { get; init; } = [];

    /// <summary>Inbound only: whether the client asked that the carrier be told that it was read.</summary>
    public bool ReadAsked { get; init; }

    /// <summary>Inbound only: what became of the turn that it gave its processor; null when there was none yet.</summary>
    public TurnResult? Turn { get; init; }

    /// <summary>When its content was deleted; null when it was not.</summary>
    public DateTimeOffset? ContentDeletedAt { get; init; }

    /// <summary>How many files its content had when it was deleted.</summary>
    public int DeletedFiles { get; init; }

    /// <summary>When the person that it was written to or by was deleted; null when they were not.</summary>
    public DateTimeOffset? PersonDeletedAt { get; init; }

    /// <summary>When the Scheduler must look at it; null when it need not.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When an attempt's call to the carrier was begun; null when the timeline that was read does not tell.</summary>
    /// <param name="part">The part, from 0.</param>
    /// <param name="attempt">The attempt, from 1.</param>
    public DateTimeOffset? BegunAt(int part, int attempt) =>
        Timeline.FirstOrDefault(e => e.Part == part && e.Attempt == attempt && e.Type == MessageStatus.Sending.Word())?.At;
}

/// <summary>A message and what has become of it.</summary>
/// <param name="Message">As it was asked for.</param>
/// <param name="State">What has become of it.</param>
public sealed record MessageRecord(Message Message, MessageState State)
{
    /// <summary>The effective status.</summary>
    public MessageStatus Status => State.Rank.Status;

    /// <summary>The carrier whose codes the status speaks: of a message with a plan, that of the leg that was begun last.</summary>
    public string StatusCarrier => Message.Failover is { } legs ? legs[State.CurrentLeg].Carrier : Message.Carrier;

    /// <summary>Of a message with a plan: the id of the leg that was begun last.</summary>
    public string CurrentLegId => Legs.IdOf(Message.Id, State.CurrentLeg);
}

/// <summary>How far the fetching of a file is.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<FileStatus>))]
public enum FileStatus
{
    /// <summary>On its way from the carrier.</summary>
    Pending,

    /// <summary>Kept.</summary>
    Stored,

    /// <summary>The carrier does not give it out.</summary>
    Failed,
}

/// <summary>What became of one file of an inbound message.</summary>
public sealed record FileState
{
    /// <summary>How far it is.</summary>
    public FileStatus Status { get; init; }

    /// <summary>Our id of the kept file, <c>med_…</c>: the same bytes have the same id.</summary>
    public string? MediaId { get; init; }

    /// <summary>Its type, as the carrier said.</summary>
    public string? MimeType { get; init; }

    /// <summary>Its size.</summary>
    public long? Bytes { get; init; }

    /// <summary>The SHA-256 of its bytes, lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Its content type as its bytes tell it; null where they tell none.</summary>
    public string? DetectedType { get; init; }

    /// <summary>Its width in pixels, as it is shown.</summary>
    public int? Width { get; init; }

    /// <summary>Its height in pixels, as it is shown.</summary>
    public int? Height { get; init; }

    /// <summary>How long it plays, in milliseconds.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Why there is none.</summary>
    public string? Code { get; init; }
}

/// <summary>The state of one part.</summary>
public sealed record PartState
{
    /// <summary>Its status with its reason.</summary>
    public required RankKey Rank { get; init; }

    /// <summary>How often a call to the carrier was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>
    /// How many of them count against the number of retries: those that neither a rate limit nor a fault of ours explains.
    /// </summary>
    public int Retries { get; init; }

    /// <summary>Until when the open attempt's answer is waited for; null when no attempt is open.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Its turn under the sender's rate; null when it holds none.</summary>
    public Slot? Slot { get; init; }

    /// <summary>Since when its outcome was unknown; stays when it is settled. Null when it never was.</summary>
    public DateTimeOffset? UnknownSince { get; init; }

    /// <summary>How often a fault of ours stopped it.</summary>
    public int Faults { get; init; }

    /// <summary>The status it was put off in the last time, with the reason; stays when it goes on. Null when it never was.</summary>
    public RankKey? Deferral { get; init; }

    /// <summary>The carrier's id, once it took it.</summary>
    public string? CarrierMessageId { get; init; }

    /// <summary>When it stands in the conversation by the carrier's own clock, where that matters.</summary>
    public DateTimeOffset? CarrierTime { get; init; }

    /// <summary>What it costs, where the carrier says so.</summary>
    public Pricing? Pricing { get; init; }

    /// <summary>Whether it waits to be sent: nothing of it has left, and it is not over.</summary>
    public bool IsWaiting => Rank.Status < MessageStatus.Unknown && LeaseUntil is null;

    /// <summary>Whether it may have reached the person, or may still: the carrier has it or may have it, and no failure is known.</summary>
    public bool MayArrive => IsPending || Rank.Status is MessageStatus.Sent || Rank.Status.IsDeviceSuccess();

    /// <summary>Whether the carrier may have it: a call is open, or its outcome is unknown.</summary>
    public bool IsPending => Rank.Status == MessageStatus.Unknown || (Rank.Status < MessageStatus.Unknown && LeaseUntil is not null);
}

/// <summary>A turn under a sender's rate: a place, whose moment the line tells.</summary>
/// <param name="Place">The place, in thousandths of a segment.</param>
/// <param name="IsFront">Whether it is among those who are let in front of the line.</param>
public readonly record struct Slot(long Place, bool IsFront = false);

/// <summary>One thing that happened to a message.</summary>
public sealed record TimelineEvent
{
    /// <summary>A deterministic id: the same event under another delivery has the same one.</summary>
    public required string Id { get; init; }

    /// <summary>The status it reports, or what else happened (<c>deferred</c>, <c>released</c>, <c>held</c>, …).</summary>
    public required string Type { get; init; }

    /// <summary>When we heard of it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Which part; null for the whole message.</summary>
    public int? Part { get; init; }

    /// <summary>Which attempt of that part; null when none was made.</summary>
    public int? Attempt { get; init; }

    /// <summary>Of a message with a plan: which leg; null for the whole message.</summary>
    public int? Leg { get; init; }

    /// <summary>Why, for failures.</summary>
    public FailureReason? Reason { get; init; }

    /// <summary>The carrier's own code.</summary>
    public string? CarrierCode { get; init; }

    /// <summary>The carrier's id of the message it took.</summary>
    public string? CarrierMessageId { get; init; }
}

/// <summary>Something that happened to one part of a message and may raise its status.</summary>
public sealed record PartEvent
{
    /// <summary>The message.</summary>
    public required string MessageId { get; init; }

    /// <summary>The part, from 0.</summary>
    public int Part { get; init; }

    /// <summary>The attempt, from 1; 0 when none was made.</summary>
    public int Attempt { get; init; }

    /// <summary>The status it reports.</summary>
    public required MessageStatus Status { get; init; }

    /// <summary>Why, for failures.</summary>
    public FailureReason? Reason { get; init; }

    /// <summary>The carrier's own code.</summary>
    public string? CarrierCode { get; init; }

    /// <summary>The carrier's id of the message, where this event tells it.</summary>
    public string? CarrierMessageId { get; init; }

    /// <summary>When it stands in the conversation by the carrier's own clock, where this event tells it.</summary>
    public DateTimeOffset? CarrierTime { get; init; }

    /// <summary>What the part costs, where this event tells it.</summary>
    public Pricing? Pricing { get; init; }

    /// <summary>When we heard of it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The comparable key of its status.</summary>
    public RankKey Rank => RankKey.Of(Status, Reason, CarrierCode);

    /// <summary>
    /// Its id in the timeline: part, attempt, status and carrier code. A carrier that reports the same thing twice reports one event.
    /// </summary>
    public string Id => CarrierCode is null ? $"{Part}.{Attempt}.{Status.Word()}" : $"{Part}.{Attempt}.{Status.Word()}.{CarrierCode}";
}

/// <summary>
/// Our reference to one attempt, <c>{messageId}.{part}.{attempt}</c>: travels to the carrier and comes back in its receipts.
/// </summary>
/// <param name="MessageId">The message.</param>
/// <param name="Part">The part, from 0.</param>
/// <param name="Attempt">The attempt, from 1.</param>
public readonly record struct AttemptReference(string MessageId, int Part, int Attempt)
{
    /// <summary>Reads a reference; null when the text is none of ours.</summary>
    /// <param name="text">What the carrier gave back.</param>
    public static AttemptReference? Parse(string? text)
    {
        var pieces = text?.Split('.');
        return pieces is [{ Length: > 0 } id, var part, var attempt]
            && int.TryParse(part, System.Globalization.NumberStyles.None, null, out var p)
            && int.TryParse(attempt, System.Globalization.NumberStyles.None, null, out var a)
            && p < MessagePlanner.MaxParts && Ids.IsMessage(id)
            ? new AttemptReference(id, p, a)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{MessageId}.{Part}.{Attempt}");
}
