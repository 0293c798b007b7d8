using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>Where a message is. The value is its rank: a message only ever moves to a higher one (design, section 4).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MessageStatus>))]
public enum MessageStatus
{
    /// <summary>Taken and stored.</summary>
    Accepted = 0,

    /// <summary>Waits for its time.</summary>
    Scheduled = 1,

    /// <summary>Waits for its turn under a rate limit, or was released from its schedule.</summary>
    Queued = 2,

    /// <summary>A call to the carrier is under way or will be tried again.</summary>
    Sending = 3,

    /// <summary>The call left and its answer was lost: being reconciled, visible until it is known.</summary>
    Unknown = 4,

    /// <summary>The carrier took it.</summary>
    Sent = 5,

    /// <summary>Canceled by the client, or at the carrier.</summary>
    Canceled = 6,

    /// <summary>Refused by a rule of ours: opted out, not carried, no window.</summary>
    Rejected = 7,

    /// <summary>Its time to live passed before it could be sent.</summary>
    Expired = 8,

    /// <summary>Refused by the carrier.</summary>
    Failed = 9,

    /// <summary>Reported undelivered by the carrier after it had taken it.</summary>
    Undelivered = 10,

    /// <summary>Reported delivered to the device.</summary>
    Delivered = 11,

    /// <summary>Reported read by the person.</summary>
    Read = 12,

    /// <summary>Inbound messages only: it reached us. They have no further states.</summary>
    Received = 13,
}

/// <summary>Why something did not succeed, in words that are the same for every carrier.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FailureReason>))]
public enum FailureReason
{
    /// <summary>The carrier did not say, or said something that is in no table.</summary>
    Unknown,

    /// <summary>The carrier refuses our credentials or account.</summary>
    Auth,

    /// <summary>Our account or settings at the carrier are wrong.</summary>
    Configuration,

    /// <summary>Our account at the carrier has no balance, or its payment does not work.</summary>
    PaymentRequired,

    /// <summary>Too many messages in too short a time.</summary>
    RateLimited,

    /// <summary>A fault of the carrier.</summary>
    CarrierFault,

    /// <summary>The recipient's address is wrong, or cannot take messages.</summary>
    InvalidRecipient,

    /// <summary>The sender is not ours, not registered, or cannot send this.</summary>
    SenderMisconfigured,

    /// <summary>The account may not send to that destination.</summary>
    DestinationForbidden,

    /// <summary>The carrier found the request wrong.</summary>
    BadRequest,

    /// <summary>The recipient opted out.</summary>
    OptedOut,

    /// <summary>The recipient opted out of marketing alone.</summary>
    MarketingOptedOut,

    /// <summary>The device is off or out of reach.</summary>
    Unreachable,

    /// <summary>The recipient or their network blocks us.</summary>
    Blocked,

    /// <summary>The carrier holds it back from this person for a time, by a rule of its own that neither side broke.</summary>
    Withheld,

    /// <summary>Filtered as unwanted.</summary>
    Filtered,

    /// <summary>The text is too long for the carrier.</summary>
    ContentTooLong,

    /// <summary>The carrier refused the content.</summary>
    ContentRejected,

    /// <summary>The carrier could not take or fetch the file.</summary>
    MediaRejected,

    /// <summary>The file is too large.</summary>
    MediaTooLarge,

    /// <summary>The template is not known, not approved, or its variables do not fit.</summary>
    TemplateRejected,

    /// <summary>The carrier's reply window is closed: only a template may be sent.</summary>
    WindowClosed,

    /// <summary>The time to live passed.</summary>
    Expired,

    /// <summary>Canceled.</summary>
    Canceled,

    /// <summary>Tried as often as allowed.</summary>
    RetriesExhausted,

    /// <summary>An earlier part of the same message failed, so this part was not sent.</summary>
    EarlierPartFailed,

    /// <summary>The carrier does not carry this kind of content.</summary>
    Unsupported,
}

/// <summary>What a reason says beyond its message.</summary>
public static class FailureReasons
{
    /// <summary>What the recipient opted out of, as a refusal tells; null when it tells nothing of that.</summary>
    /// <param name="reason">The reason.</param>
    public static ConsentScope? OptedOutOf(this FailureReason reason) => reason switch
    {
        FailureReason.OptedOut => ConsentScope.Everything,
        FailureReason.MarketingOptedOut => ConsentScope.Marketing,
        _ => null,
    };
}

/// <summary>What the lifecycle knows about a status.</summary>
public static class MessageStatuses
{
    /// <summary>Whether nothing of our own will change it any more; receipts may still raise it.</summary>
    /// <param name="status">The status.</param>
    public static bool IsFinal(this MessageStatus status) => status >= MessageStatus.Canceled;

    /// <summary>Whether the carrier has it, whatever became of it there.</summary>
    /// <param name="status">The status.</param>
    public static bool IsTaken(this MessageStatus status) =>
        status is MessageStatus.Sent or MessageStatus.Undelivered or MessageStatus.Delivered or MessageStatus.Read;

    /// <summary>Whether the person's device got it.</summary>
    /// <param name="status">The status.</param>
    public static bool IsDeviceSuccess(this MessageStatus status) => status is MessageStatus.Delivered or MessageStatus.Read;

    /// <summary>Whether the message did not reach the person.</summary>
    /// <param name="status">The status.</param>
    public static bool IsFailure(this MessageStatus status) => status is >= MessageStatus.Canceled and <= MessageStatus.Undelivered;
}
