using System.Net;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Bandwidth.Outbound.Tests;

public class BandwidthAuthTests
{
    private static readonly Func<HttpResponseMessage> Accepted = StubCarrier.Answer(HttpStatusCode.Accepted, Account.Taken);
    private static readonly Func<HttpResponseMessage> Refused = StubCarrier.Answer(
        HttpStatusCode.Unauthorized, """{"type":"unauthorized","description":"Authentication Failed"}""");

    [Fact]
    public async Task A_token_is_fetched_with_the_clients_secret_and_used_until_a_minute_before_its_end()
    {
        var carrier = new StubCarrier(Accepted);
        var account = new Account(carrier);

        await account.SendAsync();
        carrier.Clock.Advance(TimeSpan.FromSeconds(3539));
        await account.SendAsync();
        carrier.Clock.Advance(TimeSpan.FromSeconds(1));
        await account.SendAsync();

        Assert.Equal([Account.Bearer(1), Account.Bearer(1), Account.Bearer(2)], carrier.Requests.Select(r => r.Headers.Authorization));
        var request = account.TokenRequests[0];
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal(Account.TokenUrl, request.Url);
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal("grant_type=client_credentials", request.Text);
        Assert.Equal(Account.Basic("client-id:client-secret"), request.Headers.Authorization);
    }

    [Theory]
    [InlineData(60, 29, 1)]
    [InlineData(60, 31, 2)]
    [InlineData(0, 1, 2)]
    public async Task A_short_life_is_used_by_half(int life, int after, int tokens)
    {
        var carrier = new StubCarrier(Accepted);
        var account = new Account(carrier)
        {
            Token = _ => Task.FromResult(StubCarrier.Answer(HttpStatusCode.OK, $$"""{"access_token":"t","expires_in":{{life}}}""")()),
        };

        await account.SendAsync();
        carrier.Clock.Advance(TimeSpan.FromSeconds(after));
        await account.SendAsync();

        Assert.Equal(tokens, account.TokenRequests.Count);
    }

    [Fact]
    public async Task Senders_that_need_a_token_at_once_fetch_one()
    {
        var gate = new TaskCompletionSource();
        var account = new Account(new StubCarrier(Accepted));
        var answer = account.Token;
        account.Token = async number =>
        {
            await gate.Task;
            return await answer(number);
        };

        var sends = Enumerable.Range(0, 10).Select(_ => account.SendAsync()).ToArray();
        gate.SetResult();

        Assert.All(await Task.WhenAll(sends), outcome => Assert.IsType<SendOutcome.Accepted>(outcome));
        Assert.Single(account.TokenRequests);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_renewed_and_the_message_sent_once_more()
    {
        var carrier = new StubCarrier(Refused, Accepted);
        var account = new Account(carrier);

        Assert.IsType<SendOutcome.Accepted>(await account.SendAsync());
        Assert.Equal([Account.Bearer(1), Account.Bearer(2)], carrier.Requests.Select(r => r.Headers.Authorization));
        Assert.Equal(carrier.Requests[0].Text, carrier.Requests[1].Text);
    }

    [Fact]
    public async Task A_second_refusal_is_our_fault_and_the_next_message_tries_again()
    {
        var carrier = new StubCarrier(Refused);
        var account = new Account(carrier);

        Assert.Equal(new SendOutcome.Deferred(DeferralCause.OurFault, "unauthorized"), await account.SendAsync());
        Assert.Equal(2, carrier.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, DeferralCause.OurFault, "token_http_400")]
    [InlineData(HttpStatusCode.Unauthorized, DeferralCause.OurFault, "token_http_401")]
    [InlineData(HttpStatusCode.Forbidden, DeferralCause.OurFault, "token_http_403")]
    [InlineData(HttpStatusCode.NotFound, DeferralCause.CarrierUnavailable, "token_http_404")]
    [InlineData(HttpStatusCode.TooManyRequests, DeferralCause.CarrierUnavailable, "token_http_429")]
    [InlineData(HttpStatusCode.InternalServerError, DeferralCause.CarrierUnavailable, "token_http_500")]
    [InlineData(HttpStatusCode.OK, DeferralCause.CarrierUnavailable, "token_unreadable")]
    public async Task Without_a_token_the_message_waits_and_nothing_is_sent(HttpStatusCode status, DeferralCause cause, string code)
    {
        var carrier = new StubCarrier(Accepted);
        var account = new Account(carrier) { Token = _ => Task.FromResult(StubCarrier.Answer(status, "<html/>", "text/html")()) };

        Assert.Equal(new SendOutcome.Deferred(cause, code), await account.SendAsync());
        Assert.Empty(carrier.Requests);
    }

    [Fact]
    public async Task A_place_for_tokens_that_is_not_reached_or_does_not_answer_puts_the_message_off()
    {
        var carrier = new StubCarrier(Accepted);
        var account = new Account(carrier) { Token = _ => throw new HttpRequestException(HttpRequestError.ConnectionError) };
        Assert.Equal(new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "token_connect"), await account.SendAsync());

        account.Token = _ => new TaskCompletionSource<HttpResponseMessage>().Task;
        using var patience = new CancellationTokenSource();
        var send = account.Sender.SendAsync(StubCarrier.Part(Account.Text("Hello")), patience.Token);
        await patience.CancelAsync();
        Assert.Equal(new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "token_timeout"), await send);
        Assert.Empty(carrier.Requests);
    }

    [Fact]
    public async Task A_rotated_secret_counts_at_once()
    {
        var carrier = new StubCarrier(Accepted);
        var account = new Account(carrier);
        await account.SendAsync();

        account.Environment["BANDWIDTH_API_SECRET"] = "rotated";
        await account.SendAsync();

        Assert.Equal(Account.Basic("client-id:rotated"), account.TokenRequests[1].Headers.Authorization);
        Assert.Equal(Account.Bearer(2), carrier.Requests[1].Headers.Authorization);
    }

    [Fact]
    public async Task The_old_way_needs_no_token_and_is_not_tried_twice()
    {
        var carrier = new StubCarrier(Accepted, Refused);
        var account = new Account(carrier, ("BANDWIDTH_AUTH", "basic"));

        Assert.IsType<SendOutcome.Accepted>(await account.SendAsync());
        Assert.Equal(new SendOutcome.Deferred(DeferralCause.OurFault, "unauthorized"), await account.SendAsync());

        Assert.Equal(
            [Account.Basic("client-id:client-secret"), Account.Basic("client-id:client-secret")],
            carrier.Requests.Select(r => r.Headers.Authorization));
        Assert.Empty(account.TokenRequests);
    }
}
