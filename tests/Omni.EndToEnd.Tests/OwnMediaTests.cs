using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>Files of clients, from their bytes to the carrier.</summary>
public sealed class OwnMediaTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly Scene Twilio = Scene.Of("twilio");
    private static readonly Scene Inteliquent = Scene.Of("inteliquent");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task A_file_in_the_body_is_kept_and_sent()
    {
        var file = Picture(3000);

        using var answer = await _host.Client.Http.PostAsync("/api/v1/media", Body(file, "image/png"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await ExpectAsync(file, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    [Fact]
    public async Task A_file_is_uploaded_by_a_link_completed_and_sent()
    {
        var file = Picture(4 * 1024 * 1024); // more than a body may have
        var upload = await _host.Client.PostAsync(
            "/api/v1/media/uploads", new() { ["bytes"] = file.Length, ["contentType"] = "application/octet-stream" });
        using var anybody = new HttpClient();

        using var put = await anybody.PutAsync((string)upload!["url"]!, Body(file, (string)upload["headers"]!["Content-Type"]!));
        put.EnsureSuccessStatusCode();
        var complete = (string)upload["links"]!["complete"]!;
        var facts = await _host.Client.PostAsync(complete);

        Assert.Equal((string)facts!["id"]!, (string)(await _host.Client.PostAsync(complete))!["id"]!);
        await ExpectAsync(file, facts);
    }

    [Fact]
    public async Task A_picture_is_looked_at_before_it_is_sent()
    {
        using var answer = await _host.Client.Http.PostAsync("/api/v1/media", Body(Dot, "image/png"));
        var facts = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        var id = await _host.SendAsync(
            Twilio.Send(Host.NewPhone(), new JsonObject { ["type"] = "image", ["mediaId"] = (string)facts["id"]! }), "delivered");

        Assert.Equal("image/png", (string?)(await _host.Client.GetAsync($"/api/v1/messages/{id}"))["prepared"]![0]!["mimeType"]);
    }

    [Fact]
    public async Task Where_a_carrier_carries_no_files_a_link_in_the_text_leads_to_it()
    {
        var file = Picture(3000);
        using var answer = await _host.Client.Http.PostAsync("/api/v1/media", Body(file, "image/png"));
        var facts = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var phone = Host.NewPhone();
        var send = Inteliquent.Send(phone, new JsonObject { ["type"] = "image", ["mediaId"] = (string)facts["id"]!, ["caption"] = "Look" });
        send["media"] = new JsonObject { ["fallback"] = "link" };

        var id = await _host.SendAsync(send, "delivered");

        var text = (string)(await _host.Client.GetAsync($"/api/v1/messages/{id}"))["content"]!["body"]!;
        Assert.Equal(text, (string)Assert.Single(await Inteliquent.TakenAsync(_host, phone))!["body"]!);
        using var anybody = new HttpClient();
        Assert.Equal(file, await anybody.GetByteArrayAsync(text.Split('\n')[1]));
    }

    private async Task ExpectAsync(byte[] file, JsonNode facts)
    {
        Assert.Equal(
            ("image/png", file.Length, Convert.ToHexStringLower(SHA256.HashData(file))),
            ((string)facts["contentType"]!, (int)facts["bytes"]!, (string)facts["sha256"]!));
        Assert.Equal((string)facts["id"]!, (string)(await _host.Client.GetAsync((string)facts["links"]!["facts"]!))["id"]!);

        var person = Host.NewPhone();
        var request = Twilio.Send(person, new JsonObject { ["type"] = "image", ["mediaId"] = (string)facts["id"]! });
        request["media"] = new JsonObject { ["convert"] = "never" }; // its bytes are to arrive as they are
        await _host.SendAsync(request, "delivered");

        // Twilio fetches it by the link that it was given.
        var taken = Assert.Single(await Twilio.TakenAsync(_host, person));
        using var carrier = new HttpClient();
        Assert.Equal(file, await carrier.GetByteArrayAsync((string)taken!["parameters"]!["MediaUrl"]![0]!));
    }

    /// <summary>A picture of one pixel.</summary>
    private static byte[] Dot { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>The same, with so many bytes that nobody looks at: a chunk before the last one.</summary>
    private static byte[] Picture(int bytes)
    {
        const int LastChunk = 12, Frame = 12;
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes);
        byte[] chunk = [.. length, .. "prVt"u8, .. RandomNumberGenerator.GetBytes(bytes), 0, 0, 0, 0];
        Assert.Equal(bytes + Frame, chunk.Length);
        return [.. Dot[..^LastChunk], .. chunk, .. Dot[^LastChunk..]];
    }

    private static ByteArrayContent Body(byte[] file, string type)
    {
        var body = new ByteArrayContent(file);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return body;
    }
}
