using System.Net;

namespace Omni.Simulators.Tests.Twilio;

public sealed class TwilioMediaTests : IAsyncLifetime
{
    private static readonly byte[] Picture = [0x89, 0x50, 0x4e, 0x47, 1, 2, 3];

    private readonly SimulatedTwilio _twilio = new();
    private readonly HttpClient _stranger = new();

    public Task InitializeAsync() => _twilio.InitializeAsync();

    public Task DisposeAsync()
    {
        _stranger.Dispose();
        return _twilio.DisposeAsync();
    }

    [Fact]
    public async Task A_download_is_redirected_to_a_link_that_takes_no_credentials()
    {
        var url = await ReceivePictureAsync();
        Assert.StartsWith($"{_twilio.Account}/Messages/MM", url, StringComparison.Ordinal);

        using var redirect = await _twilio.Api.GetAsync(url);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
        var link = redirect.Headers.Location!;

        using var content = await _stranger.GetAsync(link);
        Assert.Equal("image/png", content.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Picture, await content.Content.ReadAsByteArrayAsync());

        using var forwarded = await _twilio.Api.GetAsync(link);
        Assert.Equal(HttpStatusCode.BadRequest, forwarded.StatusCode);
    }

    [Fact]
    public async Task A_download_without_credentials_is_refused()
    {
        using var response = await _stranger.GetAsync(await ReceivePictureAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("Signature=", "Signature=0")]
    [InlineData("Expires=", "Expires=9")]
    public async Task A_link_that_was_tampered_with_is_refused(string part, string forged)
    {
        using var redirect = await _twilio.Api.GetAsync(await ReceivePictureAsync());
        var link = redirect.Headers.Location!.OriginalString.Replace(part, forged, StringComparison.Ordinal);
        using var response = await _stranger.GetAsync(link);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Expired_media_are_announced_and_gone()
    {
        await _twilio.ReceiveAsync(
            new { from = "+14155550123", to = "+12065550100", media = new[] { new { contentType = "image/png", expired = true } } });
        using var response = await _twilio.Api.GetAsync((await _twilio.Webhooks.NextAsync()).Form["MediaUrl0"]);
        Assert.Equal(20404, await SimulatedTwilio.CodeOf(response));
    }

    [Fact]
    public async Task Deleted_media_are_gone_and_their_link_too()
    {
        var url = await ReceivePictureAsync();
        using var redirect = await _twilio.Api.GetAsync(url);
        using var deleted = await _twilio.Api.DeleteAsync(url);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        using var again = await _twilio.Api.GetAsync(url);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var link = await _stranger.GetAsync(redirect.Headers.Location);
        Assert.Equal(HttpStatusCode.NotFound, link.StatusCode);
    }

    [Fact]
    public async Task Media_of_a_message_are_listed_and_described()
    {
        var url = await ReceivePictureAsync();
        var list = await _twilio.GetAsync(url[..url.IndexOf("/Media/", StringComparison.Ordinal)] + "/Media.json");
        var listed = Assert.Single(list.GetProperty("media_list").EnumerateArray());
        Assert.EndsWith(listed.GetProperty("sid").GetString()!, url, StringComparison.Ordinal);

        var described = await _twilio.GetAsync(url + ".json");
        Assert.Equal("image/png", described.GetProperty("content_type").GetString());
    }

    [Fact]
    public async Task Media_of_a_size_are_made_up()
    {
        await _twilio.ReceiveAsync(
            new { from = "+14155550123", to = "+12065550100", media = new[] { new { contentType = "video/mp4", sizeBytes = 70_000 } } });
        using var redirect = await _twilio.Api.GetAsync((await _twilio.Webhooks.NextAsync()).Form["MediaUrl0"]);
        Assert.Equal(70_000, (await _stranger.GetByteArrayAsync(redirect.Headers.Location)).Length);
    }

    private async Task<string> ReceivePictureAsync()
    {
        await _twilio.ReceiveAsync(new
        {
            from = "+14155550123",
            to = "+12065550100",
            media = new[] { new { contentType = "image/png", base64 = Convert.ToBase64String(Picture) } },
        });
        var form = (await _twilio.Webhooks.NextAsync()).Form;
        Assert.Equal(("1", "image/png"), (form["NumMedia"], form["MediaContentType0"]));
        return form["MediaUrl0"];
    }
}
