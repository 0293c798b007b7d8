using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>What a client wishes for the files of a message.</summary>
public sealed class MediaOptionsTests
{
    private const string Address = "https://media.example.com/a.jpg";

    private readonly TestApi _api = new();

    public static TheoryData<string, object, object?, string?> Wishes => new()
    {
        { "twilio", new { type = "image", mediaUrl = Address }, null, """{"convert":"auto"}""" },
        { "twilio", new { type = "image", mediaUrl = Address }, new { convert = "never" }, """{"convert":"never"}""" },
        {
            "bandwidth", new { type = "image", mediaUrl = Address },
            new { maxBytes = 300_000, format = "image/png", quality = 60, timeoutSeconds = 120 },
            """{"convert":"auto","maxBytes":300000,"format":"image/png","quality":60,"timeoutSeconds":120}"""
        },
        {
            // the carrier's own
            "whatsapp", new { type = "template", name = "bill", language = "en", header = new { image = new { mediaId = "123456" } } },
            null, null
        },
        { "twilio", new { type = "text", body = "Hello" }, new { quality = 60 }, null },
    };

    [Theory, MemberData(nameof(Wishes))]
    public async Task A_message_with_files_waits_for_them_unless_they_go_as_they_are(
        string carrier, object content, object? media, string? expected)
    {
        var sent = await _api.SendAsync(new { carrier, content, media });

        Assert.Equal(202, sent.Status);
        var message = (await _api.Messages.FindAsync(sent["id"]!))!.Message;
        Assert.Equal(expected?.Contains("auto", StringComparison.Ordinal) == true, message.AwaitsMedia);
        Assert.Equal(expected, (await _api.GetAsync($"/api/v1/messages/{sent["id"]}"))["media"]);
    }

    public static TheoryData<object, int, string> Refused => new()
    {
        { new { convert = "sometimes" }, 400, "media.convert invalid_value" },
        { new { maxBytes = 10 }, 400, "media.maxBytes out_of_range" },
        { new { quality = 0 }, 400, "media.quality out_of_range" },
        { new { timeoutSeconds = 301 }, 400, "media.timeoutSeconds out_of_range" },
        { new { format = "image/heic" }, 400, "media.format invalid_value" },
        { new { size = 1 }, 400, "media.size unknown_field" },
        { "auto", 400, "media wrong_type" },
        { new { format = "image/webp" }, 422, "media.format not_carried" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task A_wish_that_cannot_be_is_refused(object media, int status, string error)
    {
        var reply = await _api.SendAsync(new { carrier = "twilio", content = new { type = "image", mediaUrl = Address }, media });

        Assert.Equal(status, reply.Status);
        Assert.Equal([error], reply.Errors);
    }

    [Fact]
    public async Task Why_a_file_cannot_go_is_said_in_words()
    {
        var sent = await _api.SendAsync(new { carrier = "twilio", content = new { type = "image", mediaUrl = Address } });
        await _api.Messages.RejectMediaAsync(sent["id"]!, FailureReason.MediaRejected, "media_type", "The file is text/html.");

        var error = (await _api.GetAsync($"/api/v1/messages/{sent["id"]}")).Json.GetProperty("error");

        Assert.Equal(
            ("media_rejected", "media_type", "The file is text/html."),
            (error.GetProperty("code").GetString(), error.GetProperty("carrierCode").GetString(), error.GetProperty("detail").GetString()));
    }
}
