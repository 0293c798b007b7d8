using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Bandwidth;

/// <summary>
/// What Bandwidth's errors mean in our words. One table for both functions, compiled into each: words are the <c>type</c> of a refused
/// send, numbers the <c>errorCode</c> of a failed message. https://dev.bandwidth.com/docs/messaging/errors
/// </summary>
internal static class BandwidthErrors
{
    /// <summary>The code of a message whose expiration passed at Bandwidth: it expired rather than failed.</summary>
    public const string ExpirationPassed = "4360";

    /// <summary>The code of a message that expired at the recipient's network.</summary>
    public const string ExpiredAtCarrier = "4794";

    /// <summary>The code of a recipient on Bandwidth's block list, which is an opt-out kept there.</summary>
    public const string RecipientBlocked = "4482";

    // The account's queue holds minutes of its rate: seconds do not empty it.
    private static readonly TimeSpan FullQueueWait = TimeSpan.FromSeconds(30);

    /// <summary>Every code that we know, with its meaning.</summary>
    public static CarrierErrors Table { get; } = new(
        (new(ErrorClass.Permanent, FailureReason.BadRequest), ["request-validation", "unsupported-content-type", "4435", "4735"]),
        (new(ErrorClass.OurFault, FailureReason.Auth), ["unauthorized", "forbidden"]),
        // 404 has no type: the path has our account's id in it, and nothing else that could be wrong.
        (new(ErrorClass.OurFault, FailureReason.Configuration), ["http_404", "http_405", "http_406"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited, FullQueueWait), ["max-message-queue-size-exceeded"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited), ["rate_limit_exceeded", "4780", "4781", "4785", "5600"]),

        (new(ErrorClass.Permanent, FailureReason.Configuration), ["4001", "4401", "4451", "4452"]),
        (new(ErrorClass.Permanent, FailureReason.Auth), ["4493"]),
        (new(ErrorClass.Permanent, FailureReason.SenderMisconfigured),
            [
                "4302", "4403", "4405", "4407", "4431", "4433", "4476", "4740", "4773", "4774", "4790", "4791", "4792", "4793", "4795",
                "5229"
            ]),
        (new(ErrorClass.Permanent, FailureReason.InvalidRecipient), ["4303", "4350", "4404", "4406", "4408", "4720", "4721"]),
        (new(ErrorClass.Permanent, FailureReason.DestinationForbidden), ["4432", "4434", "4492"]),
        (new(ErrorClass.Permanent, FailureReason.Unreachable), ["4420", "4421", "4700", "4701", "4730"]),
        (new(ErrorClass.Transient, FailureReason.Unreachable), ["4702"]),
        (new(ErrorClass.Permanent, FailureReason.ContentRejected), ["4301", "4752"]),
        (new(ErrorClass.Permanent, FailureReason.ContentTooLong), ["4751"]),
        (new(ErrorClass.Permanent, FailureReason.MediaRejected), ["4409", "4410", "4412", "4710", "4712"]),
        (new(ErrorClass.Permanent, FailureReason.MediaTooLarge), ["4411", "4711"]),
        (new(ErrorClass.Permanent, FailureReason.Filtered), ["4470", "4770", "4771"]),
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["4481", RecipientBlocked, "4750", "4753", "4772"]),
        (new(ErrorClass.Permanent, FailureReason.OptedOut), ["4475", "4775"]),
        (new(ErrorClass.Permanent, FailureReason.Expired), [ExpirationPassed, ExpiredAtCarrier]),
        (new(ErrorClass.Permanent, FailureReason.Unsupported), ["4754"]),

        (
            new(ErrorClass.Transient, FailureReason.CarrierFault),
            ["5100", "5101", "5106", "5111", "5201", "5211", "5220", "5500", "5501", "5999"]),
        (new(ErrorClass.Permanent, FailureReason.CarrierFault), ["5231"]),
        // handed over, and not acknowledged
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["5610", "5611", "5620", "5630", "5650"]),
        (new(ErrorClass.Unknown, FailureReason.Unknown), ["9902", "9999"]));

    /// <summary>
    /// What a code means: its row, or what its first digits tell of a code that is in none; null for a word that is in none.
    /// </summary>
    /// <param name="code">The code.</param>
    public static CarrierError? Find(string? code) => Table.Find(code) ?? ByPrefix(code);

    /// <summary>Why, in our words.</summary>
    /// <param name="code">The code.</param>
    public static FailureReason ReasonOf(string? code) => Find(code)?.Reason ?? FailureReason.Unknown;

    /// <summary>Where a failed message ended: refused by Bandwidth, or lost behind it.</summary>
    /// <param name="code">The code.</param>
    public static MessageStatus StatusOf(string? code) => code switch
    {
        ExpirationPassed or ExpiredAtCarrier => MessageStatus.Expired,
        // The second digit 7 (of 4xxx) and 6 (of 5xxx): the next carrier reported it, after it had the message. 9xxx: nobody knows.
        ['4', '7', ..] or ['5', '6', ..] or ['9', ..] => MessageStatus.Undelivered,
        _ => MessageStatus.Failed,
    };

    private static CarrierError? ByPrefix(string? code) => code switch
    {
        not [_, _, _, _] => null,
        _ when !code.All(char.IsAsciiDigit) => null,
        ['4', ..] => new(ErrorClass.Permanent, FailureReason.Unknown),
        ['5', '1' or '2' or '5', ..] => new(ErrorClass.Transient, FailureReason.CarrierFault),
        ['5', ..] => new(ErrorClass.Unknown, FailureReason.CarrierFault),
        ['9', ..] => new(ErrorClass.Unknown, FailureReason.Unknown),
        _ => null,
    };
}
