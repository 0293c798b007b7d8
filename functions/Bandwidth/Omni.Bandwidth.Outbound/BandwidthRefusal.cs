using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Bandwidth.Outbound;

/// <summary>What a refused send means. https://dev.bandwidth.com/docs/messaging/errors</summary>
internal static class BandwidthRefusal
{
    private const string Invalid = "request-validation";

    /// <summary>The outcome of a send that was not taken.</summary>
    /// <param name="reply">The answer.</param>
    public static SendOutcome Outcome(CarrierReply reply)
    {
        var problem = reply.Read(BandwidthJson.Default.BandwidthProblem);
        var type = problem?.Type is { Length: > 0 } named ? named : null;
        var (row, code) = type == Invalid ? Field(problem!.FieldErrors) : (BandwidthErrors.Find(type ?? reply.StatusCode), type);
        return CarrierError.OfRefusal(row, code, reply);
    }

    // The field that is wrong tells more than that one is. Its name goes into the code, what was in it does not.
    private static (CarrierError? Row, string Code) Field(IReadOnlyList<BandwidthFieldError>? errors)
    {
        foreach (var name in (errors ?? []).Select(error => error.FieldName))
        {
            if (Meaning(name) is { } row) return (row, $"{Invalid}/{name}");
        }

        return (BandwidthErrors.Table.Find(Invalid), Invalid);
    }

    private static CarrierError? Meaning(string? field) => field switch
    {
        "applicationId" => new(ErrorClass.OurFault, FailureReason.Configuration), // in every message, until it is mended
        "to" => new(ErrorClass.Permanent, FailureReason.InvalidRecipient),
        "from" => new(ErrorClass.Permanent, FailureReason.SenderMisconfigured),
        "text" => new(ErrorClass.Permanent, FailureReason.ContentRejected),
        "media" => new(ErrorClass.Permanent, FailureReason.MediaRejected),
        "tag" or "priority" or "expiration" => new(ErrorClass.Permanent, FailureReason.BadRequest),
        _ => null,
    };
}
