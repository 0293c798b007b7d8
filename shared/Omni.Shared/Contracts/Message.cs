using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>Which way a message goes.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Direction>))]
public enum Direction
{
    /// <summary>Towards the person.</summary>
    Outbound,

    /// <summary>Towards us.</summary>
    Inbound,
}

/// <summary>How soon a message must leave.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Priority>))]
public enum Priority
{
    /// <summary>In its conversation's usual order.</summary>
    Normal,

    /// <summary>In a lane of its own, never behind the conversation's other messages: codes to log in.</summary>
    High,

    /// <summary>In a queue of its own, and never more than 2 s of the sender's rate ahead of the others: campaigns.</summary>
    Bulk,
}

/// <summary>What to do when it cannot be found out whether the carrier took a message.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<UnknownOutcomePolicy>))]
public enum UnknownOutcomePolicy
{
    /// <summary>
    /// Follow the evidence: send it again when the carrier shows that it did not take it, as long as it may be sent; without evidence hold
    /// it.
    /// </summary>
    Auto,

    /// <summary>Leave it <see cref="MessageStatus.Unknown"/>: never twice, perhaps not at all.</summary>
    Hold,

    /// <summary>Send it again: surely once, perhaps twice.</summary>
    Resend,
}

/// <summary>
/// A message as it was asked for (outbound) or as it came (inbound). Nothing in it ever changes; what becomes of it is
/// <see cref="MessageState"/>.
/// </summary>
public sealed record Message
{
    /// <summary>Our id, <c>msg_…</c>. Opaque: nothing sorts by it.</summary>
    public required string Id { get; init; }

    /// <summary>Which way it goes.</summary>
    public Direction Direction { get; init; }

    /// <summary>The carrier's id in the catalogue; empty for a message with a plan of legs, which have one each.</summary>
    public required string Carrier { get; init; }

    /// <summary>Whose message it is.</summary>
    public string Tenant { get => field ?? Defaults.Tenant; init; }

    /// <summary>The carrier's sub-account.</summary>
    public string Account { get => field ?? Defaults.Account; init; }

    /// <summary>Who it goes to.</summary>
    public required Address To { get; init; }

    /// <summary>Who it comes from; of a message with a plan of legs, whom the first leg comes from.</summary>
    public required Address From { get; init; }

    /// <summary>What it says.</summary>
    public required Content Content { get; init; }

    /// <summary>
    /// The kind of content that the client asked for, when a rule degraded it to what the carrier carries (<c>adapt: true</c>).
    /// </summary>
    public ContentType? AdaptedFrom { get; init; }

    /// <summary>What is wished for its files; null where they go as they are named.</summary>
    public MediaOptions? Media { get; init; }

    /// <summary>
    /// Its files as its carrier takes them, in the order of <see cref="ContentFiles"/>; null until they are made, and where they go as they
    /// are named.
    /// </summary>
    public IReadOnlyList<PreparedFile>? Prepared { get; init; }

    /// <summary>
    /// The links in its text, in the place of files that the carrier does not carry (<see cref="MediaFallback.Link"/>); null for none.
    /// </summary>
    public IReadOnlyList<FileLink>? FileLinks { get; init; }

    /// <summary>Whether its files are still to be made into what its carrier takes: until then it is not sent.</summary>
    [JsonIgnore]
    public bool AwaitsMedia => Media is { Convert: MediaConversion.Auto } && Prepared is null;

    /// <summary>How the content is cut into carrier messages. Empty until planned; inbound messages have no plan.</summary>
    public IReadOnlyList<PlannedPart> Parts { get => field ?? []; init; }

    /// <summary>How soon it must leave.</summary>
    public Priority Priority { get; init; }

    /// <summary>How long it may be tried, in seconds from <see cref="ScheduledAt"/> or <see cref="CreatedAt"/>.</summary>
    public int TtlSeconds { get => field > 0 ? field : Defaults.TtlSeconds; init; }

    /// <summary>When to send it; null for at once.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>When the person may be written to; null for always. <see cref="ScheduledAt"/> lies in it.</summary>
    public DeliveryWindow? DeliveryWindow { get; init; }

    /// <summary>The client's own reference.</summary>
    public string? ClientReference { get; init; }

    /// <summary>The client's own word for messages that belong together, by which they are listed; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>The client's own data, given back as it came.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>What to do when the outcome stays unknown.</summary>
    public UnknownOutcomePolicy OnUnknownOutcome { get; init; }

    /// <summary>When it was taken, at our edge.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The W3C <c>traceparent</c> that follows it through queues and tables.</summary>
    public string? Trace { get; init; }

    /// <summary>The id of the API key that sent it.</summary>
    public string? Actor { get; init; }

    /// <summary>How its carrier and sender were chosen; null where the request named them.</summary>
    public MessageRoute? Route { get; init; }

    /// <summary>The message that this one repeats at the client's wish; null for none.</summary>
    public string? ResendOf { get; init; }

    /// <summary>The batch that it was released from, and its place there; null for none.</summary>
    public BatchPlace? Batch { get; init; }

    /// <summary>
    /// The ways to the person that are tried one after the other, each as a message of its own; null for a message that goes one way. A
    /// message with such a plan is never sent itself.
    /// </summary>
    public IReadOnlyList<PlannedLeg>? Failover { get; init; }

    /// <summary>The message whose plan this one is a leg of; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>Which leg of that plan it is, from 0; null for none.</summary>
    public int? Leg { get; init; }

    /// <summary>
    /// What Omni answers by it, by itself, to a word that the person wrote; null for what a client sent. Only
    /// <see cref="AutomaticAnswer.OptOut"/> may go to somebody who opted out, so no request of a client sets it.
    /// </summary>
    public AutomaticAnswer? Automatic { get; init; }

    /// <summary>
    /// Inbound: the processor that has a turn because of it; null for none. Outbound: the processor whose reply it is; null for what a
    /// client or Omni itself sent.
    /// </summary>
    public string? Processor { get; init; }

    /// <summary>
    /// Outbound only: the other replies of its turn, in order, which are to leave after it; null for none. They ask for nothing themselves.
    /// </summary>
    public IReadOnlyList<string>? Followers { get; init; }

    /// <summary>A hash of the request, to tell a replay from another request under the same idempotency key.</summary>
    public string? RequestHash { get; init; }

    /// <summary>Inbound only: the carrier's id.</summary>
    public string? CarrierMessageId { get; init; }

    /// <summary>The carrier's id of the message that this one answers.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Inbound only: the others in a group that it was written to; null when there is no group.</summary>
    public IReadOnlyList<Address>? Participants { get; init; }

    /// <summary>Inbound only: the carrier's id of the stretch of conversation that it belongs to (LiveChat: a thread).</summary>
    public string? Thread { get; init; }

    /// <summary>Inbound only: the advertisement or the page that the person came from; null for none.</summary>
    public Referral? Referral { get; init; }

    /// <summary>Inbound only: whether the person passed on what somebody had written; null for no, or not told.</summary>
    public bool? Forwarded { get; init; }

    /// <summary>Inbound only: whether it has been passed on many times; null for no, or not told.</summary>
    public bool? FrequentlyForwarded { get; init; }

    /// <summary>
    /// Inbound: when the carrier says the person wrote it, never later than <see cref="CreatedAt"/>; null when it does not say.
    /// </summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>After this moment it is not sent any more.</summary>
    [JsonIgnore]
    public DateTimeOffset Deadline => (ScheduledAt ?? CreatedAt).AddSeconds(TtlSeconds);

    /// <summary>The conversation it belongs to: this carrier and account, our address and theirs.</summary>
    [JsonIgnore]
    public Conversation Conversation => Direction == Direction.Outbound
        ? new(Tenant, Carrier, Account, Ours: From, Theirs: To)
        : new(Tenant, Carrier, Account, Ours: To, Theirs: From);

    /// <summary>The id of <see cref="Conversation"/>.</summary>
    [JsonIgnore]
    public string ConversationId => Conversation.Id;
}

/// <summary>Who speaks with whom, and through what.</summary>
/// <param name="Tenant">Whose conversation.</param>
/// <param name="Carrier">The carrier's id.</param>
/// <param name="Account">The carrier's sub-account.</param>
/// <param name="Ours">Our address.</param>
/// <param name="Theirs">The person's.</param>
public readonly record struct Conversation(string Tenant, string Carrier, string Account, Address Ours, Address Theirs)
{
    /// <summary>Its id, <c>ses_…</c>.</summary>
    public string Id => Ids.Conversation(Tenant, Carrier, Account, Ours, Theirs);
}

/// <summary>
/// The values that stand where a request is silent. Contracts put them in when they are read, not when they are made: the source-generated
/// JSON sets every member that is missing to its type's default, and an initialiser would be lost.
/// </summary>
public static class Defaults
{
    /// <summary>The only tenant, until there are more.</summary>
    public const string Tenant = "default";

    /// <summary>The only account of a carrier, until there are more.</summary>
    public const string Account = "default";

    /// <summary>Four hours.</summary>
    public const int TtlSeconds = 4 * 60 * 60;

    /// <summary>How long a message is kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    /// <summary>The shards of a tenant's list of a day, unless <see cref="SettingNames.ListShards"/> says otherwise.</summary>
    public const int ListShards = 8;

    /// <summary>The most shards of a tenant's list of a day: a page of the list asks all of them.</summary>
    public const int MaxListShards = 64;
}

/// <summary>One carrier message of a plan.</summary>
public sealed record PlannedPart
{
    /// <summary>Where this part's text begins in the content's text, in UTF-16 units.</summary>
    public int Offset { get; init; }

    /// <summary>How much of the content's text it takes, in UTF-16 units; null for all of it.</summary>
    public int? Length { get; init; }

    /// <summary>How many segments the carrier counts for it; 1 for anything that is not SMS.</summary>
    public int Segments { get => field > 0 ? field : 1; init; }

    /// <summary>The encoding on the air; null for anything that is not SMS.</summary>
    public SmsEncoding? Encoding { get; init; }

    /// <summary>Whether it is a file's caption, which this carrier cannot put beside the file: it follows as a text of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCaption { get; init; }

    /// <summary>The piece of a text that this part carries.</summary>
    /// <param name="text">The whole text.</param>
    public string Slice(string text) => Length is { } length ? text.Substring(Offset, length) : text;
}
