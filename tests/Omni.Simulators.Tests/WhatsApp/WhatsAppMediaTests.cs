using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Omni.Simulators.Tests.WhatsApp;

public sealed class WhatsAppMediaTests : IAsyncLifetime
{
    private static readonly byte[] Picture = Omni.Simulators.Tests.Files.FileTests.Dot;

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 10, 15, 0, TimeSpan.Zero));
    private readonly SimulatedWhatsApp _meta;

    public WhatsAppMediaTests() => _meta = new() { Clock = _clock };

    public Task InitializeAsync() => _meta.InitializeAsync();

    public Task DisposeAsync() => _meta.DisposeAsync();

    [Fact]
    public async Task A_file_of_a_person_is_looked_up_and_fetched_with_the_token_within_five_minutes()
    {
        var image = await ReceiveAsync();
        Assert.Equal(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Picture)), (string?)image["sha256"]);

        var url = await LookUpAsync((string)image["id"]!);
        Assert.Equal(Picture, await _meta.Api.GetByteArrayAsync(url));

        using var stranger = new HttpClient();
        using var refused = await stranger.GetAsync(url);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        _clock.Advance(TimeSpan.FromMinutes(6));
        using var expired = await _meta.Api.GetAsync(url);
        Assert.Equal(HttpStatusCode.NotFound, expired.StatusCode);
        Assert.Equal(Picture, await _meta.Api.GetByteArrayAsync(await LookUpAsync((string)image["id"]!)));

        _clock.Advance(TimeSpan.FromDays(7));
        using var gone = await _meta.Api.GetAsync($"v25.0/{image["id"]}?phone_number_id=99001122");
        Assert.Equal(100, await SimulatedWhatsApp.CodeOf(gone));
    }

    [Fact]
    public async Task Another_numbers_file_is_not_found()
    {
        using var response = await _meta.Api.GetAsync($"v25.0/{(await ReceiveAsync())["id"]}?phone_number_id=99001123");
        Assert.Equal(100, await SimulatedWhatsApp.CodeOf(response));
    }

    [Theory]
    [InlineData("image/png", 200)]
    [InlineData("audio/ogg; codecs=opus", 200)]
    [InlineData("image/gif", 400)]
    public async Task A_file_is_uploaded_if_its_type_is_known(string type, int status)
    {
        using var response = await UploadAsync(type);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("image", 200)]
    [InlineData("video", 400)]
    public async Task An_uploaded_file_is_sent_by_its_id_as_what_it_is(string kind, int status)
    {
        using var upload = await UploadAsync("image/png");
        var id = (string?)(await SimulatedWhatsApp.JsonOf(upload))["id"];

        using var response = await _meta.SendAsync(new() { ["type"] = kind, ["text"] = null, [kind] = new JsonObject { ["id"] = id } });

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task An_address_that_cannot_be_fetched_fails_after_it_was_taken()
    {
        await _meta.ReceiveAsync(new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Hi" });

        await _meta.AcceptedAsync(
            new() { ["type"] = "image", ["text"] = null, ["image"] = new JsonObject { ["link"] = $"{_meta.Host}/nothing-here.png" } });

        var report = await _meta.NextStatusAsync();
        Assert.Equal(("failed", 131053), ((string?)report["status"], (int)report["errors"]![0]!["code"]!));
    }

    private async Task<JsonNode> ReceiveAsync() => (await _meta.ReceiveAsync(new
    {
        from = SimulatedWhatsApp.Ann,
        to = SimulatedWhatsApp.Ours,
        media = new { type = "image", contentType = "image/png", base64 = Convert.ToBase64String(Picture), caption = "Look" },
    })).Value["messages"]![0]!["image"]!;

    private async Task<string> LookUpAsync(string id)
    {
        using var response = await _meta.Api.GetAsync($"v25.0/{id}?phone_number_id=99001122");
        return (string)(await SimulatedWhatsApp.JsonOf(response))["url"]!;
    }

    private async Task<HttpResponseMessage> UploadAsync(string type)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("whatsapp"), "messaging_product" },
            { new StringContent(type), "type" },
            { new ByteArrayContent(Picture) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } }, "file", "picture.png" },
        };
        return await _meta.Api.PostAsync("v25.0/99001122/media", form);
    }
}
