using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What a webhook says. One call can hold many, of several kinds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MessageReceived), "messageReceived")]
[JsonDerivedType(typeof(DeliveryReported), "deliveryReported")]
[JsonDerivedType(typeof(ReadReported), "readReported")]
[JsonDerivedType(typeof(ConsentChanged), "consentChanged")]
[JsonDerivedType(typeof(Ignored), "ignored")]
public abstract record CarrierEvent
{
    private CarrierEvent() { }

    /// <summary>A person wrote to us.</summary>
    public sealed record MessageReceived : CarrierEvent
    {
        /// <summary>The carrier's id; our id is derived from it. Empty where the carrier gives none: then the pipeline makes one.</summary>
        public required string CarrierMessageId { get; init; }

        /// <summary>The person; <see cref="Address.Unknown"/> where it cannot be told who.</summary>
        public required Address From { get; init; }

        /// <summary>Our address; <see cref="Address.Unknown"/> where it cannot be told which.</summary>
        public required Address To { get; init; }

        /// <summary>What they wrote.</summary>
        public required Content Content { get; init; }

        /// <summary>When the carrier says they wrote it; null when it does not say, or says what cannot be.</summary>
        public DateTimeOffset? SentAt { get; init; }

        /// <summary>The name in the person's profile.</summary>
        public string? ProfileName { get; init; }

        /// <summary>The carrier's id of the message that this one answers.</summary>
        public string? ReplyTo { get; init; }

        /// <summary>The others in a group that it was written to, without the person and without us; null when there is no group.</summary>
        public IReadOnlyList<Address>? Participants { get; init; }

        /// <summary>
        /// The carrier's id of the stretch of conversation that it belongs to, where the carrier has such (LiveChat: a thread).
        /// </summary>
        public string? Thread { get; init; }

        /// <summary>Other addresses of the same person, where the carrier names several.</summary>
        [JsonConverter(typeof(OneOrMoreAddresses))]
        public IReadOnlyList<Address>? AlsoFrom { get; init; }

        /// <summary>The advertisement or the page that the person came from; null, or without a word, for none.</summary>
        public Referral? Referral { get; init; }

        /// <summary>Whether they passed on what somebody had written; null for no, or not told.</summary>
        public bool? Forwarded { get; init; }

        /// <summary>Whether it has been passed on many times; null for no, or not told.</summary>
        public bool? FrequentlyForwarded { get; init; }

        /// <summary>Whether it opens no reply window: a reaction, a change of an earlier message, what is written in a group.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public bool OpensNoWindow { get; init; }
    }

    /// <summary>The carrier reports on a message that we sent.</summary>
    public sealed record DeliveryReported : CarrierEvent
    {
        /// <summary>Our reference, where the carrier gave it back.</summary>
        public string? Reference { get; init; }

        /// <summary>The carrier's id.</summary>
        public required string CarrierMessageId { get; init; }

        /// <summary>
        /// The person that the message went to, where the carrier says so: without our reference it is found in their conversation.
        /// </summary>
        public Address? From { get; init; }

        /// <summary>
        /// The addresses that the carrier names the person by, where it may know them by others than the one that we wrote to; null
        /// elsewhere.
        /// </summary>
        public IReadOnlyList<Address>? KnownAs { get; init; }

        /// <summary>Our address that it came from, where the carrier says so.</summary>
        public Address? To { get; init; }

        /// <summary>The carrier's status in our lifecycle.</summary>
        public required MessageStatus Status { get; init; }

        /// <summary>Why, for failures.</summary>
        public FailureReason? Reason { get; init; }

        /// <summary>The carrier's own code.</summary>
        public string? CarrierCode { get; init; }

        /// <summary>
        /// When the message stands in the conversation by the carrier's own clock; null where that does not matter. Only where reading is
        /// told as "all up to a moment" of that clock (<see cref="ReadReported"/>).
        /// </summary>
        public DateTimeOffset? CarrierTime { get; init; }

        /// <summary>What it costs, where the carrier says so.</summary>
        public Pricing? Pricing { get; init; }
    }

    /// <summary>The person has read everything up to a moment.</summary>
    public sealed record ReadReported : CarrierEvent
    {
        /// <summary>The person.</summary>
        public required Address From { get; init; }

        /// <summary>Our address.</summary>
        public required Address To { get; init; }

        /// <summary>Up to when.</summary>
        public required DateTimeOffset UpTo { get; init; }
    }

    /// <summary>The person opted out of, or in to, messages from one of our addresses.</summary>
    public sealed record ConsentChanged : CarrierEvent
    {
        /// <summary>The person.</summary>
        public required Address From { get; init; }

        /// <summary>Our address.</summary>
        public required Address To { get; init; }

        /// <summary>Other addresses of the same person, where the carrier names several: it holds for all.</summary>
        [JsonConverter(typeof(OneOrMoreAddresses))]
        public IReadOnlyList<Address>? AlsoFrom { get; init; }

        /// <summary>Out (true) or in (false).</summary>
        public required bool OptedOut { get; init; }

        /// <summary>What it is about: everything, or only part of what we send.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public ConsentScope Scope { get; init; }

        /// <summary>The word they wrote, or the carrier's code that told us.</summary>
        public string? Evidence { get; init; }
    }

    /// <summary>Nothing for us to do: counted, acknowledged, forgotten.</summary>
    public sealed record Ignored : CarrierEvent
    {
        /// <summary>
        /// Something that cannot be read, so that nobody knows whether it says anything: the call is kept, and an alarm tells.
        /// </summary>
        public static Ignored Unreadable { get; } = new() { Reason = "unreadable" };

        /// <summary>Why, as a word for the count.</summary>
        public required string Reason { get; init; }
    }
}

/// <summary>What an opt-out is about.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ConsentScope>))]
public enum ConsentScope
{
    /// <summary>Every message.</summary>
    Everything,

    /// <summary>Marketing alone: noted, and left to the carrier to hold, which alone knows what is marketing.</summary>
    Marketing,
}

/// <summary>What a carrier charges for a message, as far as it says. Reports repeat it: it is one charge.</summary>
public sealed record Pricing
{
    /// <summary>The amount, in <see cref="Currency"/>.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether it is charged at all.</summary>
    public bool? Billable { get; init; }

    /// <summary>The carrier's category, such as <c>utility</c>.</summary>
    public string? Category { get; init; }

    /// <summary>The carrier's pricing model, such as <c>PMP</c>.</summary>
    public string? Model { get; init; }

    /// <summary>The carrier's kind of price, such as <c>regular</c>.</summary>
    public string? Kind { get; init; }
}

/// <summary>One event of a webhook on its way from the edge to the tables.</summary>
public sealed record InboundEnvelope
{
    /// <summary>The version of this contract.</summary>
    public int V { get => field > 0 ? field : 1; init; }

    /// <summary>The carrier's id in the catalogue.</summary>
    public required string Carrier { get; init; }

    /// <summary>The carrier's sub-account.</summary>
    public string Account { get => field ?? Defaults.Account; init; }

    /// <summary>When it reached our edge; the version of a consent.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the webhook call.</summary>
    public string? Trace { get; init; }

    /// <summary>What happened.</summary>
    public required CarrierEvent Event { get; init; }

    /// <summary>
    /// What an inbound message says about consent, such as STOP; in the same record, so that it counts before the message is seen.
    /// </summary>
    public IReadOnlyList<CarrierEvent.ConsentChanged>? Consents { get; init; }

    /// <summary>The carrier's own words for it, where it is an inbound message and small enough for the queue.</summary>
    public string? Raw { get; init; }

    /// <summary>Where the carrier's own words lie when they are too large for the queue.</summary>
    public string? RawBlob { get; init; }
}
