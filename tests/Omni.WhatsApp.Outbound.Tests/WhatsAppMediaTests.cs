using System.Net;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.WhatsApp.Outbound.Tests;

public class WhatsAppMediaTests
{
    private static readonly MediaItem Inbound = new() { MediaId = "881", MimeType = "image/jpeg" };
    private static readonly MediaItem Kept = new() { MediaId = Ids.Media("msg_1", 0) };
    private static readonly Message Picture = StubMeta.Hello with
    {
        Content = new ImageContent { MediaId = Kept.MediaId, Caption = "Look" }
    };

    [Fact]
    public async Task A_file_that_omni_keeps_is_uploaded_and_sent_by_its_id()
    {
        var meta = new StubCarrier(
            StubCarrier.Answer(HttpStatusCode.OK, """{"id":"991"}"""), StubCarrier.Answer(HttpStatusCode.OK, StubMeta.Sent));

        Assert.Equivalent(StubMeta.Taken, await SendAsync(meta, new KeptFile("image/png", "PNG"u8.ToArray())), strict: true);

        var (upload, send) = (meta.Requests[0], meta.Requests[1]);
        Assert.Equal("https://graph.facebook.com/v25.0/99001122/media", upload.Url);
        Assert.Equal($"Bearer {StubMeta.Token}", upload.Headers.Authorization?.ToString());
        var boundary = upload.ContentType!.Split("boundary=")[1].Trim('"');
        Assert.Equal(
            $"""
            --{boundary}
            Content-Type: text/plain; charset=utf-8
            Content-Disposition: form-data; name=messaging_product

            whatsapp
            --{boundary}
            Content-Type: text/plain; charset=utf-8
            Content-Disposition: form-data; name=type

            image/png
            --{boundary}
            Content-Type: image/png
            Content-Disposition: form-data; name=file; filename=file; filename*=utf-8''file

            PNG
            --{boundary}--

            """,
            upload.Text.ReplaceLineEndings());
        Assert.EndsWith("\"type\":\"image\",\"image\":{\"id\":\"991\",\"caption\":\"Look\"}}", send.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_templates_header_is_uploaded_as_well()
    {
        var meta = new StubCarrier(
            StubCarrier.Answer(HttpStatusCode.OK, """{"id":"991"}"""), StubCarrier.Answer(HttpStatusCode.OK, StubMeta.Sent));
        var template = StubMeta.Hello with
        {
            Content = new TemplateContent { Name = "bill", Language = "en", Header = new() { Image = Kept } }
        };

        await SendAsync(meta, new KeptFile("image/png", [1]), template);

        Assert.Contains("\"image\":{\"id\":\"991\"}", meta.Requests[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_omni_keeps_is_not_read_but_fetched_by_meta()
    {
        var meta = new StubCarrier(HttpStatusCode.OK, StubMeta.Sent);
        var document = StubMeta.Hello with { Content = new DocumentContent { MediaId = Kept.MediaId, Filename = "bill.pdf" } };

        await SendAsync(meta, new KeptFile(new SendOutcome.Rejected(FailureReason.MediaTooLarge, "too_large")), document);

        Assert.Contains(
            $"\"document\":{{\"link\":\"https://omni.example/{Kept.MediaId}\",\"filename\":\"bill.pdf\"}}",
            Assert.Single(meta.Requests).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_sent()
    {
        var meta = new StubCarrier(HttpStatusCode.OK, StubMeta.Sent);
        var refusal = new SendOutcome.Rejected(FailureReason.MediaRejected, "unknown_media");

        Assert.Equal(refusal, await SendAsync(meta, new KeptFile(refusal)));
        Assert.Empty(meta.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "131000", DeferralCause.CarrierUnavailable)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "", DeferralCause.CarrierUnavailable)]
    [InlineData(HttpStatusCode.BadRequest, "131053", DeferralCause.CarrierUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests, "", DeferralCause.Throttled)]
    [InlineData(HttpStatusCode.Unauthorized, "190", DeferralCause.OurFault)]
    [InlineData(HttpStatusCode.OK, "", DeferralCause.CarrierUnavailable)]
    public async Task An_upload_that_failed_puts_the_message_off_and_nothing_was_sent(
        HttpStatusCode status, string code, DeferralCause cause)
    {
        var meta = code.Length > 0 ? StubMeta.Refusing(code, status) : new StubCarrier(status, "");
        var part = StubCarrier.Part(Picture) with { Media = new KeptFile("image/png", [1]) };

        Assert.Equal(cause, Assert.IsType<SendOutcome.Deferred>(await StubMeta.Sender(meta).SendAsync(part, CancellationToken.None)).Cause);
        Assert.Single(meta.Requests);
        Assert.False(part.HasLeft);
    }

    [Fact]
    public async Task A_refused_upload_is_final() => Assert.Equal(
        new SendOutcome.Rejected(FailureReason.BadRequest, "100"),
        await SendAsync(StubMeta.Refusing("100", HttpStatusCode.BadRequest), new KeptFile("image/gif", [1])));

    [Theory]
    [InlineData("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=881&ext=1&hash=A")]
    [InlineData("https://scontent.xx.fbcdn.net/v/881")]
    [InlineData("https://graph.facebook.com/881")]
    public async Task A_file_is_looked_up_and_fetched_with_the_same_token(string url)
    {
        var meta = Having(url);

        using var opened = Assert.IsType<MediaAnswer.Opened>(await OpenAsync(meta));

        Assert.Equal("bytes", await new StreamReader(opened.Bytes).ReadToEndAsync());
        Assert.Equal("image/jpeg", opened.ContentType);
        Assert.Equal("ab12", opened.Sha256);
        Assert.Equal(["https://graph.facebook.com/v25.0/881?phone_number_id=99001122", url], meta.Requests.Select(request => request.Url));
        Assert.All(meta.Requests, request => Assert.Equal($"Bearer {StubMeta.Token}", request.Headers.Authorization?.ToString()));
        Assert.All(meta.Requests, request => Assert.NotEmpty(request.Headers.UserAgent));
    }

    [Theory]
    [InlineData("https://lookaside.fbsbx.com.example.test/881")]
    [InlineData("https://fbcdn.net.example.test/881")]
    [InlineData("https://evilfbcdn.net/881")]
    [InlineData("http://lookaside.fbsbx.com/881")]
    [InlineData("https://lookaside.fbsbx.com:8443/881")]
    [InlineData("https://lookaside.fbsbx.com@example.test/881")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("file:///etc/passwd")]
    public async Task The_token_goes_to_metas_own_hosts_only(string url)
    {
        var meta = Having(url);

        Assert.Equal(new MediaAnswer.Later(DeferralCause.OurFault, "unknown_host"), await OpenAsync(meta));
        Assert.Single(meta.Requests);
    }

    [Fact]
    public async Task Where_the_api_is_called_elsewhere_files_may_lie_there_too()
    {
        var meta = Having("http://127.0.0.1:8080/whatsapp/lookaside/881");

        using var opened = Assert.IsType<MediaAnswer.Opened>(
            await StubMeta.Sender(meta, ("WHATSAPP_BASE_URL", "http://127.0.0.1:8080/whatsapp"))
                .OpenAsync(Inbound, CancellationToken.None));

        Assert.Equal("http://127.0.0.1:8080/whatsapp/v25.0/881?phone_number_id=99001122", meta.Requests[0].Url);
    }

    [Fact]
    public async Task With_several_numbers_it_is_not_said_which_one_it_came_to()
    {
        var meta = Having("https://graph.facebook.com/881");

        using var opened = Assert.IsType<MediaAnswer.Opened>(
            await StubMeta.Sender(meta, ("WHATSAPP_PHONE_NUMBER_IDS", "+31205550100=1,+12065550100=2"))
                .OpenAsync(Inbound, CancellationToken.None));

        Assert.Equal("https://graph.facebook.com/v25.0/881", meta.Requests[0].Url);
    }

    [Fact]
    public async Task An_address_that_has_expired_is_asked_for_anew_later()
    {
        var meta = new StubCarrier(
            StubCarrier.Answer(HttpStatusCode.OK, Address("https://lookaside.fbsbx.com/881")), StubCarrier.Answer(HttpStatusCode.NotFound));

        Assert.Equal(new MediaAnswer.Later(DeferralCause.CarrierUnavailable, "http_404"), await OpenAsync(meta));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "100", null)]
    [InlineData(HttpStatusCode.NotFound, "33", null)]
    [InlineData(HttpStatusCode.Unauthorized, "190", DeferralCause.OurFault)]
    [InlineData(HttpStatusCode.Forbidden, "10", DeferralCause.OurFault)]
    [InlineData(HttpStatusCode.BadRequest, "4", DeferralCause.Throttled)]
    [InlineData(HttpStatusCode.InternalServerError, "131000", DeferralCause.CarrierUnavailable)]
    public async Task A_look_up_that_fails_says_whether_the_file_will_ever_come(HttpStatusCode status, string code, DeferralCause? cause) =>
        Assert.Equal(
            cause is { } later ? new MediaAnswer.Later(later, code) : new MediaAnswer.Gone(code),
            await OpenAsync(StubMeta.Refusing(code, status)));

    [Theory]
    [InlineData("<html/>")]
    [InlineData("{}")]
    [InlineData("""{"url":"not a url"}""")]
    public async Task A_look_up_that_cannot_be_read_is_made_again(string body) => Assert.Equal(
        new MediaAnswer.Later(DeferralCause.CarrierUnavailable, "unreadable"), await OpenAsync(new StubCarrier(HttpStatusCode.OK, body)));

    private static StubCarrier Having(string url) =>
        new(StubCarrier.Answer(HttpStatusCode.OK, Address(url)), StubCarrier.Answer(HttpStatusCode.OK, "bytes", "image/jpeg"));

    private static string Address(string url) =>
        $$"""{"messaging_product":"whatsapp","url":"{{url}}","mime_type":"image/jpeg","sha256":"ab12","file_size":"5","id":"881"}""";

    private static Task<MediaAnswer> OpenAsync(StubCarrier meta) => StubMeta.Sender(meta).OpenAsync(Inbound, CancellationToken.None);

    private static Task<SendOutcome> SendAsync(StubCarrier meta, IOutboundMedia media, Message? message = null) =>
        StubMeta.Sender(meta).SendAsync(StubCarrier.Part(message ?? Picture) with { Media = media }, CancellationToken.None);

    [Fact]
    public async Task A_campaign_uploads_its_file_once()
    {
        var meta = new StubCarrier(
            StubCarrier.Answer(HttpStatusCode.OK, """{"id":"991"}"""),
            StubCarrier.Answer(HttpStatusCode.OK, StubMeta.Sent),
            StubCarrier.Answer(HttpStatusCode.OK, StubMeta.Sent));
        var file = new KeptFile("image/png", [1]);

        await SendAsync(meta, file);
        await SendAsync(meta, file);

        Assert.Equal(3, meta.Requests.Count);
        Assert.Contains("\"id\":\"991\"", meta.Requests[2].Text, StringComparison.Ordinal);
        Assert.Equal("99001122", Assert.Single(file.Uploads).Key); // each number has its own
    }

    [Theory]
    [InlineData("100")]
    [InlineData("131053")]
    public async Task What_Meta_has_forgotten_is_uploaded_again(string code)
    {
        var file = new KeptFile("image/png", [1]) { Uploads = { ["99001122"] = "881" } };

        var outcome = await SendAsync(StubMeta.Refusing(code, HttpStatusCode.BadRequest), file);

        Assert.Equal(DeferralCause.Media, Assert.IsType<SendOutcome.Deferred>(outcome).Cause);
        Assert.Empty(file.Uploads);
    }

    [Fact]
    public async Task A_voice_message_is_sent_as_one()
    {
        var meta = new StubCarrier(
            StubCarrier.Answer(HttpStatusCode.OK, """{"id":"991"}"""), StubCarrier.Answer(HttpStatusCode.OK, StubMeta.Sent));
        var sound = StubMeta.Hello with { Content = new AudioContent { MediaId = Kept.MediaId } };

        await SendAsync(meta, new KeptFile("audio/ogg", [1]) { Made = new() { MediaId = Kept.MediaId, Voice = true } }, sound);

        Assert.Contains("audio/ogg; codecs=opus", meta.Requests[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("\"audio\":{\"id\":\"991\",\"voice\":true}}", meta.Requests[1].Text, StringComparison.Ordinal);
    }

    private sealed class KeptFile(MediaFile? file, SendOutcome? refusal) : IOutboundMedia
    {
        /// <summary>The carrier's ids of it, by number.</summary>
        public Dictionary<string, string> Uploads { get; } = [];

        /// <summary>What was made of it.</summary>
        public PreparedFile? Made { get; init; }

        public PreparedFile? Prepared(MediaItem item) => Made;

        public Task<string?> FindUploadAsync(MediaItem item, string owner, CancellationToken cancellation) =>
            Task.FromResult(Uploads.GetValueOrDefault(owner));

        public Task SetUploadAsync(MediaItem item, string owner, string? id, CancellationToken cancellation)
        {
            if (id is null) Uploads.Remove(owner);
            else Uploads[owner] = id;
            return Task.CompletedTask;
        }

        public KeptFile(string contentType, byte[] bytes) : this(new MediaFile(bytes, contentType, "Ünïcode.png"), null) { }

        public KeptFile(SendOutcome refusal) : this(null, refusal) { }

        public Uri? LinkTo(MediaItem item) => item.MediaUrl ?? new($"https://omni.example/{item.MediaId}");

        public Task<(MediaFile? File, SendOutcome? Refusal)> ReadAsync(MediaItem item, CancellationToken cancellation) =>
            Task.FromResult((file, refusal));
    }
}
