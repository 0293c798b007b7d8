using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class MediaReferenceTests
{
    private static readonly string Kept = Ids.Media("msg_1", 0);
    private static readonly string Missing = "med_" + new string('f', 64);

    private readonly TestApi _api = new();

    public MediaReferenceTests() => _api.Files["media/default/" + Kept] = 1024 * 1024;

    [Fact]
    public async Task A_file_that_is_kept_is_looked_up_once_and_sent()
    {
        await _api.GetAsync("/api/v1/carriers");
        _api.Tables.Forget();

        var reply = await _api.SendAsync("twilio", new { type = "image", mediaId = Kept });

        Assert.Equal(202, reply.Status);
        Assert.Equal(["media/default/" + Kept], _api.FilesAskedFor);
        Assert.Equal(["PutItem"], _api.Tables.Calls);
    }

    [Fact]
    public async Task Only_a_file_that_is_named_by_our_id_is_looked_up()
    {
        _api.StoreSession("whatsapp", Address.Phone("+14155550123"), TestApi.Noon.AddHours(1));

        Assert.Equal(202, (await _api.SendAsync("whatsapp", new { type = "image", mediaId = "881" })).Status);
        Assert.Equal(202, (await _api.SendAsync("twilio", new { type = "image", mediaUrl = "https://example.com/a.png" })).Status);

        Assert.Empty(_api.FilesAskedFor);
    }

    [Fact]
    public async Task Files_that_do_not_exist_are_all_named_and_nothing_is_taken()
    {
        _api.Tables.Forget();

        var reply = await _api.SendAsync(
            "twilio", new { type = "image", mediaId = Missing, more = new[] { new { mediaId = Kept }, new { mediaId = Missing } } });

        Assert.Equal((422, "unknown_media", "False"), (reply.Status, reply["code"], reply["retryable"]));
        Assert.Equal(["content.mediaId unknown_media", "content.more[1].mediaId unknown_media"], reply.Errors);
        Assert.DoesNotContain("PutItem", _api.Tables.Calls);
    }

    [Fact]
    public async Task A_file_of_another_tenant_does_not_exist()
    {
        _api.Files.Clear();
        _api.Files["media/another/" + Kept] = 1024;

        var reply = await _api.SendAsync("twilio", new { type = "image", mediaId = Kept });

        Assert.Equal((422, "unknown_media"), (reply.Status, reply["code"]));
    }

    public static TheoryData<string> OwnMachine() =>
    [
        "http://localhost/a.png", "http://localhost:8080/a.png", "https://localhost/a.png", "http://127.0.0.1/a.png",
        "https://127.1.2.3/a.png", "http://[::1]/a.png",
        "https://LOCALHOST./a.png", "https://files.localhost/a.png", "https://2130706433/a.png", "https://[::ffff:127.0.0.1]/a.png",
        "https://0.0.0.0/a.png",
    ];

    [Theory, MemberData(nameof(OwnMachine))]
    public async Task A_file_on_the_machine_itself_is_refused_but_on_the_stage_that_is_one_machine(string mediaUrl)
    {
        foreach (var (content, field) in ((object, string)[])
            [
                (new { type = "image", mediaUrl }, "content.mediaUrl"),
                (
                    new { type = "image", mediaUrl = "https://example.com/a.png", more = new[] { new { mediaUrl } } },
                    "content.more[0].mediaUrl"),
            ])
        {
            var reply = await _api.SendAsync("twilio", content);

            Assert.Equal((422, "not_carried"), (reply.Status, reply["code"]));
            Assert.Equal([field + " invalid_url"], reply.Errors);
            Assert.Equal(202, (await new TestApi(isLocal: true).SendAsync("twilio", content)).Status);
        }

        var card = new
        {
            type = "interactive",
            cards = new[]
            {
                new { title = "a", imageUrl = mediaUrl.Replace("http:", "https:"), buttons = new[] { new { id = "1", title = "b" } } }
            }
        };
        var cards = await _api.SendAsync(new { carrier = "livechat", to = "PJ0MRSHTDG", from = "12345678", content = card });
        Assert.Equal(["content.cards[0].imageUrl invalid_url"], cards.Errors);
    }

    [Fact]
    public async Task A_templates_header_is_looked_up_too()
    {
        var reply = await _api.SendAsync(
            "whatsapp", new { type = "template", name = "bill", language = "en", header = new { document = new { mediaId = Missing } } });

        Assert.Equal(["content.header.document.mediaId unknown_media"], reply.Errors);
    }

    [Theory]
    [InlineData("image", 5 * 1024 * 1024, "never")]
    [InlineData("video", 500 * 1024, "never")]
    [InlineData("document", 500 * 1024, "auto")]
    public async Task A_file_that_is_too_large_is_refused_where_it_is_not_converted(string type, long most, string convert)
    {
        foreach (var bytes in (long[])[most, most + 1])
        {
            _api.Files["media/default/" + Kept] = bytes;

            var reply = await _api.SendAsync(new { carrier = "twilio", content = new { type, mediaId = Kept }, media = new { convert } });

            Assert.Equal(bytes == most ? 202 : 422, reply.Status);
            if (bytes == most) continue;

            Assert.Equal(
                ("not_carried", $"content.mediaId: Twilio takes {most} bytes of {type}; this file has {bytes}."),
                (reply["code"], reply["detail"]));
            Assert.Equal(["content.mediaId too_large"], reply.Errors);
        }
    }

    [Fact]
    public async Task A_repeated_request_gives_the_same_answer_when_the_file_is_gone()
    {
        var content = new { type = "image", mediaId = Kept };
        var first = await _api.SendAsync("twilio", content, "key-1");
        _api.Files.Clear();

        var again = await _api.SendAsync("twilio", content, "key-1");

        Assert.Equal((202, first.Text), (again.Status, again.Text));
    }
}
