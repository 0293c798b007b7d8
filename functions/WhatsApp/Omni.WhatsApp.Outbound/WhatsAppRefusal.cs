using System.Globalization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>What Meta's refusals ask of us.</summary>
internal static class WhatsAppRefusal
{
    private static readonly TimeSpan LongestPairWait = TimeSpan.FromMinutes(15);

    /// <summary>The outcome of a refused send.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="general">What its status means by itself.</param>
    /// <param name="attempt">Which attempt it was, from 1.</param>
    public static SendOutcome OfSend(CarrierReply reply, SendOutcome? general, int attempt) => CodeOf(reply) switch
    {
        // Meta's advice for this limit: 4, 16, 64… seconds.
        WhatsAppErrors.PairLimit => new SendOutcome.Deferred(DeferralCause.RecipientThrottled, WhatsAppErrors.PairLimit, reply.RetryAfter ?? PairWait(attempt)),
        { } code when attempt > 1 && WhatsAppErrors.Media.Contains(code) => new SendOutcome.Rejected(FailureReason.MediaRejected, code),

        // A fault of Meta's own, but its status says that the request was refused.
        { } code when WhatsAppErrors.Table.Find(code) is { Class: ErrorClass.Unknown } && (int)reply.Status < 500 =>
            new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, code, reply.RetryAfter),
        var code => WhatsAppErrors.Table.Refusal(code, reply, general),
    };

    /// <summary>The outcome of a refused call that can be made again, since nothing that may have been sent hangs on it.</summary>
    /// <param name="reply">The answer.</param>
    public static SendOutcome OfRepeatable(CarrierReply reply)
    {
        SendOutcome? general = (int)reply.Status switch
        {
            429 => new SendOutcome.Deferred(DeferralCause.Throttled, reply.StatusCode, reply.RetryAfter),
            >= 500 => new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, reply.StatusCode, reply.RetryAfter),
            _ => null,
        };
        return WhatsAppErrors.Table.Refusal(CodeOf(reply), reply, general) switch
        {
            SendOutcome.Unknown unknown => new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, unknown.Cause, reply.RetryAfter),
            var outcome => outcome,
        };
    }

    private static string? CodeOf(CarrierReply reply) =>
        reply.Read(WhatsAppJson.Default.ErrorAnswer)?.Error?.Code?.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan PairWait(int attempt)
    {
        var wait = TimeSpan.FromSeconds(Math.Pow(4, Math.Clamp(attempt, 1, 10)));
        return wait < LongestPairWait ? wait : LongestPairWait;
    }
}
