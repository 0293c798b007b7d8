using System.Net;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.MessageBird.Outbound.Tests;

public class MessageBirdMediaTests
{
    [Fact]
    public async Task A_file_that_asks_for_nothing_is_fetched_without_the_key()
    {
        var carrier = new StubCarrier(HttpStatusCode.OK, "bytes", "image/jpeg");

        using var file = Assert.IsType<MediaAnswer.Opened>(await OpenAsync(carrier, "https://media.messagebird.com/v1/media/1"));

        Assert.Equal("bytes", await new StreamReader(file.Bytes).ReadToEndAsync());
        Assert.Equal("image/jpeg", file.ContentType);
        Assert.Null(Assert.Single(carrier.Requests).Headers.Authorization);
    }

    [Theory]
    [InlineData("https://media.messagebird.com/v1/media/1")]
    [InlineData("https://messagebird.com/1")]
    [InlineData("http://127.0.0.1:5000/messagebird/media/1")]
    public async Task A_file_that_asks_for_the_key_gets_it_on_messagebirds_own_hosts(string url)
    {
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden])
        {
            var carrier = new StubCarrier(StubCarrier.Answer(status), StubCarrier.Answer(HttpStatusCode.OK, "bytes"));

            using var file = Assert.IsType<MediaAnswer.Opened>(await OpenAsync(carrier, url));

            Assert.Equal(
                [null, $"AccessKey {Sender.ApiKey}"], carrier.Requests.Select(request => request.Headers.Authorization?.ToString()));
        }
    }

    [Theory]
    [InlineData("https://files.example.com/1")]
    [InlineData("https://messagebird.com.example.com/1")]
    [InlineData("https://evilmessagebird.com/1")]
    [InlineData("http://media.messagebird.com/1")]
    [InlineData("http://127.0.0.1:5001/messagebird/media/1")]
    public async Task The_key_goes_to_nobody_else(string url)
    {
        var carrier = new StubCarrier(HttpStatusCode.Unauthorized, "");

        Assert.Equal(DeferralCause.OurFault, Assert.IsType<MediaAnswer.Later>(await OpenAsync(carrier, url)).Cause);

        Assert.Null(Assert.Single(carrier.Requests).Headers.Authorization);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_gone() =>
        Assert.Equal("http_404", Assert.IsType<MediaAnswer.Gone>(
            await OpenAsync(new StubCarrier(HttpStatusCode.NotFound, ""), "https://media.messagebird.com/1")).CarrierCode);

    private static Task<MediaAnswer> OpenAsync(StubCarrier carrier, string url) =>
        Sender.Over(carrier, ("MESSAGEBIRD_BASE_URL", "http://127.0.0.1:5000/messagebird"))
            .OpenAsync(new MediaItem { MediaUrl = new(url) }, CancellationToken.None);
}
