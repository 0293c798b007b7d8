using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Inteliquent;

/// <summary>
/// What Inteliquent's codes mean in our words. One table for both functions, compiled into each. Of the <c>statusCode</c>s of an answer the broker's own description
/// names 408 alone; the rest is how the same carrier's Services API uses them. The words are the states of a receipt (SMPP 3.4, appendix B).
/// https://github.com/ooglek/inteliquent-sdk-php/blob/5a8fc60/Inteliquent_API_V2-3.yaml
/// </summary>
internal static class InteliquentErrors
{
    /// <summary>The state of a message whose validity period passed.</summary>
    public const string Expired = "EXPIRED";

    /// <summary>The table.</summary>
    public static CarrierErrors Table { get; } = new(
    [
        (new(ErrorClass.Permanent, FailureReason.BadRequest), ["408", "414"]),
        (new(ErrorClass.Permanent, FailureReason.Unknown), ["409", "410", "411", "425", "430", "432"]),
        (new(ErrorClass.Transient, FailureReason.CarrierFault), ["431"]),
        (new(ErrorClass.OurFault, FailureReason.Auth), ["401", "403", "401001", "900901"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited), ["429"]),

        (new(ErrorClass.Permanent, FailureReason.Unknown), ["UNDELIV", "DELETED"]), // the network does not say why
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["REJECTD"]), // the carrier's message records call the same `Blocked`
        (new(ErrorClass.Permanent, FailureReason.Expired), [Expired]),
    ]);
}
