using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Bandwidth;
using Omni.Simulators.Files;
using Omni.Simulators.MessageBird;
using Omni.Simulators.Tests.Twilio;
using Omni.Simulators.Twilio;
using Omni.Simulators.WhatsApp;

namespace Omni.Simulators.Tests.Files;

/// <summary>Carriers look at the files that they are given.</summary>
public sealed class FileTests
{
    /// <summary>A PNG of one pixel.</summary>
    public static byte[] Dot { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==");

    public static TheoryData<byte[], string, bool> Types => new()
    {
        { Dot, "image/png", true },
        { Dot[..^12], "image/png", false },
        { Gif, "image/gif", true },
        { Gif[..^1], "image/gif", false },
        { [0xFF, 0xD8, 0xFF, 0xE0, 0, 16], "image/jpeg", false },
        { [.. "RIFF\u0010\0\0\0WEBPVP8L"u8], "image/webp", false },
        { [], "application/octet-stream", false },
        { [.. "%PDF-1.7"u8], "application/pdf", true },
        { [.. "OggS"u8, 0, 2], "audio/ogg", true },
        { [0, 0, 0, 24, .. "ftypisom"u8], "video/mp4", true },
        { [0, 0, 0, 24, .. "ftypheic"u8], "image/heic", true },
        { [.. "  <!DOCTYPE html><p>"u8], "text/html", true },
        { [.. "<?xml version='1.0'?><svg/>"u8], "image/svg+xml", true },
        { [.. "Grüße"u8], "text/plain", true },
    };

    [Theory, MemberData(nameof(Types))]
    public void A_file_is_what_its_bytes_are(byte[] bytes, string type, bool isWhole)
    {
        var look = FileLook.Of(bytes);

        Assert.Equal((type, isWhole), (look.Type, look.IsWhole));
    }

    [Theory]
    [InlineData("VP8X", 700, 500)]
    [InlineData("VP8L", 700, 500)]
    [InlineData("VP8 ", 700, 500)]
    public void A_webp_says_its_size_in_three_ways(string chunk, int width, int height)
    {
        var bytes = new byte[40];
        Encoding.ASCII.GetBytes("RIFF").CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        Encoding.ASCII.GetBytes("WEBP" + chunk).CopyTo(bytes, 8);
        switch (chunk)
        {
            case "VP8X":
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), width - 1);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(27), height - 1);
                break;
            case "VP8L":
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(21), (width - 1) | ((height - 1) << 14));
                break;
            default:
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(26), (short)width);
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(28), (short)height);
                break;
        }

        var look = FileLook.Of(bytes);

        Assert.Equal((width, height, true), (look.Width, look.Height, look.IsWhole));
    }

    /// <summary>What lies at an address, and as which type; the codes of Twilio, of Bandwidth, and of it from a toll-free number.</summary>
    public static TheoryData<string, object?, int?, int?, int?> Fetched => new()
    {
        { "image/png", FileLook.Of(Dot), null, null, null },
        { "", null, 11200, 4410, 4410 },
        { "image/png", FileLook.Of(Dot[..^12]), 11200, 4410, 4410 },
        { "image/jpeg", FileLook.Of(Dot), 12300, 4412, 4412 },
        { "image/webp", new FileLook("image/webp", 9), 12300, 4412, 4412 },
        { "image/heic", new FileLook("image/heic", 9), 12300, 4412, 4412 },
        { "image/jpeg", new FileLook("image/jpeg", 525_001), null, null, 4411 },
        { "image/jpeg", new FileLook("image/jpeg", 1_000_001), null, 4711, 4411 },
        { "image/jpeg", new FileLook("image/jpeg", 5_242_881), 30019, 4411, 4411 },
        { "video/mp4", new FileLook("video/mp4", 500_001), 30019, null, null },
        { "application/zip", new FileLook("application/zip", 9), 12300, 4412, 4412 },
    };

    [Theory, MemberData(nameof(Fetched))]
    public void A_file_is_fetched_and_taken_or_not(
        string contentType, object? look, int? twilio, int? bandwidth, int? bandwidthTollFree)
    {
        FetchedFile[] files = [new(contentType, (FileLook?)look)];

        Assert.Equal(
            (twilio, bandwidth, bandwidthTollFree),
            (TwilioFiles.Refuse(files), BandwidthFiles.Refuse(files, "+12065550100"), BandwidthFiles.Refuse(files, "+18335550100")));
        Assert.Equal(bandwidth is null or 4711 && look is not FileLook { Bytes: > 1 << 20 }, MessageBirdFiles.CanGo(files));
    }

    [Theory]
    [InlineData("image/webp", 512, 512, 100_000, null)]
    [InlineData("image/webp", 512, 512, 102_401, "100 KB")]
    [InlineData("image/webp", 512, 300, 9, "512 × 512")]
    [InlineData("image/jpeg", 600, 500, 9, null)]
    [InlineData("image/jpeg", 600, 500, 5_242_881, "too large")]
    [InlineData("image/gif", 600, 500, 9, "not supported")]
    public void An_uploaded_file_is_taken_or_not(string type, int width, int height, long bytes, string? why)
    {
        var fault = WhatsAppFiles.Refuse(type, new(type, bytes, width, height));

        if (why is null) Assert.Null(fault);
        else Assert.Contains(why, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dot.png", null)]
    [InlineData("/page.png", "12300")]
    [InlineData("/nothing.png", "11200")]
    public async Task A_message_with_a_file_ends_as_its_file_does(string path, string? code)
    {
        await using var host = KestrelApp.Create();
        host.MapGet("/dot.png", () => Results.Bytes(Dot, "image/png"));
        host.MapGet("/page.png", () => Results.Bytes("<html>"u8.ToArray(), "image/png"));
        await host.StartAsync();
        var twilio = new SimulatedTwilio();
        await twilio.InitializeAsync();
        try
        {
            using var sent = await twilio.SendAsync(("MediaUrl", host.Urls.Single() + path));

            var last = await twilio.Webhooks.NextAsync();
            if (last.Form["MessageStatus"] == "sent") last = await twilio.Webhooks.NextAsync();
            Assert.Equal(
                (code is null ? "delivered" : "failed", code), (last.Form["MessageStatus"], last.Form.GetValueOrDefault("ErrorCode")));
        }
        finally
        {
            await twilio.DisposeAsync();
        }
    }
}
