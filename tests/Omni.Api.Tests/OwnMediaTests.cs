using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>Files of clients: in the body, and as uploads.</summary>
public sealed class OwnMediaTests
{
    private const string Path = "/api/v1/media";

    private static readonly byte[] Png = [0x89, .. "PNG\r\n\u001a\n0123456789"u8];
    private static readonly byte[] Mp4 = [0, 0, 0, 0x18, .. "ftypisom0123456789"u8];
    private static readonly byte[] Ogg = [.. "OggS"u8, 0, .. "0123456789abcdef"u8];
    private static readonly byte[] Pdf = [.. "%PDF-1.7 and the rest"u8];

    private readonly TestApi _api = new();

    /// <summary>A file, the type that it is said to be, and the one that it is kept under; null where it is refused.</summary>
    public static TheoryData<byte[], string, string?> Types() => new()
    {
        { Png, "image/png", "image/png" },
        { Png, "IMAGE/PNG", "image/png" },
        { Png, "image/jpeg", "image/png" },
        { Png, "application/octet-stream", "image/png" },
        { Png, "application/pdf", "image/png" },
        { Mp4, "audio/mp4", "audio/mp4" },
        { Mp4, "video/mp4", "video/mp4" },
        { Mp4, "image/png", "video/mp4" },
        { Ogg, "audio/ogg; codecs=opus", "audio/ogg; codecs=opus" },
        { Pdf, "application/pdf", "application/pdf" },
        { Pdf, "application/octet-stream", "application/octet-stream" },
        { Pdf, "image/png", null },
        { "MZ, a program"u8.ToArray(), "video/mp4", null },
        { "MZ, a program"u8.ToArray(), "application/pdf", null },
        { "Grüße"u8.ToArray(), "text/plain; charset=utf-8", "text/plain; charset=utf-8" },
        { "<svg/>"u8.ToArray(), "image/svg+xml", "image/svg+xml" },
        { [7], "application/zip", "application/zip" },
    };

    [Theory, MemberData(nameof(Types))]
    public async Task A_file_is_kept_under_its_hash_and_its_real_type_either_way(byte[] file, string claimed, string? type)
    {
        var id = Ids.Media(Convert.ToHexStringLower(SHA256.HashData(file)));

        foreach (var reply in (Reply[])[await TakeAsync(file, claimed), await UploadAsync(file, claimed)])
        {
            if (type is null)
            {
                Assert.Equal((422, "media_mismatch"), (reply.Status, reply["code"]));
                Assert.Equal(["contentType mismatch"], reply.Errors);
                Assert.DoesNotContain("media/default/" + id, _api.Files.Keys);
                continue;
            }

            Assert.Equal(
                (id, type, $"{file.Length}", id[4..], $"{Path}/{id}/facts"),
                (reply["id"], reply["contentType"], reply["bytes"], reply["sha256"], reply.Header("Location")));
            Assert.Equal((file, type, id[4..]), _api.Contents["media/default/" + id]);
            var facts = await _api.GetAsync($"{Path}/{id}/facts");
            Assert.Equal(reply.Text, facts.Text);
            Assert.Equal(302, (await _api.GetAsync($"{Path}/{id}")).Status);
        }
    }

    [Fact]
    public async Task A_file_can_be_sent_as_soon_as_it_is_kept_and_not_before()
    {
        var upload = await BeginAsync(Png.Length, "image/png");
        var content = new { type = "image", mediaId = upload["id"] };
        _api.StoreSession("whatsapp", Address.Phone("+14155550123"), TestApi.Noon.AddHours(1));
        foreach (var carrier in (string[])["twilio", "whatsapp"])
        {
            var early = await _api.SendAsync(carrier, content);
            Assert.Equal(422, early.Status);
            Assert.Equal(["content.mediaId unknown_media"], early.Errors);
        }

        _api.Upload(BlobStore.UploadKey("default", upload["id"]!), Png, "image/png");
        var file = await _api.CallAsync("POST", upload.Json.GetProperty("links").GetProperty("complete").GetString()!);

        Assert.Equal(202, (await _api.SendAsync("twilio", new { type = "image", mediaId = file["id"] })).Status);
    }

    [Fact]
    public async Task An_upload_is_signed_for_its_length_and_type_and_writes_nothing()
    {
        _api.Tables.Forget();

        var reply = await BeginAsync(OwnMedia.MaxUploadBytes, "Video/MP4");

        Assert.Equal(201, reply.Status);
        Assert.Equal(
            $"https://blobs.example/uploads/default/{reply["id"]}?expires=12:15:00&put=video/mp4&length=104857600", reply["url"]);
        Assert.Equal("""{"Content-Type":"video/mp4","Content-Length":"104857600"}""", reply["headers"]);
        Assert.Equal("2026-03-14T12:15:00.123Z", reply["expiresAt"]);
        Assert.True(Ids.IsUpload(reply["id"]));
        Assert.DoesNotContain(_api.Tables.Calls, call => call is "PutItem" or "UpdateItem");
        Assert.Empty(_api.Files);
    }

    [Theory]
    [InlineData("""{}""", "bytes required", "contentType required")]
    [InlineData("""{"bytes":0,"contentType":"video"}""", "bytes out_of_range", "contentType invalid_value")]
    [InlineData("""{"bytes":104857601,"contentType":"video/mp4"}""", "bytes out_of_range")]
    [InlineData("""{"bytes":1.5,"contentType":"*/*"}""", "bytes wrong_type", "contentType invalid_value")]
    [InlineData("""{"bytes":1,"contentType":"multipart/form-data; boundary=a"}""", "contentType invalid_value")]
    [InlineData("""{"bytes":1,"contentType":"text/plain\r\nX: 1"}""", "contentType invalid_value")]
    [InlineData("""{"bytes":1,"contentType":"video/mp4","name":"a.mp4"}""", "name unknown_field")]
    [InlineData("""[]""", "$ wrong_type")]
    public async Task What_is_wrong_with_an_upload_is_refused_and_named(string body, params string[] errors)
    {
        var reply = await _api.CallAsync("POST", Path + "/uploads", body: body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(errors, reply.Errors);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("image")]
    [InlineData("image/*")]
    [InlineData("multipart/form-data; boundary=a")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_is_no_file_is_refused(string? contentType)
    {
        var reply = await TakeAsync(Png, contentType ?? "");

        Assert.Equal((415, "unsupported_media_type"), (reply.Status, reply["code"]));
        Assert.Empty(_api.Files);
    }

    [Theory]
    [InlineData(0, 400, "invalid_request")]
    [InlineData(OwnMedia.MaxBodyBytes, 201, null)]
    [InlineData(OwnMedia.MaxBodyBytes + 1, 413, "body_too_large")]
    public async Task A_body_has_its_bounds(int bytes, int status, string? code)
    {
        var reply = await TakeAsync(new byte[bytes], "application/zip");

        Assert.Equal((status, code), (reply.Status, reply["code"]));
    }

    [Fact]
    public async Task Text_that_lost_bytes_on_its_way_through_the_gateway_is_refused()
    {
        var latin = Encoding.Latin1.GetBytes("Grüße");

        var reply = await _api.CallAsync(
            "POST", Path, body: Encoding.UTF8.GetString(latin),
            headers: new() { ["content-type"] = "text/plain", ["content-length"] = $"{latin.Length}" });

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Empty(_api.Files);
    }

    [Theory]
    [InlineData("upl_00000000000000000000000000000000")]
    [InlineData("med_00000000000000000000000000000000")]
    [InlineData("..")]
    public async Task What_was_not_uploaded_cannot_be_completed(string id)
    {
        var reply = await _api.CallAsync("POST", $"{Path}/{id}/complete");

        Assert.Equal((404, "media_not_found"), (reply.Status, reply["code"]));
    }

    [Fact]
    public async Task Another_tenant_completes_nothing_of_mine()
    {
        var upload = await BeginAsync(Png.Length, "image/png");
        _api.Upload(BlobStore.UploadKey("default", upload["id"]!), Png, "image/png");

        Assert.Equal("media_not_found", (await _api.CallAsync("POST", $"{Path}/{upload["id"]}/complete", TestApi.OtherTenantsKey))["code"]);
        Assert.Equal(200, (await _api.CallAsync("POST", $"{Path}/{upload["id"]}/complete")).Status);
        Assert.Equal("insufficient_scope", (await _api.CallAsync("POST", Path, TestApi.ReadOnlyKey, "a"))["code"]);
    }

    [Fact]
    public async Task What_is_put_anew_while_it_is_read_is_refused_and_completed_later()
    {
        var upload = await BeginAsync(Png.Length, "image/png");
        var key = BlobStore.UploadKey("default", upload["id"]!);
        _api.Upload(key, Png, "image/png");
        _api.OnCopy = () => _api.Upload(key, Mp4, "video/mp4");

        var raced = await _api.CallAsync("POST", $"{Path}/{upload["id"]}/complete");

        Assert.Equal((409, "changed_meanwhile", "True"), (raced.Status, raced["code"], raced["retryable"]));
        Assert.Equal([key], _api.Files.Keys);
        _api.OnCopy = () => { };
        Assert.Equal(
            Ids.Media(Convert.ToHexStringLower(SHA256.HashData(Mp4))),
            (await _api.CallAsync("POST", $"{Path}/{upload["id"]}/complete"))["id"]);
    }

    [Fact]
    public async Task A_large_upload_is_hashed_to_its_end()
    {
        var file = new byte[300_000];
        new Random(7).NextBytes(file);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), (await UploadAsync(file, "application/zip"))["sha256"]);
    }

    private Task<Reply> TakeAsync(byte[] file, string contentType) => _api.CallAsync(
        "POST", Path, body: Convert.ToBase64String(file), base64: true,
        headers: new() { ["content-type"] = contentType, ["content-length"] = $"{file.Length}" });

    private Task<Reply> BeginAsync(int bytes, string contentType) =>
        _api.CallAsync("POST", Path + "/uploads", body: JsonSerializer.Serialize(new { bytes, contentType }));

    private async Task<Reply> UploadAsync(byte[] file, string contentType)
    {
        var upload = await BeginAsync(file.Length, contentType);
        _api.Upload(BlobStore.UploadKey("default", upload["id"]!), file, contentType);
        return await _api.CallAsync("POST", $"{Path}/{upload["id"]}/complete");
    }
}
