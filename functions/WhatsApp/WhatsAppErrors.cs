using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp;

/// <summary>
/// What Meta's error codes ask of us. One table for both functions, compiled into each: a code may come as the answer to a send or later in a failed status.
/// The code decides, never the HTTP status. https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
/// </summary>
internal static class WhatsAppErrors
{
    /// <summary>The codes that say that a file could not be fetched or taken: often a passing fault, so they are tried once more.</summary>
    public static readonly string[] Media = ["131052", "131053"];

    /// <summary>Too many messages to this one person. The wait grows with each attempt.</summary>
    public const string PairLimit = "131056";

    /// <summary>Every code that we know.</summary>
    public static CarrierErrors Table { get; } = new(
        // Our token, our permissions, our account: the message stays until they are mended.
        (new(ErrorClass.OurFault, FailureReason.Auth), ["0", "3", "10", "190", .. Enumerable.Range(200, 100).Select(code => $"{code}"), "131005", "368", "131031"]),
        (new(ErrorClass.OurFault, FailureReason.Configuration), ["131042", "133016"]),
        (new(ErrorClass.OurFault, FailureReason.SenderMisconfigured), ["131037", "131045", "133010"]),
        (new(ErrorClass.OurFault, FailureReason.TemplateRejected), ["132016"]),

        // Faults of Meta's own. With a 5xx they do not prove that the message was not taken.
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["1", "2", "131000", "131016"]),
        (new(ErrorClass.Transient, FailureReason.CarrierFault), ["133004", "134102"]),
        (new(ErrorClass.Transient, FailureReason.CarrierFault, TimeSpan.FromMinutes(1)), ["131057"]),
        (new(ErrorClass.Transient, FailureReason.CarrierFault, TimeSpan.FromMinutes(10)), ["134101"]),
        (new(ErrorClass.Transient, FailureReason.RateLimited), ["132069"]),
        (new(ErrorClass.Transient, FailureReason.MediaRejected), Media),

        (new(ErrorClass.Throttled, FailureReason.RateLimited), ["4", "613", "80007", "130429"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited, TimeSpan.FromHours(1)), ["131048"]), // many blocks and reports: more of the same makes it worse
        (new(ErrorClass.RecipientThrottled, FailureReason.RateLimited), [PairLimit]),

        (new(ErrorClass.Permanent, FailureReason.BadRequest), ["100", "131008", "131009", "134100", "135000"]),
        (new(ErrorClass.Permanent, FailureReason.Configuration), ["33"]),
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), ["1013", "131021", "131026", "131062", "137000"]),
        (new(ErrorClass.Permanent, FailureReason.DestinationForbidden), ["130497", "131030"]),
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["130403", "130472", "131049"]),
        (new(ErrorClass.Permanent, FailureReason.MarketingOptedOut), ["131050"]),
        (new(ErrorClass.Permanent, FailureReason.WindowClosed), ["470", "131047"]),
        (new(ErrorClass.Permanent, FailureReason.Unsupported), ["131051"]),
        (new(ErrorClass.Permanent, FailureReason.MediaRejected), ["131014"]),
        (new(ErrorClass.Permanent, FailureReason.Expired), [Expired]),
        (new(ErrorClass.Permanent, FailureReason.TemplateRejected),
            ["132000", "132001", "132005", "132007", "132008", "132012", "132015", "132018", "132068"]),
        (new(ErrorClass.Permanent, FailureReason.Unknown), ["131001", "131002", "131006"])); // met in the field, explained nowhere

    /// <summary>The old code of a message whose time passed at Meta: it expired rather than failed.</summary>
    public const string Expired = "131043";

    /// <summary>Whether a failed status with this code means that Meta took the message and could or would not bring it to the person.</summary>
    /// <param name="code">The code.</param>
    public static bool IsUndelivered(string? code) => code is "130472" or "131026" or "131049" or "131050";
}
