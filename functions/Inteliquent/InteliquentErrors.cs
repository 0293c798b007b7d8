using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Inteliquent;

/// <summary>
/// What Inteliquent's codes mean in our words. One table for both functions, compiled into each. Of the <c>statusCode</c>s of an answer the
/// broker's own description names 408 alone; the rest is how the same carrier's Services API uses them, and its gateway. The words are the
/// states of a receipt (SMPP 3.4, appendix B).
/// https://github.com/ooglek/inteliquent-sdk-php/blob/5a8fc60/Inteliquent_API_V2-3.yaml
/// </summary>
internal static class InteliquentErrors
{
    /// <summary>The state of a message whose validity period passed.</summary>
    public const string Expired = "EXPIRED";

    /// <summary>The table.</summary>
    public static CarrierErrors Table { get; } = new(
    [
        (new(ErrorClass.Permanent, FailureReason.BadRequest),
            [
                "400", "408", "409", "410", "411", "412", "413", "414", "415", "416", "417", "418", "419", "420", "421", "422",
                "426", "430", "450", "460", "461", "464", "470",
            ]),
        (new(ErrorClass.Permanent, FailureReason.Unknown), ["425", "432", "462"]), // it means another thing at each call that has it
        (new(ErrorClass.Transient, FailureReason.CarrierFault), ["431"]),
        (new(ErrorClass.OurFault, FailureReason.Auth), ["401", "403", "401001"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited), ["429"]),

        // The gateway before the carrier's APIs: nothing was taken. https://apim.docs.wso2.com/en/3.2.0/troubleshooting/error-handling/
        (new(ErrorClass.OurFault, FailureReason.Auth),
            ["900900", "900901", "900902", "900903", "900904", "900905", "900908", "900910"]),
        (new(ErrorClass.OurFault, FailureReason.Configuration), ["900805", "900906", "900907", "900909"]), // blocked, or no such path
        (new(ErrorClass.Throttled, FailureReason.RateLimited),
            ["900800", "900801", "900802", "900803", "900804", "900806", "900807"]),
        (new(ErrorClass.Transient, FailureReason.CarrierFault), ["700700"]), // the API itself is closed for a while

        (new(ErrorClass.Permanent, FailureReason.Unknown), ["UNDELIV", "DELETED"]), // the network does not say why
        (new(ErrorClass.Permanent, FailureReason.Blocked), ["REJECTD"]), // the carrier's message records call the same `Blocked`
        (new(ErrorClass.Permanent, FailureReason.Expired), [Expired]),
    ]);
}
