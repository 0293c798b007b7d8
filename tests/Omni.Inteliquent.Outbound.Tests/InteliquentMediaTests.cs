using System.Net;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Inteliquent.Outbound.Tests;

/// <summary>The fetching of inbound files.</summary>
public sealed class InteliquentMediaTests
{
    [Theory]
    [InlineData("https://mms.example.net/p/1.jpg")]
    [InlineData("http://mms.inteliquent.com/p/1.jpg")]
    [InlineData("http://INTELIQUENT.com/p/1.jpg")]
    [InlineData("http://media.sinch.com/p/1.jpg")]
    [InlineData("http://127.0.0.1:8080/inteliquent/mms/a/1.jpg")]
    public async Task A_file_is_fetched_without_credentials(string url)
    {
        var carrier = new StubCarrier(HttpStatusCode.OK, "bytes", "image/jpeg");

        using var opened = Assert.IsType<MediaAnswer.Opened>(await OpenAsync(carrier, url));

        var request = Assert.Single(carrier.Requests);
        Assert.Equal(HttpMethod.Get, request.Method);
        Assert.Null(request.Headers.Authorization);
        Assert.Equal("image/jpeg", opened.ContentType);
        Assert.Equal("bytes", await new StreamReader(opened.Bytes).ReadToEndAsync());
    }

    [Theory]
    [InlineData("http://mms.example.net/p/1.jpg")]
    [InlineData("http://inteliquent.com.example.net/p/1.jpg")]
    [InlineData("http://notsinch.com/p/1.jpg")]
    [InlineData("file:///etc/passwd")]
    public async Task Nobody_elses_file_is_fetched_in_the_open(string url)
    {
        var carrier = new StubCarrier(HttpStatusCode.OK, "bytes");

        Assert.Equal(new MediaAnswer.Gone("not_https"), await OpenAsync(carrier, url));
        Assert.Empty(carrier.Requests);
    }

    [Fact]
    public async Task A_layout_under_another_name_is_no_file() =>
        Assert.Equal(
            new MediaAnswer.Gone("smil"),
            await OpenAsync(new StubCarrier(HttpStatusCode.OK, "<smil/>", "application/smil"), "https://mms.example.net/p/0"));

    [Fact]
    public async Task A_file_that_is_gone_stays_so_and_a_fault_passes()
    {
        Assert.Equal(
            new MediaAnswer.Gone("http_404"),
            await OpenAsync(new StubCarrier(HttpStatusCode.NotFound, ""), "https://mms.example.net/p/1.jpg"));
        Assert.Equal(
            new MediaAnswer.Later(DeferralCause.CarrierUnavailable, "http_503"),
            await OpenAsync(new StubCarrier(HttpStatusCode.ServiceUnavailable, ""), "https://mms.example.net/p/1.jpg"));
        Assert.Equal(
            new MediaAnswer.Gone("no_url"),
            await Sender(new StubCarrier(HttpStatusCode.OK, "")).OpenAsync(new MediaItem { MediaId = "x" }, CancellationToken.None));
    }

    private static Task<MediaAnswer> OpenAsync(StubCarrier carrier, string url) =>
        Sender(carrier).OpenAsync(new MediaItem { MediaUrl = new(url) }, CancellationToken.None);

    private static InteliquentSender Sender(StubCarrier carrier) =>
        carrier.NewSender(new() { ["INTELIQUENT_API_KEY"] = Broker.Key, ["INTELIQUENT_BASE_URL"] = "http://127.0.0.1:8080/inteliquent" });
}
