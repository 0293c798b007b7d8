using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio;

/// <summary>
/// What Twilio's error codes mean in our words. One table for both functions, compiled into each: a code may come as the answer to a send or later in a
/// status callback. https://www.twilio.com/docs/api/errors
/// </summary>
internal static class TwilioErrors
{
    /// <summary>The code of a message whose validity period passed: it expired rather than failed.</summary>
    public const string ValidityPassed = "30036";

    // The queue of a sender holds up to ten hours of its traffic: when it is full, seconds do not help.
    private static readonly TimeSpan FullQueueWait = TimeSpan.FromMinutes(5);

    /// <summary>Every code that we know, with its meaning. Where a code comes only in a callback, its reason alone counts.</summary>
    public static CarrierErrors Table { get; } = new(
    [
        // Our credentials or our account's id are at fault, not the message: it stays until they are mended.
        (new(ErrorClass.OurFault, FailureReason.Auth), ["20003"]),
        (new(ErrorClass.OurFault, FailureReason.Configuration), ["20404"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited), ["20429"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited, FullQueueWait), ["21611"]),
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["20500", "20503"]),
        .. Permanent(FailureReason.Auth, "30002"),
        .. Permanent(FailureReason.RateLimited, "30001", "30022", "30023", "30027", "63018", "63038"),
        .. Permanent(FailureReason.CarrierFault, "30410"),
        .. Permanent(FailureReason.InvalidRecipient, "21211", "21614", "21635", "30005", "30006", "63003", "63024"),
        .. Permanent(FailureReason.SenderMisconfigured, "21212", "21606", "21703", "21704", "21705", "30018", "30024", "30032", "30034", "63007"),
        .. Permanent(FailureReason.DestinationForbidden, "21408", "21608"),
        .. Permanent(
            FailureReason.BadRequest, "21602", "21603", "21604", "21609", "35111", "35112", "35113", "35114", "35115", "35116", "35117", "35118", "35125"),
        .. Permanent(FailureReason.OptedOut, "21610"),
        .. Permanent(FailureReason.Unreachable, "21612", "30003", "30017", "63036"),
        .. Permanent(FailureReason.Blocked, "30004", "63032", "63033", "63049"),
        .. Permanent(FailureReason.Filtered, "30007", "30450"),
        .. Permanent(FailureReason.ContentTooLong, "21617"),
        .. Permanent(FailureReason.ContentRejected, "63005", "63013", "63021"),
        .. Permanent(FailureReason.MediaRejected, "21620", "21623", "30011", "63019"),
        .. Permanent(FailureReason.MediaTooLarge, "30019"),
        .. Permanent(FailureReason.TemplateRejected, "21654", "21655", "21656"),
        .. Permanent(FailureReason.WindowClosed, "63016"),
        .. Permanent(FailureReason.Expired, ValidityPassed),
        .. Permanent(FailureReason.Unknown, "30008"), // Twilio's own word for it
    ]);

    private static IEnumerable<(CarrierError, string[])> Permanent(FailureReason reason, params string[] codes) => [(new(ErrorClass.Permanent, reason), codes)];
}
