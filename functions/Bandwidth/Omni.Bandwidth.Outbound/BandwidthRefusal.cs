using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Bandwidth.Outbound;

/// <summary>What a refused send means. https://dev.bandwidth.com/docs/messaging/errors</summary>
internal static class BandwidthRefusal
{
    private const string Invalid = "request-validation";

    /// <summary>The outcome of a send that was not taken.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="general">What its status means by itself.</param>
    public static SendOutcome Outcome(CarrierReply reply, SendOutcome? general)
    {
        var problem = reply.Read(BandwidthJson.Default.BandwidthProblem);
        var type = problem?.Type is { Length: > 0 } named ? named : null;
        var code = type ?? reply.StatusCode;

        // A server's fault may have come after it was taken, whatever it says.
        return (general, code) switch
        {
            (SendOutcome.Unknown, _) => general,
            (_, Invalid) => Field(problem!.FieldErrors),
            _ when BandwidthErrors.Find(code) is { } known => known.ToOutcome(code, reply.RetryAfter),
            _ => BandwidthErrors.Table.Refusal(type, reply, general),
        };
    }

    // The field that is wrong tells more than that one is. Its name goes into the code, what was in it does not.
    private static SendOutcome Field(IReadOnlyList<BandwidthFieldError>? errors)
    {
        foreach (var name in (errors ?? []).Select(error => error.FieldName))
        {
            var code = $"{Invalid}/{name}";
            switch (name)
            {
                case "applicationId": return new SendOutcome.Deferred(DeferralCause.OurFault, code); // in every message, until it is mended
                case "to": return new SendOutcome.Rejected(FailureReason.InvalidRecipient, code);
                case "from": return new SendOutcome.Rejected(FailureReason.SenderMisconfigured, code);
                case "text": return new SendOutcome.Rejected(FailureReason.ContentRejected, code);
                case "media": return new SendOutcome.Rejected(FailureReason.MediaRejected, code);
                case "tag" or "priority" or "expiration": return new SendOutcome.Rejected(FailureReason.BadRequest, code);
            }
        }

        return BandwidthErrors.Table.Find(Invalid)!.ToOutcome(Invalid);
    }
}
