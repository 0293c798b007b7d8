using System.Net;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Bandwidth.Outbound.Tests;

public class BandwidthMediaTests
{
    private const string File = "https://messaging.bandwidth.com/api/v2/users/9900000/media/a1b2c3d4-0000/0/my%20cat.jpg";

    [Theory]
    [InlineData(File)]
    [InlineData("http://127.0.0.1:8080/bandwidth/users/9900000/media/a1b2c3d4-0000/0/cat.jpg")]
    public async Task A_file_of_our_account_is_fetched_with_our_token(string url)
    {
        var carrier = new StubCarrier(HttpStatusCode.OK, "bytes", "image/jpeg");

        var answer = await OpenAsync(new Account(carrier, ("BANDWIDTH_BASE_URL", "http://127.0.0.1:8080/bandwidth")), url);

        using var opened = Assert.IsType<MediaAnswer.Opened>(answer);
        Assert.Equal("bytes", await new StreamReader(opened.Bytes).ReadToEndAsync());
        Assert.Equal("image/jpeg", opened.ContentType);
        var request = Assert.Single(carrier.Requests);
        Assert.Equal(HttpMethod.Get, request.Method);
        Assert.Equal(url, request.Url);
        Assert.Equal(Account.Bearer(1), request.Headers.Authorization);
    }

    [Theory]
    [InlineData("https://media.example.com/api/v2/users/9900000/media/m/0/cat.jpg")]
    [InlineData("http://messaging.bandwidth.com/api/v2/users/9900000/media/m/0/cat.jpg")]
    [InlineData("https://messaging.bandwidth.com:8443/api/v2/users/9900000/media/m/0/cat.jpg")]
    [InlineData("https://messaging.bandwidth.com.example.com/api/v2/users/9900000/media/m/0/cat.jpg")]
    [InlineData("https://messaging.bandwidth.com@example.com/api/v2/users/9900000/media/m/0/cat.jpg")]
    [InlineData("https://somebody@messaging.bandwidth.com/api/v2/users/9900000/media/m/0/cat.jpg")]
    [InlineData("https://messaging.bandwidth.com/api/v2/users/9900001/media/m/0/cat.jpg")]
    [InlineData("https://messaging.bandwidth.com/api/v2/users/9900000/messages")]
    [InlineData("https://messaging.bandwidth.com/api/v2/users/9900000/media/../messages")]
    [InlineData("https://messaging.bandwidth.com/api/v2/users/9900000/media/%2e%2e/messages")]
    [InlineData("https://messaging.bandwidth.com/api/v2/users/9900000/media/..%2fmessages")]
    [InlineData("http://127.0.0.1:8080/bandwidth/users/9900000/media/m/0/cat.jpg")]
    public async Task Nothing_else_is_given_our_credentials(string url)
    {
        var carrier = new StubCarrier(HttpStatusCode.OK, "bytes");
        var account = new Account(carrier);

        Assert.Equal(new MediaAnswer.Gone("foreign_host"), await OpenAsync(account, url));
        Assert.Empty(carrier.Requests);
        Assert.Empty(account.TokenRequests);
    }

    [Fact]
    public async Task A_file_without_an_address_is_none() =>
        Assert.IsType<MediaAnswer.Gone>(
            await new Account(new StubCarrier()).Sender.OpenAsync(new MediaItem { MediaId = "1" }, CancellationToken.None));

    [Fact]
    public async Task A_file_older_than_two_days_is_gone() =>
        Assert.IsType<MediaAnswer.Gone>(await OpenAsync(new Account(HttpStatusCode.NotFound, ""), File));

    [Fact]
    public async Task A_token_that_is_refused_is_renewed_once()
    {
        var carrier = new StubCarrier(StubCarrier.Answer(HttpStatusCode.Unauthorized), StubCarrier.Answer(HttpStatusCode.OK, "bytes"));
        var account = new Account(carrier);

        Assert.IsType<MediaAnswer.Opened>(await OpenAsync(account, File));
        Assert.Equal([Account.Bearer(1), Account.Bearer(2)], carrier.Requests.Select(r => r.Headers.Authorization));

        var never = await OpenAsync(new Account(HttpStatusCode.Unauthorized, ""), File);
        Assert.Equal(DeferralCause.OurFault, Assert.IsType<MediaAnswer.Later>(never).Cause);
    }

    [Fact]
    public async Task Without_a_token_it_is_tried_later()
    {
        var account = new Account(new StubCarrier()) { Token = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Unauthorized)) };
        Assert.Equal(new MediaAnswer.Later(DeferralCause.OurFault, "token_http_401"), await OpenAsync(account, File));
    }

    private static Task<MediaAnswer> OpenAsync(Account account, string url) =>
        account.Sender.OpenAsync(new MediaItem { MediaUrl = new(url) }, CancellationToken.None);
}
