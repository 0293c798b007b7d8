using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio;

/// <summary>
/// What Twilio's error codes mean in our words. One table for both functions, compiled into each: a code may come as the answer to a send or
/// later in a status callback. https://www.twilio.com/docs/api/errors
/// </summary>
internal static class TwilioErrors
{
    /// <summary>The code of a message whose validity period passed: it expired rather than failed.</summary>
    public const string ValidityPassed = "30036";

    // A sender's queue holds up to ten hours of its traffic: when it is full, seconds do not help.
    private static readonly TimeSpan FullQueueWait = TimeSpan.FromMinutes(5);

    // A cap of the day falls at midnight somewhere: what lives until then is tried again.
    private static readonly TimeSpan DailyCapWait = TimeSpan.FromHours(1);

    // Between two numbers Twilio lets 30 messages pass in 30 seconds, and then none for as long.
    private static readonly TimeSpan LoopWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MaintenanceWait = TimeSpan.FromMinutes(1);

    // WhatsApp pauses a template for three hours, then for six, and after that disables it.
    private static readonly TimeSpan PausedWait = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Every code that we know, with its meaning. Where a code comes only in a callback, its reason alone counts. A message that failed as it
    /// was made has such codes too: then the class counts.
    /// </summary>
    public static CarrierErrors Table { get; } = new(
        (new(ErrorClass.OurFault, FailureReason.Auth), [
            "20003", "20006", "20008", "20010", "20403", "30037", "63001", "63020", "63051", "63112"
        ]),
        (new(ErrorClass.OurFault, FailureReason.PaymentRequired), ["10001", "20005", "30002", "90010"]),
        (new(ErrorClass.OurFault, FailureReason.Configuration), [
            "20004", "20011", "20012", "20404", "20410", "20426", "30028", "30404", "63008"
        ]),
        (new(ErrorClass.OurFault, FailureReason.TemplateRejected, PausedWait), ["63041"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited), ["20429", "30022", "63017", "63018"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited, FullQueueWait), ["21611", "30001"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited, DailyCapWait), ["30454", "63038"]),
        (new(ErrorClass.RecipientThrottled, FailureReason.RateLimited, LoopWait), ["14107"]),
        (new(ErrorClass.RecipientThrottled, FailureReason.RateLimited, DailyCapWait), ["30023", "30027", "63039"]),
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["20500", "20503", "20504", "30020", "30021", "30500", "63010"]),
        (new(ErrorClass.Transient, FailureReason.CarrierFault, MaintenanceWait), ["21730"]),
        (new(ErrorClass.Transient, FailureReason.Unreachable), ["30017"]),
        (new(ErrorClass.Permanent, FailureReason.CarrierFault), ["30410", "63009", "63011", "63012", "63023"]),
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), [
            "21211", "21217", "21401", "21614", "21635", "30005", "30006", "30014", "63003", "63024", "63031"
        ]),
        (new(ErrorClass.Permanent, FailureReason.SenderMisconfigured), [
            "21212", "21601", "21606", "21607", "21616", "21621", "21657", "21659", "21660", "21661", "21701", "21702", "21703", "21704",
            "21705", "21708", "21709", "21711", "30018", "30024", "30032", "30033", "30034", "30035", "30040", "30041", "30042", "30043",
            "30620", "63002", "63007", "63022", "63035", "63109", "63111"
        ]),
        (new(ErrorClass.Permanent, FailureReason.Configuration), ["10002", "21622", "63062"]),
        (new(ErrorClass.Permanent, FailureReason.DestinationForbidden), ["21408", "21608", "63015"]),
        (new(ErrorClass.Permanent, FailureReason.BadRequest), [
            "20001", "20422", "20423", "21602", "21603", "21604", "21609", "21619", "21624", "21626", "21627", "21653", "30010", "30012",
            "30013", "30016", "30029", "30030", "30031", "30400", "35111", "35112", "35113", "35114", "35115", "35116", "35117", "35118",
            "35125", "35126", "35127", "63030", "90007", "90014"
        ]),
        (new(ErrorClass.Permanent, FailureReason.Unsupported), ["30015", "63105"]),
        (new(ErrorClass.Permanent, FailureReason.OptedOut), ["21610", "30630"]),
        (new(ErrorClass.Permanent, FailureReason.Unreachable), ["21612", "30003", "63036"]),
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["30004", "63014", "63033"]),
        (new(ErrorClass.Permanent, FailureReason.Withheld), ["30610", "30615", "63032", "63049"]),
        (new(ErrorClass.Permanent, FailureReason.Filtered), ["30007", "30450", "30453", "30485", "63026"]),
        (new(ErrorClass.Permanent, FailureReason.ContentTooLong), ["20413", "21605", "21617", "21658"]),
        (new(ErrorClass.Permanent, FailureReason.ContentRejected), ["21618", "63005", "63006", "63013", "63021"]),
        (new(ErrorClass.Permanent, FailureReason.MediaRejected), ["11200", "11205", "12300", "21620", "21623", "30011", "63019", "63025"]),
        (new(ErrorClass.Permanent, FailureReason.MediaTooLarge), ["11751", "30019", "63034"]),
        (new(ErrorClass.Permanent, FailureReason.TemplateRejected), [
            "21654", "21655", "21656", "63027", "63028", "63029", "63040", "63042"
        ]),
        (new(ErrorClass.Permanent, FailureReason.WindowClosed), ["63016"]),
        (new(ErrorClass.Permanent, FailureReason.Expired), [ValidityPassed]),
        (new(ErrorClass.Permanent, FailureReason.Unknown), ["30008"]));
}
