using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird;

/// <summary>
/// What MessageBird's error codes mean in our words. Two tables, since the same numbers mean other things in an answer and in a status
/// report. Compiled into both functions.
/// </summary>
internal static class MessageBirdErrors
{
    /// <summary>
    /// The codes of an answer, and those of a failed message of the Conversations API. https://developers.messagebird.com/api/#errors and
    /// https://developers.messagebird.com/docs/conversations/troubleshooting
    /// </summary>
    public static CarrierErrors Api { get; } = new(
        (new(ErrorClass.OurFault, FailureReason.Auth), ["2", "15", "1001"]),
        (new(ErrorClass.Permanent, FailureReason.BadRequest), ["9", "10", "11", "21"]),
        (new(ErrorClass.Permanent, FailureReason.SenderMisconfigured), ["20"]), // of what we name, only a channel can be missing
        (new(ErrorClass.OurFault, FailureReason.PaymentRequired), ["25"]),
        (new(ErrorClass.OurFault, FailureReason.Configuration), ["98"]), // a wrong base URL
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["99"]), // an internal error may come after the message was taken
        (new(ErrorClass.Permanent, FailureReason.Unknown), ["301"]), // WhatsApp failed to send: it says no more
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), ["302"]),
        (new(ErrorClass.Permanent, FailureReason.WindowClosed), ["470"]),

        // WhatsApp's own, which a channel passes on when the message was taken already: all are final.
        // https://developers.facebook.com/docs/whatsapp/on-premises/errors
        (new(ErrorClass.Permanent, FailureReason.BadRequest), ["1008", "1009", "1010"]),
        (new(ErrorClass.Permanent, FailureReason.PaymentRequired), ["402"]),
        (new(ErrorClass.Permanent, FailureReason.Configuration), ["430", "432", "433", "1022"]), // the number's certificate or webhook
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), ["1002", "1006", "1013", "1021", "1026"]),
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["1007"]),
        (new(ErrorClass.Permanent, FailureReason.Withheld), ["472"]), // the person is in one of Meta's experiments
        (new(ErrorClass.Permanent, FailureReason.Expired), ["408", "410"]),
        (new(ErrorClass.Permanent, FailureReason.RateLimited), ["429", "471", "1015"]),
        (new(ErrorClass.Permanent, FailureReason.MediaRejected), ["400"]),
        (new(ErrorClass.Permanent, FailureReason.TemplateRejected), ["2000", "2001", "2002", "2003", "2004", "2005", "2006"]),
        (new(ErrorClass.Permanent, FailureReason.Unsupported), ["501"]),
        (new(ErrorClass.Permanent, FailureReason.Auth), ["1005"]),
        (new(ErrorClass.Permanent, FailureReason.CarrierFault), ["500", "1000", "1004", "1011", "1014", "1016", "1023", "1025"]));

    /// <summary>
    /// The <c>statusErrorCode</c> of SMS and MMS: up to 71 the errors of the mobile network (3GPP TS 29.002, section 17.6.6), from 101
    /// those of MessageBird and of the networks' registers.
    /// https://docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-sources/sms-platform-extended-error-codes
    /// </summary>
    public static CarrierErrors Reports { get; } = new(
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), ["1", "2", "3", "5", "9", "10", "11", "12"]),
        (new(ErrorClass.Permanent, FailureReason.Unreachable),
            ["6", "7", "8", "21", "26", "27", "28", "29", "30", "31", "32", "33", "45", "46", "101"]),
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["13", "15"]),
        (new(ErrorClass.Permanent, FailureReason.CarrierFault), ["34", "35", "36", "51"]),
        (new(ErrorClass.Permanent, FailureReason.Unknown), ["0"]),
        (new(ErrorClass.Permanent, FailureReason.ContentRejected), ["71", "105"]),
        (new(ErrorClass.Permanent, FailureReason.SenderMisconfigured), ["104"]),
        (new(ErrorClass.Permanent, FailureReason.RateLimited), ["106", "107"]),
        (new(ErrorClass.Permanent, FailureReason.OptedOut), ["103"]));
}
