using System.Collections.Frozen;
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

    /// <summary>Every code that we know, with its meaning.</summary>
    public static FrozenDictionary<string, FailureReason> Reasons { get; } = new (FailureReason Reason, string[] Codes)[]
    {
        (FailureReason.Auth, ["20003", "30002"]),
        (FailureReason.Configuration, ["20404"]),
        (FailureReason.RateLimited, ["20429", "21611", "30001", "30022", "30023", "30027", "63018", "63038"]),
        (FailureReason.CarrierFault, ["20500", "20503", "30410"]),
        (FailureReason.InvalidRecipient, ["21211", "21614", "21635", "30005", "30006", "63003", "63024"]),
        (FailureReason.SenderMisconfigured, ["21212", "21606", "21703", "21704", "21705", "30018", "30024", "30032", "30034", "63007"]),
        (FailureReason.DestinationForbidden, ["21408", "21608"]),
        (FailureReason.BadRequest,
            ["21602", "21603", "21604", "21609", "35111", "35112", "35113", "35114", "35115", "35116", "35117", "35118", "35125"]),
        (FailureReason.OptedOut, ["21610"]),
        (FailureReason.Unreachable, ["21612", "30003", "30017", "63036"]),
        (FailureReason.Blocked, ["30004", "63032", "63033", "63049"]),
        (FailureReason.Filtered, ["30007", "30450"]),
        (FailureReason.ContentTooLong, ["21617"]),
        (FailureReason.ContentRejected, ["63005", "63013", "63021"]),
        (FailureReason.MediaRejected, ["21620", "21623", "30011", "63019"]),
        (FailureReason.MediaTooLarge, ["30019"]),
        (FailureReason.TemplateRejected, ["21654", "21655", "21656"]),
        (FailureReason.WindowClosed, ["63016"]),
        (FailureReason.Expired, [ValidityPassed]),
        (FailureReason.Unknown, ["30008"]), // Twilio's own word for it
    }
    .SelectMany(row => row.Codes, (row, code) => KeyValuePair.Create(code, row.Reason))
    .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a code means; <see cref="FailureReason.Unknown"/> when it is missing or in no table.</summary>
    /// <param name="code">The code.</param>
    public static FailureReason ReasonOf(string? code) => code is null ? FailureReason.Unknown : Reasons.GetValueOrDefault(code, FailureReason.Unknown);
}
