using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
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

    /// <summary>A refusal of the message by a code of the carrier's that is final, and that code.</summary>
    protected abstract (string Body, string Code) Refusal { get; }

    /// <summary>Content that names an address which the carrier, or the person, shall open.</summary>
    protected virtual Content Linking(Uri url) => new ImageContent { MediaUrl = url };

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
            var deferred = Assert.IsType<SendOutcome.Deferred>(await SendAsync(Refusing(HttpStatusCode.TooManyRequests, "", wait)));
            Assert.Equal((DeferralCause.Throttled, FailureReason.RateLimited), (deferred.Cause, deferred.Reason));
            if (wait is { } named) Assert.Equal(TimeSpan.FromSeconds(named), deferred.RetryAfter);
        }
    }

    [Fact]
    public async Task Too_fast_is_not_final_whatever_code_comes_with_it()
    {
        var (body, code) = Refusal;

        var deferred = Assert.IsType<SendOutcome.Deferred>(await SendAsync(Refusing(HttpStatusCode.TooManyRequests, body)));

        Assert.Equal((DeferralCause.Throttled, FailureReason.RateLimited, code), (deferred.Cause, deferred.Reason, deferred.CarrierCode));
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData((HttpStatusCode)425)] // Too Early
    public async Task A_request_that_did_not_arrive_or_was_not_looked_at_is_tried_again(HttpStatusCode status)
    {
        foreach (var body in (string[])["", "<html>gateway</html>"])
        {
            var deferred = Assert.IsType<SendOutcome.Deferred>(await SendAsync(Refusing(status, body)));
            Assert.Equal(DeferralCause.CarrierUnavailable, deferred.Cause);
        }
    }

    [Fact]
    public async Task A_server_that_cannot_serve_now_and_says_when_to_come_again_did_not_take_it()
    {
        var outcome = await SendAsync(Refusing(HttpStatusCode.ServiceUnavailable, "<html>busy</html>", 7));

        var deferred = Assert.IsType<SendOutcome.Deferred>(outcome);
        Assert.Equal((DeferralCause.CarrierUnavailable, TimeSpan.FromSeconds(7)), (deferred.Cause, deferred.RetryAfter));
    }

    [Fact]
    public async Task A_refusal_by_the_carriers_own_code_is_one_with_the_status_of_a_servers_fault_too()
    {
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.InternalServerError, HttpStatusCode.ServiceUnavailable])
        {
            Assert.Equal(Refusal.Code, Assert.IsType<SendOutcome.Rejected>(await SendAsync(Refusing(status, Refusal.Body))).CarrierCode);
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task A_servers_fault_may_have_come_after_acceptance(HttpStatusCode status) =>
        Assert.IsType<SendOutcome.Unknown>(await SendAsync(new StubCarrier(status, "<html>fault</html>", "text/html")));

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, FailureReason.Auth)]
    [InlineData(HttpStatusCode.PaymentRequired, FailureReason.PaymentRequired)]
    [InlineData(HttpStatusCode.Forbidden, FailureReason.Auth)]
    [InlineData(HttpStatusCode.NotFound, FailureReason.Configuration)]
    [InlineData(HttpStatusCode.MethodNotAllowed, FailureReason.Configuration)]
    public async Task Refused_credentials_payment_and_addresses_are_our_fault_and_the_message_waits(
        HttpStatusCode status, FailureReason reason)
    {
        var deferred = Assert.IsType<SendOutcome.Deferred>(await SendAsync(new StubCarrier(status, "")));

        Assert.Equal((DeferralCause.OurFault, reason), (deferred.Cause, deferred.Reason));
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_and_a_refused_connection_is_not()
    {
        var lost = new StubCarrier(() => throw new HttpRequestException(HttpRequestError.ResponseEnded));
        var refused = new StubCarrier(() => throw new HttpRequestException(
            HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.ConnectionRefused)));

        Assert.IsType<SendOutcome.Unknown>(await SendAsync(lost));
        Assert.Equal(DeferralCause.CarrierUnavailable, Assert.IsType<SendOutcome.Deferred>(await SendAsync(refused)).Cause);
    }

    // Each of them .NET would write in another way, and to whoever signed it, it would be another address.
    [Theory]
    [InlineData("https://Files.EXAMPLE.com/a.png")]
    [InlineData("https://files.example.com:443/a.png")]
    [InlineData("https://files.example.com./a.png")]
    [InlineData("https://files.example.com/a/../b/./c.png")]
    [InlineData("https://files.example.com/%7Euser/%c3%a9%2Fb.png?sig=a%2bB%3D%20&t='x'")]
    [InlineData("https://files.example.com/é/漢字.png?q=ü")]
    [InlineData("https://bücher.example.com/a.png")]
    [InlineData("https://files.example.com?a=1")]
    [InlineData("https://files.example.com/a.png?#")]
    public async Task An_address_goes_on_as_it_was_written(string url)
    {
        var carrier = new StubCarrier(Acceptance.Status, Acceptance.Body);
        var message = StubCarrier.Planned(Message with { Content = Linking(new Uri(url)) });
        var part = StubCarrier.Part(message) with { Media = new LinkedMedia(new Uri(url)) };

        Assert.IsType<SendOutcome.Accepted>(await NewSender(carrier).SendAsync(part, CancellationToken.None));

        Assert.Contains(url, Texts(carrier.Requests[^1].Text));
    }

    /// <summary>The values of a request: of JSON all texts, else those of a form.</summary>
    private static IEnumerable<string> Texts(string body) => body.StartsWith('{')
        ? Texts(JsonNode.Parse(body))
        : body.Split('&').Select(field => Uri.UnescapeDataString(field.Split('=')[^1].Replace('+', ' ')));

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Texts(member.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    private static StubCarrier Refusing(HttpStatusCode status, string body, int? retryAfterSeconds = null) => new(() =>
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        if (retryAfterSeconds is { } seconds) answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return answer;
    });

    private Task<SendOutcome> SendAsync(StubCarrier carrier) =>
        NewSender(carrier).SendAsync(StubCarrier.Part(Message), CancellationToken.None);
}
