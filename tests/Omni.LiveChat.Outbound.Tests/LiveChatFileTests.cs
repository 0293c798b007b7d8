using System.Net;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.LiveChat.Outbound.Tests;

/// <summary>Files, out and in.</summary>
public class LiveChatFileTests
{
    private const string Url = "https://cdn.livechat-files.com/api/file/lc/att/1/abc/slip.pdf";

    private static readonly Message Slip =
        StubCarrier.Planned(LiveChat.Hello with
        {
            Parts = [], Content = new DocumentContent { MediaUrl = new("https://files.example.com/slip.pdf"), Caption = "Your slip" }
        });

    [Fact]
    public async Task A_file_is_uploaded_and_then_sent_and_its_caption_follows()
    {
        var livechat = new LiveChat(StubCarrier.Answer(HttpStatusCode.OK, "{\"url\":\"" + Url + "\"}"), LiveChat.Sent());

        Assert.Equal(new SendOutcome.Accepted("QX1TESTTHR_7"), await livechat.SendAsync(Slip, media: LiveChat.Media.Pdf()));
        await livechat.Sender.SendAsync(StubCarrier.Part(Slip, index: 1), CancellationToken.None);

        Assert.Equal(["upload_file", "send_event", "send_event"], livechat.Called);
        Assert.Equal(
            "{\"chat_id\":\"QX1TESTCHAT\",\"event\":{\"type\":\"file\",\"custom_id\":\"msg_01jd7q.0.1\",\"visibility\":\"all\",\"url\":\""
                + Url + "\"}}",
            livechat.Requests[1].Text);
        Assert.Contains(
            "\"custom_id\":\"msg_01jd7q.1.1\",\"visibility\":\"all\",\"text\":\"Your slip\"",
            livechat.Requests[2].Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slip.pdf", "slip.pdf")]
    [InlineData("Größe \"L\".pdf", "Größe %22L%22.pdf")]
    [InlineData("a\r\nb.pdf", "a%0D%0Ab.pdf")]
    public async Task An_upload_is_a_form_of_one_part_called_file(string name, string written)
    {
        var livechat = new LiveChat(StubCarrier.Answer(HttpStatusCode.OK, "{\"url\":\"" + Url + "\"}"), LiveChat.Sent());

        await livechat.SendAsync(Slip, media: LiveChat.Media.Pdf(name));

        var (type, body) = (livechat.Requests[0].ContentType!, livechat.Requests[0].Text);
        Assert.StartsWith("multipart/form-data; boundary=", type, StringComparison.Ordinal);
        var boundary = type.Split('=', 2)[1].Trim('"');
        Assert.Equal(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{written}\"\r\n"
                + $"Content-Type: application/pdf\r\n\r\n%PDF\r\n--{boundary}--\r\n",
            body);
        Assert.Equal("Basic", livechat.Requests[0].Headers.Authorization?.Scheme);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, "entity_too_large", FailureReason.MediaTooLarge)]
    [InlineData(HttpStatusCode.BadRequest, "validation", FailureReason.MediaRejected)]
    [InlineData(HttpStatusCode.BadRequest, "file_type_not_allowed", FailureReason.MediaRejected)]
    public async Task An_upload_that_is_refused_says_so_of_the_file(HttpStatusCode status, string type, FailureReason reason)
    {
        var livechat = new LiveChat(LiveChat.Refused(status, type));

        Assert.Equal(new SendOutcome.Rejected(reason, type), await livechat.SendAsync(Slip, media: LiveChat.Media.Pdf()));
        Assert.Single(livechat.Requests);
    }

    [Fact]
    public async Task What_fails_before_the_send_leaves_nothing_unknown()
    {
        Assert.Equal(
            DeferralCause.CarrierUnavailable, await CauseAsync(LiveChat.Refused(HttpStatusCode.ServiceUnavailable, "service_unavailable")));
        Assert.Equal(DeferralCause.CarrierUnavailable, await CauseAsync(StubCarrier.Answer(HttpStatusCode.OK, "<html/>")));
        Assert.Equal(DeferralCause.Throttled, await CauseAsync(LiveChat.Refused(HttpStatusCode.TooManyRequests, "too_many_requests")));
        Assert.Equal(DeferralCause.OurFault, await CauseAsync(LiveChat.Refused(HttpStatusCode.Unauthorized, "authentication")));

        // The pipeline puts off what was lost before the message left.
        await Assert.ThrowsAsync<HttpRequestException>(() => CauseAsync(LiveChat.Lost));

        static async Task<DeferralCause> CauseAsync(Func<HttpResponseMessage> answer) =>
            Assert.IsType<SendOutcome.Deferred>(await new LiveChat(answer).SendAsync(Slip, media: LiveChat.Media.Pdf())).Cause;
    }

    [Fact]
    public async Task A_file_that_cannot_be_had_is_not_sent()
    {
        var livechat = new LiveChat(LiveChat.Sent());
        var refusal = new SendOutcome.Rejected(FailureReason.MediaRejected, "media_http_404");

        Assert.Equal(refusal, await livechat.SendAsync(Slip, media: new LiveChat.Media(null, refusal)));
        Assert.Empty(livechat.Requests);
    }

    [Theory]
    [InlineData("https://cdn.livechat-files.com/api/file/lc/att/1/abc/mug.png")]
    [InlineData("https://cdn.files-text.com/us-south1/api/lc/att/1/abc/mug.png")]
    [InlineData("https://api.livechatinc.com/files/mug.png")]
    public async Task An_inbound_file_is_fetched_without_credentials(string url)
    {
        var livechat = new LiveChat(StubCarrier.Answer(HttpStatusCode.OK, "bytes", "image/png"));

        using var opened = Assert.IsType<MediaAnswer.Opened>(
            await livechat.Sender.OpenAsync(new() { MediaUrl = new(url) }, CancellationToken.None));

        Assert.Equal("image/png", opened.ContentType);
        var request = Assert.Single(livechat.Requests);
        Assert.Equal((HttpMethod.Get, url, null), (request.Method, request.Url, request.Headers.Authorization));
    }

    [Theory]
    [InlineData("https://cdn.livechat-files.com.evil.example/mug.png")]
    [InlineData("https://evil-livechat-files.com/mug.png")]
    [InlineData("http://cdn.livechat-files.com/mug.png")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData(null)]
    public async Task A_file_elsewhere_is_not_fetched(string? url)
    {
        var livechat = new LiveChat(LiveChat.Sent());

        Assert.Equal(
            new MediaAnswer.Gone("foreign_host"),
            await livechat.Sender.OpenAsync(new() { MediaUrl = url is null ? null : new(url) }, CancellationToken.None));
        Assert.Empty(livechat.Requests);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_gone() =>
        Assert.Equal(new MediaAnswer.Gone("http_404"), await new LiveChat(StubCarrier.Answer(HttpStatusCode.NotFound)).Sender.OpenAsync(
            new() { MediaUrl = new(Url) }, CancellationToken.None));
}
