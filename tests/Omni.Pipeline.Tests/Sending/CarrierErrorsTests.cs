using System.Net;
using Omni.Shared;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>What code and status of a refusal mean together.</summary>
public class CarrierErrorsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static readonly CarrierErrors Table = new(
        (new(ErrorClass.Permanent, FailureReason.BadRequest), ["final"]),
        (new(ErrorClass.Transient, FailureReason.Unreachable, Long), ["passing"]),
        (new(ErrorClass.Throttled, FailureReason.RateLimited, Long), ["fast"]),
        (new(ErrorClass.RecipientThrottled, FailureReason.RateLimited, Long), ["pair"]),
        (new(ErrorClass.OurFault, FailureReason.PaymentRequired), ["ours"]),
        (new(ErrorClass.Unknown, FailureReason.CarrierFault), ["open"]));

    [Theory]
    // Too fast: nothing was looked at. A code that is throttling itself knows the wait, and whom it holds.
    [InlineData(429, null, null, "Throttled rate_limited http_429")]
    [InlineData(429, "strange", null, "Throttled rate_limited strange")]
    [InlineData(429, "final", null, "Throttled rate_limited final")]
    [InlineData(429, "ours", null, "Throttled rate_limited ours")]
    [InlineData(429, "open", null, "Throttled rate_limited open")]
    [InlineData(429, "passing", null, "Throttled rate_limited passing 300")]
    [InlineData(429, "fast", null, "Throttled rate_limited fast 300")]
    [InlineData(429, "pair", null, "RecipientThrottled rate_limited pair 300")]
    [InlineData(429, "pair", 7, "RecipientThrottled rate_limited pair 7")]
    // Not arrived whole, not looked at: unless the carrier's code says that it may have it all the same.
    [InlineData(408, null, null, "CarrierUnavailable carrier_fault http_408")]
    [InlineData(425, "strange", 7, "CarrierUnavailable carrier_fault strange 7")]
    [InlineData(408, "final", null, "CarrierUnavailable carrier_fault final")]
    [InlineData(408, "open", null, "unknown open")]
    [InlineData(425, "ours", null, "OurFault payment_required ours")]
    // A server's fault may come after it was taken, unless it asks to come again or its code says what it did.
    [InlineData(503, null, 7, "CarrierUnavailable carrier_fault http_503 7")]
    [InlineData(503, "open", 7, "CarrierUnavailable carrier_fault open 7")]
    [InlineData(503, "final", 7, "final bad_request final")]
    [InlineData(503, null, null, "unknown http_503")]
    [InlineData(503, "open", null, "unknown open")]
    [InlineData(502, null, 7, "unknown http_502")]
    [InlineData(500, "strange", null, "unknown strange")]
    [InlineData(500, "final", null, "final bad_request final")]
    [InlineData(500, "passing", null, "CarrierUnavailable unreachable passing 300")]
    [InlineData(500, "fast", null, "Throttled rate_limited fast 300")]
    // A code that we do not know says nothing: the status does.
    [InlineData(401, "strange", null, "OurFault auth strange")]
    [InlineData(402, "strange", null, "OurFault payment_required strange")]
    [InlineData(403, "strange", null, "OurFault auth strange")]
    [InlineData(404, "strange", null, "OurFault configuration strange")]
    [InlineData(404, null, null, "OurFault configuration http_404")]
    [InlineData(405, null, null, "OurFault configuration http_405")]
    [InlineData(406, null, null, "OurFault configuration http_406")]
    [InlineData(308, null, null, "OurFault configuration http_308")]
    [InlineData(400, "strange", null, "final unknown strange")]
    [InlineData(422, null, null, "final unknown http_422")]
    // Otherwise the code knows more than the status.
    [InlineData(404, "final", null, "final bad_request final")]
    [InlineData(403, "pair", null, "RecipientThrottled rate_limited pair 300")]
    [InlineData(400, "open", null, "unknown open")]
    public void A_refusal_means_what_its_code_and_its_status_say_together(int status, string? code, int? retryAfter, string expected)
    {
        var reply = new CarrierReply((HttpStatusCode)status, [], retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        Assert.Equal(expected, Words(Table.Refusal(code, reply)));
    }

    [Fact]
    public void A_refused_call_that_prepares_a_send_leaves_nothing_open()
    {
        var reply = new CarrierReply(HttpStatusCode.BadGateway, [], null);

        Assert.Equal("CarrierUnavailable carrier_fault http_502", Words(Table.RepeatableRefusal(null, reply)));
        Assert.Equal("final bad_request final", Words(Table.RepeatableRefusal("final", reply)));
    }

    private static string Words(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Rejected rejected => $"final {rejected.Reason.Code()} {rejected.CarrierCode}",
        SendOutcome.Deferred { RetryAfter: { } wait } deferred => $"{deferred.Cause} {deferred.Reason.Code()} {deferred.CarrierCode} {wait.TotalSeconds}",
        SendOutcome.Deferred deferred => $"{deferred.Cause} {deferred.Reason.Code()} {deferred.CarrierCode}",
        SendOutcome.Unknown unknown => $"unknown {unknown.Cause}",
        _ => outcome.ToString(),
    };
}
