using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>What goes in place of files that a carrier does not carry: the caption, with or without links to them.</summary>
public sealed class FileLinkTests
{
    private const string Address = "https://media.example.com/a.pdf";
    private const string Base = "https://omni.example.com/f/";

    private static readonly string Kept = Ids.Media("msg_1", 0);

    // Names send texts only.
    private static readonly object Name = new { type = "alphanumeric", value = "Omni" };

    private readonly TestApi _api = new();

    public FileLinkTests() => _api.Upload("media/default/" + Kept, [0x89, .. "PNG\r\n\u001a\n0123456789"u8], "image/png");

    [Fact]
    public async Task A_link_stands_in_the_text_and_leads_to_the_file_without_a_key()
    {
        var sent = await SendAsync(
            new { type = "image", mediaId = Kept, caption = "The way in", more = new[] { new { mediaUrl = Address } } }, "link");

        Assert.Equal((202, "image"), (sent.Status, sent["adaptedFrom"]));
        var message = await MessageAsync(sent);
        var lines = Assert.IsType<TextContent>(message.Content).Body.Split('\n');
        Assert.Equal(["The way in", .. message.FileLinks!.Select(link => link.Url.OriginalString)], lines);
        Assert.All(lines[1..], line => Assert.Matches($"^{Base}[A-Za-z0-9_-]{{22}}$", line));
        Assert.False(message.AwaitsMedia);
        Assert.Equal(message.Parts.Sum(part => part.Segments), SmsText.Count(string.Join('\n', lines)).Segments);
        var shown = JsonNode.Parse((await _api.GetAsync($"/api/v1/messages/{sent["id"]}")).Text!)!["fileLinks"]!.AsArray();
        Assert.Equal([(lines[1], Kept), (lines[2], null)], shown.Select(link => ((string)link!["url"]!, (string?)link["mediaId"])));

        var (own, other) = (await OpenAsync(lines[1]), await OpenAsync(lines[2]));
        Assert.Equal((302, 302), (own.Status, other.Status));
        Assert.StartsWith($"https://blobs.example/media/default/{Kept}?", own.Header("Location"), StringComparison.Ordinal);
        Assert.Equal((Address, "no-referrer"), (other.Header("Location"), other.Header("Referrer-Policy")));
    }

    [Fact]
    public async Task A_link_ends_a_week_after_its_message_may_leave_and_with_its_file()
    {
        var sent = await SendAsync(new { type = "image", mediaId = Kept }, "link");
        var link = (await MessageAsync(sent)).FileLinks![0].Url.OriginalString;

        _api.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(302, (await OpenAsync(link)).Status);
        _api.Files.Remove("media/default/" + Kept);
        Assert.Equal((404, "media_not_found"), await EndAsync(link));
        _api.Upload("media/default/" + Kept, [1], "image/png");
        _api.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal((404, "media_not_found"), await EndAsync(link));
    }

    [Fact]
    public async Task A_message_that_is_sent_again_has_the_same_link_for_as_long_again()
    {
        var sent = await SendAsync(new { type = "image", mediaId = Kept }, "link");
        var link = (await MessageAsync(sent)).FileLinks![0].Url.OriginalString;
        _api.Clock.Advance(TimeSpan.FromDays(5));

        var again = await PostAsync($"/api/v1/messages/{sent["id"]}/resend", new { force = true });

        Assert.Equal(202, again.Status);
        Assert.Equal(link, Assert.IsType<TextContent>((await MessageAsync(again)).Content).Body);
        _api.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal(302, (await OpenAsync(link)).Status);
    }

    [Fact]
    public async Task The_people_of_a_batch_share_a_link()
    {
        var answer = await PostAsync("/api/v1/messages/bulk", new
        {
            carrier = "messagebird", from = Name, content = new { type = "image", mediaId = Kept, caption = "Hi {{name}}" },
            media = new { fallback = "link" },
            recipients = Enumerable.Range(0, 30).Select(i => new { to = $"+1415555{1000 + i}", variables = new { name = $"N{i}" } }),
        });

        Assert.Equal((202, "30"), (answer.Status, answer["accepted"]));
        Assert.Single(Links());
    }

    public static TheoryData<object, string?, string> Refused => new()
    {
        { new { type = "image", mediaUrl = Address, caption = "Look" }, null, "content.type content_not_carried" },
        { new { type = "image", mediaUrl = Address, caption = "Look" }, "refuse", "content.type content_not_carried" },
        { new { type = "image", mediaUrl = Address }, "text", "content.type content_not_carried" },
        { new { type = "image", mediaId = "med_" + new string('f', 64) }, "link", "content.mediaId unknown_media" },
        { new { type = "image", mediaId = "881" }, "link", "content.mediaId unknown_media" },
        { new { type = "image", mediaUrl = "https://localhost/a.png" }, "link", "content.mediaUrl invalid_url" },
        { new { type = "image", mediaUrl = "ftp://example.com/a" }, "link", "content.mediaUrl invalid_url" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task What_leaves_nothing_or_leads_nowhere_is_refused_and_no_link_is_kept(object content, string? fallback, string error)
    {
        var reply = await SendAsync(content, fallback);

        Assert.Equal(422, reply.Status);
        Assert.Contains(error, reply.Errors!);
        Assert.Empty(Links());
    }

    [Fact]
    public async Task A_caption_may_go_alone()
    {
        var message = await MessageAsync(await SendAsync(new { type = "image", mediaUrl = Address, caption = "Look" }, "text"));

        Assert.Equal("Look", Assert.IsType<TextContent>(message.Content).Body);
        Assert.Equal((ContentType.Image, null), (message.AdaptedFrom, message.FileLinks));
    }

    [Fact]
    public async Task A_carrier_that_carries_the_file_gets_it()
    {
        var sent = await _api.SendAsync(
            new { carrier = "twilio", content = new { type = "image", mediaId = Kept }, media = new { fallback = "link" } });

        var message = await MessageAsync(sent);
        Assert.IsType<ImageContent>(message.Content);
        Assert.Equal((null, null), (message.AdaptedFrom, message.FileLinks));
        Assert.True(message.AwaitsMedia);
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("A")]
    [InlineData("..%2F..%2Fcontrol")]
    public async Task A_link_that_never_was_leads_nowhere(string id) => Assert.Equal((404, "media_not_found"), await EndAsync(Base + id));

    private Task<Reply> SendAsync(object content, string? fallback) =>
        _api.SendAsync(new { carrier = "messagebird", from = Name, content, media = fallback is null ? null : new { fallback } });

    private Task<Reply> PostAsync(string path, object body) => _api.CallAsync("POST", path, body: JsonSerializer.Serialize(body));

    private IEnumerable<string> Links() =>
        _api.Tables.Items("control").Select(item => item["pk"].S).Where(key => key.StartsWith("link#", StringComparison.Ordinal));

    private Task<Reply> OpenAsync(string link) => _api.GetAsync("/f/" + link[Base.Length..], key: null);

    private async Task<(int Status, string? Code)> EndAsync(string link)
    {
        var reply = await OpenAsync(link);
        return (reply.Status, reply["code"]);
    }

    private async Task<Message> MessageAsync(Reply sent) => (await _api.Messages.FindAsync(sent["id"]!))!.Message;
}
