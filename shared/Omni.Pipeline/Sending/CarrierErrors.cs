using System.Collections.Frozen;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>What a carrier's error code asks of us.</summary>
public enum ErrorClass
{
    /// <summary>The same message again gives the same answer.</summary>
    Permanent,

    /// <summary>A passing fault of the carrier: surely not taken, try again.</summary>
    Transient,

    /// <summary>Too fast: the sender pauses.</summary>
    Throttled,

    /// <summary>Too fast for this one person: the conversation pauses.</summary>
    RecipientThrottled,

    /// <summary>Our credentials, account or settings: the message stays until they are mended.</summary>
    OurFault,

    /// <summary>It may have been taken: never repeated blindly.</summary>
    Unknown,
}

/// <summary>One row of a carrier's error table, or what an HTTP status means by itself.</summary>
/// <param name="Class">What it asks of us when it answers a send. In a receipt only the reason counts.</param>
/// <param name="Reason">What it means, in our words.</param>
/// <param name="Wait">How long to wait where the carrier names no wait; null for the usual backoff.</param>
public sealed record CarrierError(ErrorClass Class, FailureReason Reason, TimeSpan? Wait = null)
{
    /// <summary>Whether it says that we were too fast.</summary>
    public bool IsThrottling => Class is ErrorClass.Throttled or ErrorClass.RecipientThrottled;

    /// <summary>What the HTTP status of a refusal means at every carrier.</summary>
    /// <param name="reply">The answer.</param>
    public static CarrierError OfStatus(CarrierReply reply) => (int)reply.Status switch
    {
        // Refused for the number of requests, before any of them was looked at: RFC 6585, section 4.
        429 => new(ErrorClass.Throttled, FailureReason.RateLimited),

        // 408: the request did not arrive whole (RFC 9110, section 15.5.9). 425: it was not processed (RFC 8470, section 5.2).
        408 or 425 => new(ErrorClass.Transient, FailureReason.CarrierFault),

        // A server that cannot serve now and names the time to ask again did nothing yet: RFC 9110, sections 15.6.4 and 10.2.3.
        503 when reply.RetryAfter is not null => new(ErrorClass.Transient, FailureReason.CarrierFault),

        // It may come after the message was taken: of the 5xx no other is safe to repeat.
        >= 500 => new(ErrorClass.Unknown, FailureReason.CarrierFault),
        401 or 403 or 407 => new(ErrorClass.OurFault, FailureReason.Auth),
        402 => new(ErrorClass.OurFault, FailureReason.PaymentRequired),

        // They speak of path and method. Both are ours, with our account in the path; nothing of the message stands there.
        301 or 302 or 307 or 308 or 404 or 405 or 406 => new(ErrorClass.OurFault, FailureReason.Configuration),
        _ => new(ErrorClass.Permanent, FailureReason.Unknown),
    };

    /// <summary>
    /// The outcome of a refused send, one rule for all carriers. The code decides where it is known, and the status where it is not. Over
    /// the code decides a status that proves that the message was not taken: else a code that is final would lose it.
    /// </summary>
    /// <param name="row">The row of the carrier's code; null when there is none.</param>
    /// <param name="code">The carrier's code; null when there is none that can be read.</param>
    /// <param name="reply">The answer.</param>
    public static SendOutcome OfRefusal(CarrierError? row, string? code, CarrierReply reply)
    {
        var status = OfStatus(reply);
        var statusDecides = (int)reply.Status switch
        {
            429 => row is not { IsThrottling: true }, // one that is throttling itself knows how long, and whether only this person waits

            // A carrier that says by its code that it gave up waiting for itself may have the message.
            408 or 425 => row is null or { Class: ErrorClass.Permanent },
            503 when reply.RetryAfter is not null => row is null or { Class: ErrorClass.Unknown },
            _ => row is null,
        };
        return (statusDecides ? status with { Wait = row?.Wait } : row!).ToOutcome(code ?? reply.StatusCode, reply.RetryAfter);
    }

    /// <summary>The outcome of a send that was answered with it.</summary>
    /// <param name="code">The carrier's code.</param>
    /// <param name="retryAfter">The wait that the carrier named.</param>
    public SendOutcome ToOutcome(string code, TimeSpan? retryAfter = null)
    {
        return Class switch
        {
            ErrorClass.Permanent => new SendOutcome.Rejected(Reason, code),
            ErrorClass.Transient => Deferred(DeferralCause.CarrierUnavailable),
            ErrorClass.Throttled => Deferred(DeferralCause.Throttled),
            ErrorClass.RecipientThrottled => Deferred(DeferralCause.RecipientThrottled),
            ErrorClass.OurFault => Deferred(DeferralCause.OurFault),
            _ => new SendOutcome.Unknown(code),
        };

        SendOutcome.Deferred Deferred(DeferralCause cause) => new(cause, code, retryAfter ?? Wait) { Reason = Reason };
    }
}

/// <summary>A carrier's error codes, one table for its two functions.</summary>
/// <param name="rows">The rows: what a group of codes means.</param>
public sealed class CarrierErrors(params IEnumerable<(CarrierError Error, string[] Codes)> rows)
{
    /// <summary>Every code with its meaning.</summary>
    public FrozenDictionary<string, CarrierError> Rows { get; } =
        rows.SelectMany(row => row.Codes, (row, code) => KeyValuePair.Create(code, row.Error))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a code means; null when it is missing or in no row.</summary>
    /// <param name="code">The code.</param>
    public CarrierError? Find(string? code) => code is null ? null : Rows.GetValueOrDefault(code);

    /// <summary>Why, in our words; <see cref="FailureReason.Unknown"/> when the code is missing or in no row.</summary>
    /// <param name="code">The code.</param>
    public FailureReason ReasonOf(string? code) => Find(code)?.Reason ?? FailureReason.Unknown;

    /// <summary>The outcome of a refused send.</summary>
    /// <param name="code">The carrier's code; null when there is none that can be read.</param>
    /// <param name="reply">The answer.</param>
    public SendOutcome Refusal(string? code, CarrierReply reply) => CarrierError.OfRefusal(Find(code), code, reply);

    /// <summary>The outcome of a refused call before the send: nothing is unknown about the message, for it has not left.</summary>
    /// <param name="code">The carrier's code; null when there is none that can be read.</param>
    /// <param name="reply">The answer.</param>
    public SendOutcome RepeatableRefusal(string? code, CarrierReply reply) => Refusal(code, reply) switch
    {
        SendOutcome.Unknown open => new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, open.Cause, reply.RetryAfter),
        var outcome => outcome,
    };
}
