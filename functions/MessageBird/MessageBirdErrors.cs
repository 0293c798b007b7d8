using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird;

/// <summary>
/// What MessageBird's error codes mean in our words. Two tables, since the same numbers mean other things in an answer and in a status report. Compiled
/// into both functions.
/// </summary>
internal static class MessageBirdErrors
{
    /// <summary>
    /// The codes of an answer, and those of a failed message of the Conversations API. https://developers.messagebird.com/api/#errors and
    /// https://developers.messagebird.com/docs/conversations/troubleshooting
    /// </summary>
    public static CarrierErrors Api { get; } = new(
        (new(ErrorClass.OurFault, FailureReason.Auth), ["2", "15", "1001"]),
        (new(ErrorClass.Permanent, FailureReason.BadRequest), ["9", "10", "11"]),
        (new(ErrorClass.Permanent, FailureReason.SenderMisconfigured), ["20"]), // of what we name, only a channel can be missing
        (new(ErrorClass.OurFault, FailureReason.Configuration), ["25", "98"]), // no balance; a wrong base URL
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["99"]), // an internal error may come after the message was taken
        (new(ErrorClass.Permanent, FailureReason.Unknown), ["301"]), // WhatsApp failed to send: it says no more
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), ["302"]),
        (new(ErrorClass.Permanent, FailureReason.WindowClosed), ["470"]));

    /// <summary>
    /// The <c>statusErrorCode</c> of SMS and MMS: the errors of the mobile network, and one of MessageBird's own.
    /// https://docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-sources/sms-platform-extended-error-codes
    /// </summary>
    public static CarrierErrors Reports { get; } = new(
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), ["1", "5", "11"]),
        (new(ErrorClass.Permanent, FailureReason.Unreachable), ["2", "3", "6", "27", "31", "32"]),
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["13"]),
        (new(ErrorClass.Permanent, FailureReason.CarrierFault), ["34"]),
        (new(ErrorClass.Permanent, FailureReason.OptedOut), ["103"]));
}
