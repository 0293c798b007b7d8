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

/// <summary>One row of a carrier's error table.</summary>
/// <param name="Class">What it asks of us when it answers a send. In a receipt only the reason counts.</param>
/// <param name="Reason">What it means, in our words.</param>
/// <param name="Wait">How long to wait where the carrier names no wait; null for the usual backoff.</param>
public sealed record CarrierError(ErrorClass Class, FailureReason Reason, TimeSpan? Wait = null)
{
    /// <summary>The outcome of a send that was answered with it.</summary>
    /// <param name="code">The carrier's code.</param>
    /// <param name="retryAfter">The wait that the carrier named.</param>
    public SendOutcome ToOutcome(string code, TimeSpan? retryAfter = null) => Class switch
    {
        ErrorClass.Permanent => new SendOutcome.Rejected(Reason, code),
        ErrorClass.Transient => new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, code, retryAfter ?? Wait),
        ErrorClass.Throttled => new SendOutcome.Deferred(DeferralCause.Throttled, code, retryAfter ?? Wait),
        ErrorClass.RecipientThrottled => new SendOutcome.Deferred(DeferralCause.RecipientThrottled, code, retryAfter ?? Wait),
        ErrorClass.OurFault => new SendOutcome.Deferred(DeferralCause.OurFault, code, retryAfter ?? Wait),
        _ => new SendOutcome.Unknown(code),
    };
}

/// <summary>A carrier's error codes, one table for its two functions.</summary>
/// <param name="rows">The rows: what a group of codes means.</param>
public sealed class CarrierErrors(params IEnumerable<(CarrierError Error, string[] Codes)> rows)
{
    /// <summary>Every code with its meaning.</summary>
    public FrozenDictionary<string, CarrierError> Rows { get; } =
        rows.SelectMany(row => row.Codes, (row, code) => KeyValuePair.Create(code, row.Error)).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a code means; null when it is missing or in no row.</summary>
    /// <param name="code">The code.</param>
    public CarrierError? Find(string? code) => code is null ? null : Rows.GetValueOrDefault(code);

    /// <summary>Why, in our words; <see cref="FailureReason.Unknown"/> when the code is missing or in no row.</summary>
    /// <param name="code">The code.</param>
    public FailureReason ReasonOf(string? code) => Find(code)?.Reason ?? FailureReason.Unknown;

    /// <summary>
    /// The outcome of a refused send: by its code, else as <see cref="CarrierHttp"/> understood its status, else by class of status. A server's fault is
    /// unknown whatever its code, unless the table says that the code proves it was not taken.
    /// </summary>
    /// <param name="code">The carrier's code; null when there is none that can be read.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="general">What its status means by itself.</param>
    public SendOutcome Refusal(string? code, CarrierReply reply, SendOutcome? general)
    {
        if (Find(code) is { } known) return known.ToOutcome(code!, reply.RetryAfter);
        if (general is SendOutcome.Deferred deferred) return deferred with { CarrierCode = code ?? deferred.CarrierCode };
        if (general is not null) return general;

        return ((int)reply.Status, code) switch
        {
            (401, _) => new SendOutcome.Deferred(DeferralCause.OurFault, code ?? reply.StatusCode),

            // With a code that we do not know, a 403 may be about this message.
            (403, null) => new SendOutcome.Deferred(DeferralCause.OurFault, reply.StatusCode),
            _ => new SendOutcome.Rejected(FailureReason.Unknown, code ?? reply.StatusCode),
        };
    }
}
