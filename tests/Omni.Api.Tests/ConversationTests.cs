using System.Text;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>What people send, and what can be done with it.</summary>
public sealed class ConversationTests
{
    private const string MediaId = "med_2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

    private static readonly Address Person = Address.Phone("+14155550123");

    private readonly TestApi _api = new();

    [Fact]
    public async Task A_conversation_tells_who_is_in_it_and_how_long_its_window_is_open()
    {
        var id = _api.StoreSession("whatsapp", Person, TestApi.Noon.AddHours(1), "default", ("pn", "Ina"));

        var reply = await _api.GetAsync($"/api/v1/sessions/{id}");

        Assert.Equal(
            (200, id, "whatsapp", "+12065550100", "+14155550123"),
            (reply.Status, reply["id"], reply["carrier"], reply["ours"], reply["theirs"]));
        Assert.Equal(
            ("Ina", "2026-03-14T13:00:00.123Z", "True", null),
            (reply["profileName"], reply["windowExpiresAt"], reply["windowOpen"], reply["thread"]));
        var messages = reply.Json.GetProperty("links").GetProperty("messages").GetString()!;
        _api.StoreInbound("msg_1", "whatsapp", new TextContent { Body = TestApi.Text });
        Assert.Equal(
            "msg_1",
            Assert.Single((await _api.GetAsync(messages)).Json.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());

        _api.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("False", (await _api.GetAsync($"/api/v1/sessions/{id}"))["windowOpen"]);
    }

    [Fact]
    public async Task Without_a_rule_there_is_no_window_and_before_a_message_it_is_closed()
    {
        var chat = _api.StoreSession(
            "livechat", new(AddressType.LivechatCustomer, "c-1"), null, "default", ("rc", "livechatChat:PJ0MRSHTDG"), ("td", "K600PKZON8"));
        var silent = _api.StoreSession("whatsapp", Person);

        var reply = await _api.GetAsync($"/api/v1/sessions/{chat}");

        Assert.Equal(("K600PKZON8", null, null), (reply["thread"], reply["windowOpen"], reply["windowExpiresAt"]));
        Assert.Equal("PJ0MRSHTDG", reply.Json.GetProperty("recipient").GetProperty("value").GetString());
        reply = await _api.GetAsync($"/api/v1/sessions/{silent}");
        Assert.Equal(("False", null), (reply["windowOpen"], reply["windowExpiresAt"]));
    }

    [Fact]
    public async Task Another_tenants_conversation_is_not_there()
    {
        var id = _api.StoreSession("whatsapp", Person, TestApi.Noon, tenant: "another");

        var reply = await _api.GetAsync($"/api/v1/sessions/{id}");
        Assert.Equal((404, "session_not_found"), (reply.Status, reply["code"]));
        Assert.Equal("session_not_found", (await _api.GetAsync("/api/v1/sessions/ses_none"))["code"]);
        Assert.Equal("session_not_found", (await _api.GetAsync("/api/v1/sessions/ses_" + new string('a', 2048)))["code"]);
    }

    [Fact]
    public async Task That_a_message_was_read_is_asked_of_the_store()
    {
        _api.StoreInbound("msg_1", "whatsapp", new TextContent { Body = TestApi.Text });

        var reply = await _api.CallAsync("POST", "/api/v1/messages/msg_1/read");

        Assert.Equal((202, "msg_1"), (reply.Status, reply["id"]));
        Assert.Equal("msg_1", Assert.Single(_api.Tables.Updates).Key["pk"].S);
    }

    [Fact]
    public async Task A_read_mark_that_was_asked_for_before_is_answered_alike()
    {
        _api.StoreInbound("msg_1", "whatsapp", new TextContent { Body = TestApi.Text });
        var first = await _api.CallAsync("POST", "/api/v1/messages/msg_1/read");
        _api.Tables.Before = call =>
        {
            if (call == "UpdateItem") throw new Amazon.DynamoDBv2.Model.ConditionalCheckFailedException("The conditional request failed");
        };

        var second = await _api.CallAsync("POST", "/api/v1/messages/msg_1/read");

        Assert.Equal((202, first.Text), (second.Status, second.Text));
    }

    [Theory]
    [InlineData("msg_sent", 422, "not_carried")]
    [InlineData("msg_sms", 422, "not_carried")]
    [InlineData("msg_none", 404, "message_not_found")]
    [InlineData("msg_anothers", 404, "message_not_found")]
    public async Task What_cannot_be_marked_as_read_is_refused(string id, int status, string code)
    {
        _api.Store("msg_sent");
        _api.StoreInbound("msg_sms", "twilio", new TextContent { Body = TestApi.Text });
        _api.StoreInbound("msg_anothers", "whatsapp", new TextContent { Body = TestApi.Text }, m => m with { Tenant = "another" });

        var reply = await _api.CallAsync("POST", $"/api/v1/messages/{id}/read");

        Assert.Equal((status, code), (reply.Status, reply["code"]));
        Assert.Empty(_api.Tables.Updates);
        Assert.Equal(403, (await _api.CallAsync("POST", $"/api/v1/messages/{id}/read", TestApi.ReadOnlyKey)).Status);
    }

    [Fact]
    public async Task Files_are_shown_in_the_contents_order_with_links_to_those_that_are_kept()
    {
        _api.StoreInbound(
            "msg_1", "twilio",
            new ImageContent
            {
                MediaUrl = new("https://example.com/a"),
                More = [new() { MediaUrl = new("https://example.com/b") }, new() { MediaUrl = new("https://example.com/c") }]
            },
            change: null,
            ("f0", $$"""{"status":"stored","mediaId":"{{MediaId}}","mimeType":"image/jpeg","bytes":48211,"sha256":"{{MediaId[4..]}}"}"""),
            ("f1", """{"status":"failed","code":"http 404"}"""));

        var files = (await _api.GetAsync("/api/v1/messages/msg_1")).Json.GetProperty("files");

        Assert.Equal(
            $$$"""[{"status":"stored","mediaId":"{{{MediaId}}}","mimeType":"image/jpeg","bytes":48211"""
                + $$$""","sha256":"{{{MediaId[4..]}}}","links":{"content":"/api/v1/media/{{{MediaId}}}"}},"""
                + """{"status":"failed","code":"http 404"},{"status":"pending"}]""",
            files.GetRawText());
    }

    [Fact]
    public async Task A_message_of_a_group_tells_the_others_and_its_thread()
    {
        _api.StoreInbound("msg_1", "twilio", new UnsupportedContent { Kind = "poll", Text = "Which?" }, m => m with
        {
            Participants = [Address.Phone("+14155550124"), new(AddressType.WhatsappUserId, "NL.1")], Thread = "K600PKZON8", ReplyTo = "SM0",
        });

        var reply = await _api.GetAsync("/api/v1/messages/msg_1");

        Assert.Equal("""["+14155550124",{"type":"whatsappUserId","value":"NL.1"}]""", reply["participants"]);
        Assert.Equal(("K600PKZON8", "SM0", null), (reply["thread"], reply["replyTo"], reply["files"]));
    }

    [Fact]
    public async Task A_file_is_behind_a_signed_link_of_minutes()
    {
        _api.Files["media/default/" + MediaId] = 1;

        var reply = await _api.GetAsync("/api/v1/media/" + MediaId);

        Assert.Equal(
            (302, null, $"https://blobs.example/media/default/{MediaId}?expires=12:05:00&type=image/jpeg&disposition="),
            (reply.Status, reply.Text, reply.Header("Location")));
        Assert.Equal("no-store", reply.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("GIF89a", "image/gif")]
    [InlineData("RIFF....WEBPVP8 ", "image/webp")]
    [InlineData("RIFF....WAVEfmt ", "audio/wav")]
    [InlineData("....ftypM4A mp42", "audio/mp4")]
    [InlineData("....ftypisom....", "video/mp4")]
    [InlineData("....ftyp3gp4....", "video/3gpp")]
    [InlineData("....ftypheic....", "image/heic")]
    [InlineData("OggS\0...........", "audio/ogg")]
    [InlineData("#!AMR\n", "audio/amr")]
    [InlineData("ID3.............", "audio/mpeg")]
    [InlineData("<html><script>al", null)]
    [InlineData("<svg xmlns=\"http", null)]
    [InlineData("%PDF-1.7", null)]
    [InlineData("RIFF....", null)]
    [InlineData("PK", null)]
    [InlineData("", null)]
    public async Task What_is_no_picture_sound_or_film_by_its_bytes_is_for_saving(string start, string? type)
    {
        _api.Files["media/default/" + MediaId] = start.Length;
        _api.FileStart = Encoding.Latin1.GetBytes(start);

        var link = (await _api.GetAsync("/api/v1/media/" + MediaId)).Header("Location")!;

        Assert.EndsWith(type is null ? "&type=application/octet-stream&disposition=attachment" : $"&type={type}&disposition=", link);
    }

    [Theory]
    [InlineData(MediaId)]
    [InlineData("med_1")]
    [InlineData("..%2Fanother%2Fmed_1")]
    [InlineData("msg_1")]
    public async Task A_file_that_is_not_yours_or_none_is_not_there(string id)
    {
        _api.Files["media/another/" + MediaId] = 1;

        var reply = await _api.GetAsync("/api/v1/media/" + id);

        Assert.Equal((404, "media_not_found"), (reply.Status, reply["code"]));
    }
}
