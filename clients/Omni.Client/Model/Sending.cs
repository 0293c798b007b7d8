using System.Text.Json.Serialization;

namespace Omni.Client;

/// <summary>What is said, and how it is to go: what all requests to send have.</summary>
public abstract record MessageRequest
{
    /// <summary>What it says.</summary>
    public Content? Content { get; init; }

    /// <summary><see cref="Priority"/>; null is normal, for a batch bulk.</summary>
    public string? Priority { get; init; }

    /// <summary>How long it may be tried, from scheduledAt or from now; each message of a batch from its release.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>When to send it: in the future, at most 35 days ahead. Left out: at once.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>Your own reference; of a batch, for messages whose recipient has none.</summary>
    public string? ClientReference { get; init; }

    /// <summary>
    /// Your own data, given back as it came; names of a recipient of a batch stand before these: at most 20 names of 1 to 64 characters,
    /// 2,048 bytes together. An empty one is the same as none, a null in it as left out.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>What to do when the carrier's answer was lost: <see cref="UnknownOutcomePolicy"/>.</summary>
    public string? OnUnknownOutcome { get; init; }

    /// <summary>
    /// Whether content that the carrier does not carry, or that is above its limits, may become text by a rule: choices and cards a
    /// numbered list, a place a map link, contacts their names and numbers.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Adapt { get; init; }

    /// <summary>Your own word for messages that belong together, such as a campaign: GET /messages?label= lists them.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// When the person may be written to. Outside it the message waits: scheduledAt becomes the next opening, from which ttlSeconds
    /// counts. It is looked at again before each part is sent.
    /// </summary>
    public DeliveryWindow? DeliveryWindow { get; init; }

    /// <summary>
    /// The most segments that the carrier may count for all of the message; what is not SMS counts one a part. Above it the message is
    /// refused, with the number. Left out: any number.
    /// </summary>
    public int? MaxSegments { get; init; }

    /// <summary>
    /// What you wish for its files. Left out, each is looked at before the carrier is called, and converted where the carrier would not
    /// take it as it is.
    /// </summary>
    public MediaOptions? Media { get; init; }

    /// <summary>The short form of <see cref="Content"/> for a text.</summary>
    [JsonIgnore]
    public string? Text
    {
        get => (Content as TextContent)?.Body;
        init => Content = value is null ? null : new TextContent { Body = value };
    }
}

/// <summary>A message to send: through a carrier, or on several legs. A field that is not listed here is refused.</summary>
public sealed record SendRequest : MessageRequest
{
    /// <summary>
    /// The carrier: <see cref="CarrierId"/>; null lets your routes choose. With <see cref="Failover"/> each leg names its own.
    /// </summary>
    public string? Carrier { get; init; }

    /// <summary>Who it goes to; with <see cref="Failover"/>, each leg that names no other.</summary>
    public required Address To { get; init; }

    /// <summary>
    /// Who it comes from; null lets your routes choose. With <see cref="Failover"/>, each leg that names no other comes from there.
    /// </summary>
    public Address? From { get; init; }

    /// <summary>What it is to be, where your routes choose: <see cref="SenderChannel"/>; null for anything.</summary>
    public string? Channel { get; init; }

    /// <summary>
    /// The ways to the person, 2 to 5, in their order: the next one is tried when the one before does not reach them. Each is checked
    /// when the message is taken.
    /// </summary>
    public IReadOnlyList<SendLeg>? Failover { get; init; }

    /// <summary>The message that this one quotes: its id here, or the carrier's. Where the carrier has quotes.</summary>
    public string? ReplyTo { get; init; }
}

/// <summary>A way to a person. What it leaves out of to, from and content is the message's.</summary>
public sealed record SendLeg
{
    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who it goes to.</summary>
    public Address? To { get; init; }

    /// <summary>Who it comes from.</summary>
    public Address? From { get; init; }

    /// <summary>What it says.</summary>
    public Content? Content { get; init; }

    /// <summary>
    /// What the next leg follows on: <see cref="LegEnd"/>. Left out: failed, and noReceipt where noReceiptAfterSeconds is given. Not for
    /// the last leg.
    /// </summary>
    public IReadOnlyList<string>? On { get; init; }

    /// <summary>
    /// How long a delivery receipt is waited for, from the leg's beginning, 60 at least; looked at once a minute. Not for the last leg.
    /// </summary>
    public int? NoReceiptAfterSeconds { get; init; }

    /// <summary>How long the leg may be tried, from its beginning; never longer than the message.</summary>
    public int? TtlSeconds { get; init; }
}

/// <summary>
/// A message to send in a conversation: a <see cref="SendRequest"/> without carrier and addresses, which are the conversation's.
/// </summary>
public sealed record AnswerRequest : MessageRequest
{
    /// <summary>The message that this one quotes: its id here, or the carrier's. Where the carrier has quotes.</summary>
    public string? ReplyTo { get; init; }
}

/// <summary>When a person may be written to: on some days, between two times of the day.</summary>
public sealed record DeliveryWindow
{
    /// <summary>On which days. Left out: on all.</summary>
    public IReadOnlyList<string>? Days { get; init; }

    /// <summary>From when, as HH:mm.</summary>
    public required string From { get; init; }

    /// <summary>Up to when, as HH:mm of the same day: later than from, 24:00 at most.</summary>
    public required string To { get; init; }

    /// <summary>
    /// The IANA zone whose clock it goes by, such as Europe/Berlin; or recipient: the zones of the recipient's number, and it is open
    /// when it is open in all of them.
    /// </summary>
    public required string TimeZone { get; init; }
}

/// <summary>How to send a message again.</summary>
public sealed record ResendRequest
{
    /// <summary>Whether to send it although it arrived, still may, or was sent again before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Force { get; init; }
}

/// <summary>What would become of a send.</summary>
public sealed record Validation
{
    /// <summary>Whether a send would be taken now.</summary>
    public required bool Valid { get; init; }

    /// <summary>How a send would be refused; missing when it would be taken.</summary>
    public ValidationProblem? Problem { get; init; }

    /// <summary>What is wrong, field by field: the first 100.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>How much is wrong in all, where errors is there.</summary>
    public int? ErrorCount { get; init; }

    /// <summary>The message as it would be sent; missing when invalid fields leave none.</summary>
    public PlannedMessage? Message { get; init; }

    /// <summary>The legs as they would be sent, in their order; null for a message that goes one way.</summary>
    public IReadOnlyList<PlannedLeg>? Failover { get; init; }

    /// <summary>The person's reply window; missing where the carrier has none.</summary>
    public ReplyWindow? Window { get; init; }

    /// <summary>Whether the person opted out; null when there is no such person to look up.</summary>
    public ConsentState? Consent { get; init; }

    /// <summary>What stops no send, but is worth to know before it.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }
}

/// <summary>A leg as it would be sent.</summary>
public sealed record PlannedLeg
{
    /// <summary>The message that it would be.</summary>
    public required PlannedMessage Message { get; init; }

    /// <summary>The person's reply window; missing where the carrier has none.</summary>
    public ReplyWindow? Window { get; init; }

    /// <summary>Whether the person opted out.</summary>
    public ConsentState? Consent { get; init; }

    /// <summary>What stops it not, but is worth to know before it.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }
}

/// <summary>How a send would be refused.</summary>
public sealed record ValidationProblem
{
    /// <summary>Decide by it: <see cref="ProblemCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The HTTP status of the refusal.</summary>
    public required int Status { get; init; }

    /// <summary>In a few words.</summary>
    public required string Title { get; init; }

    /// <summary>In a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public required bool Retryable { get; init; }
}

/// <summary>A message as it would be sent.</summary>
public sealed record PlannedMessage
{
    /// <summary>As you named it, or as your routes chose.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who it goes to.</summary>
    public required Address To { get; init; }

    /// <summary>Who it comes from.</summary>
    public required Address From { get; init; }

    /// <summary>How carrier and sender would be chosen; null where the request names them.</summary>
    public MessageRoute? Route { get; init; }

    /// <summary>When it would be sent; missing for at once.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>The kind of content: <see cref="ContentType"/>.</summary>
    public string? AdaptedFrom { get; init; }

    /// <summary>The carrier messages; missing when the carrier cannot carry it.</summary>
    public IReadOnlyList<Part>? Parts { get; init; }

    /// <summary>What the carrier counts for all of it.</summary>
    public int? Segments { get; init; }

    /// <summary>The encoding on the air, for SMS: <see cref="SegmentEncoding"/>.</summary>
    public string? Encoding { get; init; }
}

/// <summary>When a person may be written to freely.</summary>
public sealed record ReplyWindow
{
    /// <summary>Whether they may be written to freely now.</summary>
    public required bool Open { get; init; }

    /// <summary>When it ends, or ended; missing before they have written.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>What is on record of the person.</summary>
public sealed record ConsentState
{
    /// <summary>Whether the person opted out of messages from this sender.</summary>
    public required bool OptedOut { get; init; }
}

/// <summary>What stops no send, and is worth knowing.</summary>
public sealed record Warning
{
    /// <summary>Stable.</summary>
    public required string Code { get; init; }

    /// <summary>In a sentence.</summary>
    public required string Detail { get; init; }
}

/// <summary>What became of the wish to cancel a message, in parts of it. A part that failed or expired counts nowhere.</summary>
public sealed record Cancellation
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is: <see cref="MessageStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>How many parts are canceled: they never leave.</summary>
    public required int Canceled { get; init; }

    /// <summary>How many parts the carrier has.</summary>
    public required int Escaped { get; init; }

    /// <summary>
    /// How many parts the carrier may have: a call is open, or its outcome is unknown. They are not tried again; the message shows
    /// whether they were sent.
    /// </summary>
    public required int Pending { get; init; }

    /// <summary>Where it is read.</summary>
    public required Links Links { get; init; }
}

/// <summary>A carrier will be told that a message was read.</summary>
public sealed record ReadAccepted
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is read.</summary>
    public required Links Links { get; init; }
}
