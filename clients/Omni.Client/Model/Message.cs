using System.Text.Json.Serialization;

namespace Omni.Client;

/// <summary>A message, to a person or from one, and what became of it.</summary>
public sealed record Message
{
    /// <summary>The message's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is: <see cref="MessageStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The carrier: <see cref="CarrierId"/>; null for a message with <see cref="Failover"/>, whose legs have one each.</summary>
    public string? Carrier { get; init; }

    /// <summary>Outbound: the legs that it is tried on, in their order; null for a message that goes one way.</summary>
    public IReadOnlyList<Leg>? Failover { get; init; }

    /// <summary>With <see cref="Failover"/>: the leg that was begun last, from 0. Of a leg: which one it is.</summary>
    public int? Leg { get; init; }

    /// <summary>With <see cref="Failover"/>: the other legs that may have reached the person too; null for none.</summary>
    public IReadOnlyList<int>? AlsoSent { get; init; }

    /// <summary>Outbound: the message that this one is a leg of.</summary>
    public string? Parent { get; init; }

    /// <summary>Who it goes to.</summary>
    public required Address To { get; init; }

    /// <summary>Who it comes from.</summary>
    public required Address From { get; init; }

    /// <summary>How carrier and sender were chosen; null where the request named them.</summary>
    public MessageRoute? Route { get; init; }

    /// <summary><see cref="Priority"/>; null is normal.</summary>
    public string? Priority { get; init; }

    /// <summary>Your own reference.</summary>
    public string? ClientReference { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is to be sent.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>Outbound: the carrier messages that it is sent as.</summary>
    public IReadOnlyList<Part>? Parts { get; init; }

    /// <summary>The kind of content: <see cref="ContentType"/>.</summary>
    public string? AdaptedFrom { get; init; }

    /// <summary>The message that this one repeats.</summary>
    public string? ResendOf { get; init; }

    /// <summary>
    /// Its conversation: <see cref="OmniClient.Sessions"/> reads it; null for a message with <see cref="Failover"/>.
    /// </summary>
    public string? ConversationId { get; init; }

    /// <summary>Where it is read.</summary>
    public required Links Links { get; init; }

    /// <summary>Which way: <see cref="Direction"/>.</summary>
    public string Direction { get; init; } = Omni.Client.Direction.Outbound;

    /// <summary>Whether nothing of Omni's own will change it any more; receipts may still raise it.</summary>
    public bool Final { get; init; }

    /// <summary>Why it did not arrive; null when nothing went wrong.</summary>
    public MessageError? Error { get; init; }

    /// <summary>Why it was put off the last time, until it is sent or over.</summary>
    public MessageError? Deferral { get; init; }

    /// <summary>Whether the carrier reported both a success and a failure of the same attempt.</summary>
    public bool Contradicted { get; init; }

    /// <summary>Outbound: whether you asked to cancel it before all of it had left.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CancelRequested { get; init; }

    /// <summary>Outbound: the message that last repeated it.</summary>
    public string? ResentAs { get; init; }

    /// <summary>Outbound: the batch that it belongs to.</summary>
    public string? BatchId { get; init; }

    /// <summary>Outbound: what Omni answers by it, by itself, to a word that the person wrote. Missing for what you sent.</summary>
    public string? Automatic { get; init; }

    /// <summary>What it says; null in an event whose message was too large, and in the answer to a resend.</summary>
    public Content? Content { get; init; }

    /// <summary>When what it said was deleted; content then is unsupported, of the kind deleted.</summary>
    public DateTimeOffset? ContentDeletedAt { get; init; }

    /// <summary>When the person that it was written to or by was deleted; their address then is the name unknown.</summary>
    public DateTimeOffset? PersonDeletedAt { get; init; }

    /// <summary>How long it may be tried, in seconds.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>Outbound: when the person may be written to; missing for always.</summary>
    public DeliveryWindow? DeliveryWindow { get; init; }

    /// <summary>Your own word for messages that belong together.</summary>
    public string? Label { get; init; }

    /// <summary>Your own data, as it came.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>What to do when the carrier's answer was lost: <see cref="UnknownOutcomePolicy"/>.</summary>
    public string? OnUnknownOutcome { get; init; }

    /// <summary>Outbound: what is wished for its files.</summary>
    public MediaOptions? Media { get; init; }

    /// <summary>Outbound: its files as the carrier takes them, in the content's order; null until they are made.</summary>
    public IReadOnlyList<PreparedFile>? Prepared { get; init; }

    /// <summary>Outbound: the links in its text, in the place of files that the carrier does not carry.</summary>
    public IReadOnlyList<FileLink>? FileLinks { get; init; }

    /// <summary>Inbound: the carrier's id.</summary>
    public string? CarrierMessageId { get; init; }

    /// <summary>The carrier's id of the message that this one answers.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Inbound: the others in a group that it was written to.</summary>
    public IReadOnlyList<Address>? Participants { get; init; }

    /// <summary>Inbound: the carrier's id of the stretch of conversation that it belongs to.</summary>
    public string? Thread { get; init; }

    /// <summary>Inbound: the advertisement or the page that the person came from, as the carrier tells it.</summary>
    public Referral? Referral { get; init; }

    /// <summary>Inbound: whether the person passed on what somebody had written; missing for no, or not told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Forwarded { get; init; }

    /// <summary>Inbound: whether it has been passed on many times; missing for no, or not told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FrequentlyForwarded { get; init; }

    /// <summary>Inbound: when the carrier says the person wrote it, never later than createdAt; missing when it does not say.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Inbound: what became of the content's files: its own, then those of more.</summary>
    public IReadOnlyList<ReceivedFile>? Files { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether something was left out because it is large, beginning with the content. The message itself has all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Truncated { get; init; }
}

/// <summary>One carrier message of a message.</summary>
public sealed record Part
{
    /// <summary>Its place in the message, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>How many messages the carrier counts.</summary>
    public required int Segments { get; init; }

    /// <summary>The encoding on the air, for SMS: <see cref="SegmentEncoding"/>.</summary>
    public string? Encoding { get; init; }

    /// <summary>true: it is the caption of the file before it, which the carrier cannot put beside it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCaption { get; init; }

    /// <summary>Where it is: <see cref="MessageStatus"/>.</summary>
    public string Status { get; init; } = MessageStatus.Accepted;

    /// <summary>Why it did not arrive; null when nothing went wrong.</summary>
    public MessageError? Error { get; init; }

    /// <summary>Why it was put off the last time, until it is sent or over.</summary>
    public MessageError? Deferral { get; init; }

    /// <summary>Calls to the carrier that were begun.</summary>
    public int Attempts { get; init; }

    /// <summary>The carrier's id.</summary>
    public string? CarrierMessageId { get; init; }

    /// <summary>What a carrier charges for a part, as far as it says.</summary>
    public Pricing? Pricing { get; init; }
}

/// <summary>What a carrier charges for a part, as far as it says.</summary>
public sealed record Pricing
{
    /// <summary>How much.</summary>
    public decimal? Amount { get; init; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether it is charged at all.</summary>
    public bool? Billable { get; init; }

    /// <summary>The carrier's category, such as utility.</summary>
    public string? Category { get; init; }

    /// <summary>The carrier's pricing model, such as PMP.</summary>
    public string? Model { get; init; }

    /// <summary>The carrier's kind of price, such as regular.</summary>
    public string? Kind { get; init; }
}

/// <summary>Why a message or part did not arrive, or waits.</summary>
public sealed record MessageError
{
    /// <summary>Why: <see cref="FailureReason"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The carrier's own code. Of a message whose time or tries were up: the last that held it.</summary>
    public string? CarrierCode { get; init; }

    /// <summary>The reason in a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do about it, in a sentence.</summary>
    public required string Help { get; init; }

    /// <summary>Whether the same message, sent anew later, may succeed.</summary>
    public required bool Retryable { get; init; }

    /// <summary>The carrier's page that explains its code. Left out where it gave none or explains none.</summary>
    public Uri? Link { get; init; }
}

/// <summary>What became of a file that a person sent.</summary>
public sealed record ReceivedFile
{
    /// <summary>pending: on its way from the carrier. stored: kept. failed: the carrier does not give it out.</summary>
    public required string Status { get; init; }

    /// <summary>The same bytes have the same id.</summary>
    public string? MediaId { get; init; }

    /// <summary>Its type, as the carrier said.</summary>
    public string? MimeType { get; init; }

    /// <summary>Its size in bytes.</summary>
    public long? Bytes { get; init; }

    /// <summary>Of its bytes, lower-case hex.</summary>
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

    /// <summary>Where it is read.</summary>
    public FileLinks? Links { get; init; }
}

/// <summary>Where a file is read.</summary>
public sealed record FileLinks
{
    /// <summary>Leads to the bytes.</summary>
    public required string Content { get; init; }
}

/// <summary>Inbound: the advertisement or the page that the person came from, as the carrier tells it.</summary>
public sealed record Referral
{
    /// <summary>The carrier's word for what it was, such as ad or post.</summary>
    public string? SourceType { get; init; }

    /// <summary>The carrier's id of it.</summary>
    public string? SourceId { get; init; }

    /// <summary>Where it can be seen.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Its headline.</summary>
    public string? Headline { get; init; }

    /// <summary>Its text.</summary>
    public string? Body { get; init; }

    /// <summary>What its picture or film is: the carrier's word, or a media type.</summary>
    public string? MediaType { get; init; }

    /// <summary>Where its picture or film is.</summary>
    public string? MediaUrl { get; init; }

    /// <summary>Where a small picture of its film is.</summary>
    public string? ThumbnailUrl { get; init; }

    /// <summary>The id of the click, to report to the advertiser what came of it.</summary>
    public string? ClickId { get; init; }
}

/// <summary>Where a message is read.</summary>
public sealed record Links
{
    /// <summary>The thing itself.</summary>
    public required string Self { get; init; }

    /// <summary>Its status.</summary>
    public required string Status { get; init; }

    /// <summary>Its timeline.</summary>
    public required string Timeline { get; init; }
}

/// <summary>The status of a message, and no more.</summary>
public sealed record CurrentStatus
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is: <see cref="MessageStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it did not arrive; null when nothing went wrong.</summary>
    public MessageError? Error { get; init; }

    /// <summary>Why it was put off the last time, until it is sent or over.</summary>
    public MessageError? Deferral { get; init; }

    /// <summary>Whether the carrier reported both a success and a failure of the same attempt.</summary>
    public required bool Contradicted { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether nothing of Omni's own will change it any more; receipts may still raise it.</summary>
    public required bool Final { get; init; }

    /// <summary>The version that it was read as, for <see cref="MessagesApi.GetStatusAsync"/>.</summary>
    [JsonIgnore]
    public string? Version { get; init; }
}

/// <summary>A leg of a message. What became of it tells the message that it is, once it began.</summary>
public sealed record Leg
{
    /// <summary>Which, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The id of the message that it is, once it began.</summary>
    public required string Id { get; init; }

    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who it goes to.</summary>
    public required Address To { get; init; }

    /// <summary>Who it comes from.</summary>
    public required Address From { get; init; }

    /// <summary>What it says; null in the answer to a send.</summary>
    public Content? Content { get; init; }

    /// <summary>The kind of content that was asked for, where a rule degraded it: <see cref="ContentType"/>.</summary>
    public string? AdaptedFrom { get; init; }

    /// <summary>What the next leg follows on: <see cref="LegEnd"/>; null for the last one.</summary>
    public IReadOnlyList<string>? On { get; init; }

    /// <summary>How long a delivery receipt is waited for, in seconds; null for any time.</summary>
    public int? NoReceiptAfterSeconds { get; init; }

    /// <summary>How long it may be tried, in seconds; null for as long as the message.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>In the answer to a send: the carrier messages that it was planned into.</summary>
    public IReadOnlyList<Part>? Parts { get; init; }
}

/// <summary>Everything that happened to a message.</summary>
public sealed record Timeline
{
    /// <summary>The message.</summary>
    public required string Id { get; init; }

    /// <summary>In order of time.</summary>
    public required IReadOnlyList<TimelineEvent> Events { get; init; }
}

/// <summary>Something that happened to a message or one of its parts.</summary>
public sealed record TimelineEvent
{
    /// <summary>Deterministic: the same event reported twice is one.</summary>
    public required string Id { get; init; }

    /// <summary>The status it reports, or what else happened.</summary>
    public required string Type { get; init; }

    /// <summary>When Omni heard of it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The part that it is about; null for the whole message.</summary>
    public int? Part { get; init; }

    /// <summary>The attempt that it is about, from 1; null for none.</summary>
    public int? Attempt { get; init; }

    /// <summary>With failover: the leg that it is about, from 0; null for the whole message.</summary>
    public int? Leg { get; init; }

    /// <summary>Why: <see cref="FailureReason"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>The carrier's own code.</summary>
    public string? CarrierCode { get; init; }

    /// <summary>The carrier's id.</summary>
    public string? CarrierMessageId { get; init; }
}
