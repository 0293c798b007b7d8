using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp;

/// <summary>
/// What Meta's error codes ask of us. One table for both functions, compiled into each: a code may come as the answer to a send or later
/// in a failed status. The code decides, and of the HTTP statuses only one that proves a refusal.
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
/// </summary>
internal static class WhatsAppErrors
{
    /// <summary>A parameter is wrong: also the id of a file that Meta has no more.</summary>
    public const string Parameter = "100";

    /// <summary>The codes that say that a file could not be fetched or taken: often a passing fault, so they are tried once more.</summary>
    public static readonly string[] Media = ["131052", "131053"];

    /// <summary>Too many messages to this one person. The wait grows with each attempt.</summary>
    public const string PairLimit = "131056";

    private static readonly TimeSpan MoveWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CopyWait = TimeSpan.FromMinutes(10);

    // A template is paused for three hours, then for six, and after that disabled.
    private static readonly TimeSpan PausedWait = TimeSpan.FromMinutes(10);

    // The number or account stands badly with Meta: more of the same makes it worse.
    private static readonly TimeSpan StandingWait = TimeSpan.FromHours(1);

    /// <summary>
    /// Every code that we know. Faults of Meta's own are <see cref="ErrorClass.Unknown"/>: with a 5xx they do not prove that the message
    /// was not taken.
    /// </summary>
    public static CarrierErrors Table { get; } = new(
        (new(ErrorClass.OurFault, FailureReason.Auth), [
            "0", "3", "10", "102", "190", .. Enumerable.Range(200, 100).Select(code => $"{code}"), "368", "131005", "131031"
        ]),
        (new(ErrorClass.OurFault, FailureReason.PaymentRequired), ["131042", "131044"]),
        (new(ErrorClass.OurFault, FailureReason.Configuration), ["133016"]),
        (new(ErrorClass.OurFault, FailureReason.SenderMisconfigured), [
            "131037", "131045", "133000", "133005", "133006", "133008", "133009", "133010", "133015"
        ]),
        (new(ErrorClass.OurFault, FailureReason.TemplateRejected, PausedWait), ["132015"]),
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["1", "2", "131000", "131016"]),
        (new(ErrorClass.Transient, FailureReason.CarrierFault), ["133004", "134102"]),
        (new(ErrorClass.Transient, FailureReason.CarrierFault, MoveWait), ["131057", "2494100"]),
        (new(ErrorClass.Transient, FailureReason.CarrierFault, CopyWait), ["134101"]),
        (new(ErrorClass.Transient, FailureReason.RateLimited), ["132069"]),
        (new(ErrorClass.Transient, FailureReason.MediaRejected), [.. Media]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited), ["4", "17", "341", "613", "80007", "130429"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited, StandingWait), ["131048", "131064"]),
        (new(ErrorClass.RecipientThrottled, FailureReason.RateLimited), [PairLimit]),
        (new(ErrorClass.Permanent, FailureReason.BadRequest), [
            "100", "506", "131008", "131009", "131055", "131059", "131201", "131202", "131204", "131208", "131209", "131210", "131211",
            "131212", "131213", "131214", "131215", "134100", "135000", "136025", "138000", "138001", "138002", "138003", "138004",
            "138005", "138006", "138007", "138009", "138012", "138013", "138018", "139000", "139001", "139002", "139003", "139004",
            "139100", "139101", "139102", "139103", "2388012", "2388019", "2388040", "2388047", "2388073", "2388091", "2388093",
            "2388103", "2388293", "2388299"
        ]),
        (new(ErrorClass.Permanent, FailureReason.Configuration), ["33", "131063"]),
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), ["1013", "131020", "131021", "131026", "131041", "131062", "137000"]),
        (new(ErrorClass.Permanent, FailureReason.DestinationForbidden), ["130497", "131030"]),
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["130403", "131207"]),
        (new(ErrorClass.Permanent, FailureReason.Withheld), ["130472", "131049"]),
        (new(ErrorClass.Permanent, FailureReason.MarketingOptedOut), ["131050"]),
        (new(ErrorClass.Permanent, FailureReason.WindowClosed), ["470", "131047"]),
        (new(ErrorClass.Permanent, FailureReason.Unsupported), ["131051"]),
        (new(ErrorClass.Permanent, FailureReason.MediaRejected), ["131014"]),
        (new(ErrorClass.Permanent, FailureReason.Expired), [Expired]),
        (new(ErrorClass.Permanent, FailureReason.TemplateRejected), [
            "132000", "132001", "132005", "132007", "132008", "132012", "132016", "132018", "132068"
        ]),
        (new(ErrorClass.Permanent, FailureReason.Unknown), ["131001", "131002", "131006"]));

    /// <summary>The old code of a message whose time passed at Meta: it expired rather than failed.</summary>
    public const string Expired = "131043";

    /// <summary>
    /// Whether a failed status with this code means that Meta took the message and could or would not bring it to the person.
    /// </summary>
    /// <param name="code">The code.</param>
    public static bool IsUndelivered(string? code) => code is "130472" or "131026" or "131049" or "131050";
}
