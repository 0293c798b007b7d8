using System.Net;
using System.Net.Http.Headers;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Twilio.Outbound.Tests;

public class TwilioMediaTests
{
    private const string File = $"https://api.twilio.com/2010-04-01/Accounts/{StubTwilio.Account}/Messages/MM1/Media/ME1";

    [Fact]
    public async Task A_file_is_asked_for_with_our_credentials()
    {
        var twilio = new StubTwilio(() => new(HttpStatusCode.OK)
        {
            Content = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }
        });

        using var file = Assert.IsType<MediaAnswer.Opened>(
            await twilio.Sender.OpenAsync(new() { MediaUrl = new(File), MimeType = "image/jpeg" }, CancellationToken.None));

        Assert.Equal(("image/png", 3), (file.ContentType, file.Length));
        var request = Assert.Single(twilio.Requests);
        Assert.Equal((HttpMethod.Get, File, "Basic"), (request.Method, request.Url, request.Headers.Authorization?.Scheme));
    }

    [Theory]
    [InlineData("https://api.twilio.com")]
    [InlineData("https://api.dublin.ie1.twilio.com")]
    public async Task With_another_host_a_file_may_stand_there_or_at_the_regular_one(string host)
    {
        var url = File.Replace("https://api.twilio.com", host, StringComparison.Ordinal);
        var twilio = new StubTwilio(() => new(HttpStatusCode.OK), ("TWILIO_BASE_URL", "https://api.dublin.ie1.twilio.com/"));

        using var file = Assert.IsType<MediaAnswer.Opened>(
            await twilio.Sender.OpenAsync(new() { MediaUrl = new(url) }, CancellationToken.None));

        Assert.Equal((url, "Basic"), (twilio.Requests[0].Url, twilio.Requests[0].Headers.Authorization?.Scheme));
    }

    [Theory]
    [InlineData("https://api.twilio.com.evil.example/2010-04-01/Accounts/AC00000000000000000000000000000042/Messages/MM1/Media/ME1")]
    [InlineData("https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000099/Messages/MM1/Media/ME1")]
    [InlineData(
        "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000042/../AC00000000000000000000000000000099/Media/ME1")]
    [InlineData("https://api.twilio.com@evil.example/2010-04-01/Accounts/AC00000000000000000000000000000042/Media/ME1")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData(null)]
    public async Task Nobody_else_is_asked_and_nobody_else_gets_credentials(string? url)
    {
        var twilio = new StubTwilio(() => new(HttpStatusCode.OK));

        Assert.IsType<MediaAnswer.Gone>(
            await twilio.Sender.OpenAsync(new() { MediaUrl = url is null ? null : new(url) }, CancellationToken.None));
        Assert.Empty(twilio.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, null)]
    [InlineData(HttpStatusCode.Gone, null)]
    [InlineData(HttpStatusCode.Unauthorized, DeferralCause.OurFault)]
    [InlineData(HttpStatusCode.Forbidden, DeferralCause.OurFault)]
    [InlineData(HttpStatusCode.TooManyRequests, DeferralCause.Throttled)]
    [InlineData(HttpStatusCode.InternalServerError, DeferralCause.CarrierUnavailable)]
    [InlineData(HttpStatusCode.ServiceUnavailable, DeferralCause.CarrierUnavailable)]
    public async Task What_an_answer_means_for_a_file(HttpStatusCode status, DeferralCause? waitsFor)
    {
        var answer = await new StubTwilio(() => new(status)).Sender.OpenAsync(new() { MediaUrl = new(File) }, CancellationToken.None);

        if (waitsFor is { } cause) Assert.Equal(cause, Assert.IsType<MediaAnswer.Later>(answer).Cause);
        else Assert.Equal($"http_{(int)status}", Assert.IsType<MediaAnswer.Gone>(answer).CarrierCode);
    }

    [Fact]
    public async Task A_file_that_omni_keeps_goes_out_by_a_link()
    {
        var twilio = new StubTwilio(HttpStatusCode.Created, """{"sid":"SM1"}""");
        var message = StubTwilio.Text("x") with { Content = new ImageContent { MediaId = "med_1" } };

        await twilio.Sender.SendAsync(
            StubTwilio.Part(message) with { Media = new LinkedMedia(new("https://bucket.example/signed?x=1")) }, CancellationToken.None);

        Assert.Contains("MediaUrl=https%3A%2F%2Fbucket.example%2Fsigned%3Fx%3D1", twilio.Requests[0].Text, StringComparison.Ordinal);
    }
}
