using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Omni.Pipeline;
using Omni.Shared;
using Xunit;

namespace Omni.Testing;

/// <summary>What the sender of every carrier must satisfy. A carrier's tests give a message and how the carrier accepts it.</summary>
public abstract class SenderRules
{
    /// <summary>A sender over the carrier. Where it needs a token first, the test gives it one that is valid.</summary>
    protected abstract ICarrierSender NewSender(StubCarrier carrier);

    /// <summary>A planned message of one part.</summary>
    protected abstract Message Message { get; }

    /// <summary>How the carrier accepts it, and the id it gives.</summary>
    protected abstract (HttpStatusCode Status, string Body, string CarrierMessageId) Acceptance { get; }

    /// <summary>The reference that the carrier gives back must be in the request; false where the carrier takes none.</summary>
    protected virtual bool CarriesReference => true;

    [Fact]
    public async Task An_accepted_message_has_the_carriers_id_and_carried_our_reference()
    {
        var carrier = new StubCarrier(Acceptance.Status, Acceptance.Body);

        var outcome = await SendAsync(carrier);

        Assert.Equal(Acceptance.CarrierMessageId, Assert.IsType<SendOutcome.Accepted>(outcome).CarrierMessageId);
        var request = carrier.Requests[^1];
        if (CarriesReference) Assert.Contains($"{Message.Id}.0.1", Uri.UnescapeDataString(request.Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_is_no_proof_of_acceptance()
    {
        foreach (var body in (string[])["<html>proxy</html>", "", "{"])
        {
            Assert.IsType<SendOutcome.Unknown>(await SendAsync(new StubCarrier(Acceptance.Status, body, "text/html")));
        }
    }

    [Fact]
    public async Task Too_fast_is_deferred_by_the_wait_that_the_carrier_names_if_it_names_one()
    {
        foreach (var wait in (int?[])[7, null])
        {
            var outcome = await SendAsync(new StubCarrier(() =>
            {
                var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("") };
                if (wait is { } seconds) answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
                return answer;
            }));

            var deferred = Assert.IsType<SendOutcome.Deferred>(outcome);
            Assert.Equal(DeferralCause.Throttled, deferred.Cause);
            if (wait is { } named) Assert.Equal(TimeSpan.FromSeconds(named), deferred.RetryAfter);
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task A_servers_fault_may_have_come_after_acceptance(HttpStatusCode status) =>
        Assert.IsType<SendOutcome.Unknown>(await SendAsync(new StubCarrier(status, "<html>fault</html>", "text/html")));

    [Fact]
    public async Task Refused_credentials_are_our_fault_and_the_message_waits() =>
        Assert.Equal(DeferralCause.OurFault, Assert.IsType<SendOutcome.Deferred>(await SendAsync(new StubCarrier(HttpStatusCode.Unauthorized, ""))).Cause);

    [Fact]
    public async Task A_lost_answer_is_unknown_and_a_refused_connection_is_not()
    {
        var lost = new StubCarrier(() => throw new HttpRequestException(HttpRequestError.ResponseEnded));
        var refused = new StubCarrier(() => throw new HttpRequestException(HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.ConnectionRefused)));

        Assert.IsType<SendOutcome.Unknown>(await SendAsync(lost));
        Assert.Equal(DeferralCause.CarrierUnavailable, Assert.IsType<SendOutcome.Deferred>(await SendAsync(refused)).Cause);
    }

    private Task<SendOutcome> SendAsync(StubCarrier carrier) => NewSender(carrier).SendAsync(StubCarrier.Part(Message), CancellationToken.None);
}
