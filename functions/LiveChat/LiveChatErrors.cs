using Omni.Pipeline;
using Omni.Shared;

namespace Omni.LiveChat;

/// <summary>
/// What LiveChat's error types ask of us. HTTP statuses are not documented, the types are: so they decide, in any case.
/// https://platform.text.com/docs/messaging/agent-chat-api#errors
/// </summary>
internal static class LiveChatErrors
{
    /// <summary>The thread is closed: the chat can be resumed.</summary>
    public const string ChatInactive = "chat_inactive";

    /// <summary>The agent is in the chat already.</summary>
    public const string AlreadyExists = "already_exists";

    /// <summary>The call must go to another region, which its <c>data</c> names.</summary>
    public const string Misdirected = "misdirected_request";

    /// <summary>Every type that we know, with its meaning.</summary>
    public static CarrierErrors Table { get; } = new(
        (new(ErrorClass.Permanent, FailureReason.BadRequest), ["validation", AlreadyExists]),
        (new(ErrorClass.Permanent, FailureReason.Auth), ["authorization", "missing_access"]),
        (new(ErrorClass.Permanent, FailureReason.Unreachable), [ChatInactive]),
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), ["chat_anonymized", "not_found"]),
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["customer_banned"]),
        (new(ErrorClass.Permanent, FailureReason.DestinationForbidden), ["not_allowed"]),
        (new(ErrorClass.Permanent, FailureReason.SenderMisconfigured), ["limit_reached"]),
        (new(ErrorClass.Permanent, FailureReason.ContentTooLong), ["entity_too_large"]),

        // Nobody is there to take the chat; later somebody is.
        (new(ErrorClass.Transient, FailureReason.Unreachable), ["agent_offline", "group_offline", "group_unavailable", "groups_offline"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited), ["too_many_requests"]),
        (new(ErrorClass.OurFault, FailureReason.Auth), ["authentication", "requester_suspended", "requester_awaiting_approval"]),
        (new(ErrorClass.OurFault, FailureReason.Configuration),
            [Misdirected, "license_expired", "license_not_found", "wrong_product_version", "unsupported_version"]),

        // LiveChat gave up waiting for itself, perhaps after it had taken the message.
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["request_timeout", "internal", "service_unavailable"]));
}
