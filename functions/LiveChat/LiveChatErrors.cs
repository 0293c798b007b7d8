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
        (new(ErrorClass.Permanent, FailureReason.SenderMisconfigured), ["limit_reached", "group_not_found"]),
        (new(ErrorClass.Permanent, FailureReason.ContentTooLong), ["entity_too_large"]),

        // The license is gone, or of a product that has no such chats: no wait brings it back.
        (new(ErrorClass.Permanent, FailureReason.Configuration), ["license_not_found", "wrong_product_version"]),

        // Nobody is there to take the chat, or the customer finds no place: later somebody is, later there is one.
        (new(ErrorClass.Transient, FailureReason.Unreachable),
            ["agent_offline", "group_offline", "group_unavailable", "groups_offline", "users_limit_reached"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited), ["too_many_requests", "pending_requests_limit_reached"]),
        (new(ErrorClass.OurFault, FailureReason.Auth), ["authentication"]),
        (new(ErrorClass.OurFault, FailureReason.PaymentRequired), ["license_expired"]),

        // An owner gives an agent its rights and a seat; the region and the version of the API are settings.
        (new(ErrorClass.OurFault, FailureReason.Configuration),
            [
                "requester_suspended", "requester_awaiting_approval", "requester_already_offline", "seats_limit_exceeded", Misdirected,
                "unsupported_version",
            ]),

        // LiveChat gave up waiting for itself, perhaps after it had taken the message.
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["request_timeout", "internal", "service_unavailable"]));
}
