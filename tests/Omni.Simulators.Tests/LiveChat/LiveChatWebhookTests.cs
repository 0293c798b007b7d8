using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Omni.Simulators.Tests.LiveChat;

public sealed class LiveChatWebhookTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 10, 15, 0, TimeSpan.Zero));
    private readonly SimulatedLiveChat _livechat;

    public LiveChatWebhookTests() => _livechat = new() { Clock = _clock };

    public Task InitializeAsync() => _livechat.InitializeAsync();
    public Task DisposeAsync() => _livechat.DisposeAsync();

    [Fact]
    public async Task The_secret_stands_in_the_body_and_the_token_in_the_path()
    {
        await _livechat.TellAsync("inbound", new { text = "Hi" });
        var (path, call) = await _livechat.NextAsync();
        Assert.Equal("/webhooks/livechat/path-token", path);
        Assert.Equal(
            (_livechat.Options.WebhookSecret, _livechat.Options.OrganizationId),
            ((string?)call["secret_key"], (string?)call["organization_id"]));

        await _livechat.TellAsync("behaviour", new { signWith = "secondary" });
        await _livechat.TellAsync("inbound", new { text = "Hi" });
        Assert.Equal(_livechat.Options.SecondaryWebhookSecret, (string?)(await _livechat.NextAsync()).Body["secret_key"]);
    }

    [Fact]
    public async Task The_first_words_are_told_with_the_chat_and_the_next_as_an_event()
    {
        var chat = (string)(await _livechat.TellAsync("inbound", new { name = "Mia", text = "Hi" }))["chatId"]!;
        await _livechat.TellAsync("inbound", new { chat, text = "Anybody there?" });

        var opened = await _livechat.NextAsync("incoming_chat");
        Assert.Equal(
            ("Mia", "Hi"), ((string?)opened["chat"]!["users"]![0]!["name"], (string?)opened["chat"]!["thread"]!["events"]![0]!["text"]));
        var told = await _livechat.NextAsync("incoming_event");
        Assert.Equal((chat, "Anybody there?"), ((string?)told["chat_id"], (string?)told["event"]!["text"]));
        Assert.EndsWith("_2", (string?)told["event"]!["id"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_we_write_comes_back_and_is_seen_when_the_customer_looks()
    {
        var chat = await _livechat.ChatAsync();
        var (_, sent) = await _livechat.SayAsync(chat);

        var echo = (await _livechat.NextAsync("incoming_event"))["event"]!;
        Assert.Equal(
            ((string?)sent["event_id"], _livechat.Options.AgentId, "msg_1.0.1"),
            ((string?)echo["id"], (string?)echo["author_id"], (string?)echo["custom_id"]));

        await _livechat.TellAsync("seen", new { chat });
        var seen = await _livechat.NextAsync("events_marked_as_seen");
        Assert.NotEqual(_livechat.Options.AgentId, (string?)seen["user_id"]);
        Assert.True(string.CompareOrdinal((string?)seen["seen_up_to"], (string?)echo["created_at"]) > 0);
    }

    [Fact]
    public async Task A_rule_lets_the_customer_look_before_the_echo_or_loses_it()
    {
        var chat = await _livechat.ChatAsync();
        await _livechat.TellAsync("behaviour", new
        {
            times = 1, receipts = new { path = new[] { "incoming_event", "events_marked_as_seen" }, shuffle = true, beforeAnswer = true }
        });
        await _livechat.TellAsync("behaviour", new { receipts = new { lost = true, beforeAnswer = true } });
        await _livechat.SayAsync(chat);
        await _livechat.SayAsync(chat);

        await _livechat.NextAsync("events_marked_as_seen");
        await _livechat.NextAsync("incoming_event");
        var messages = JsonNode.Parse(await _livechat.Control.GetStringAsync($"messages?to={chat}"))!.AsArray();
        Assert.Equal([2, 0], messages.Select(message => message!["webhooks"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_button_that_writes_is_told_as_a_message_and_as_a_press()
    {
        var chat = await _livechat.ChatAsync();
        await _livechat.CallAsync("send_event", new()
        {
            ["chat_id"] = chat,
            ["event"] = JsonNode.Parse("""
                {"type":"rich_message","template_id":"quick_replies","elements":[{"title":"?","buttons":[
                  {"type":"message","text":"Large","value":"Large","postback_id":"size_l","user_ids":[]}]}]}
                """),
        });
        var rich = (await _livechat.NextAsync("incoming_event"))["event"]!;

        await _livechat.TellAsync("postback", new { chat, button = "size_l" });

        var said = (await _livechat.NextAsync("incoming_event"))["event"]!;
        Assert.Equal(("Large", (string?)rich["id"]), ((string?)said["text"], (string?)said["postback"]!["event_id"]));
        var press = await _livechat.NextAsync("incoming_rich_message_postback");
        Assert.Equal(("size_l", true), ((string?)press["postback"]!["id"], (bool)press["postback"]!["toggled"]!));
    }

    [Fact]
    public async Task A_call_that_is_refused_is_repeated_three_times()
    {
        foreach (var status in (int[])[500, 403, 502, 503]) _livechat.Answers.Enqueue(status);

        var told = await _livechat.TellAsync("inbound", new { text = "Hi" });

        Assert.Equal((4, 503), ((int)told["attempts"]!, (int)told["status"]!));
    }

    [Fact]
    public async Task An_upload_is_served_to_everybody_and_dies_after_a_day_unless_it_is_used()
    {
        var chat = await _livechat.ChatAsync();
        var used = await UploadAsync();
        var unused = await UploadAsync();
        Assert.Equal(200, (await SendFileAsync(used)).Status);
        var told = (await _livechat.NextAsync("incoming_event"))["event"]!;
        Assert.Equal(("mug.png", "image/png", 3), ((string?)told["name"], (string?)told["content_type"], (int)told["size"]!));

        _clock.Advance(TimeSpan.FromHours(25));

        using var anybody = new HttpClient();
        Assert.Equal([1, 2, 3], await anybody.GetByteArrayAsync(used));
        Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync(unused)).StatusCode);
        Assert.Equal(400, (await SendFileAsync(unused)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _livechat.Api.GetAsync(used)).StatusCode); // it shows no credentials to a CDN

        async Task<string> UploadAsync() => (string)(await _livechat.UploadAsync([1, 2, 3])).Answer["url"]!;
        Task<(int Status, JsonNode Answer)> SendFileAsync(string url) =>
            _livechat.CallAsync(
                "send_event", new() { ["chat_id"] = chat, ["event"] = new JsonObject { ["type"] = "file", ["url"] = url } });
    }

    [Fact]
    public async Task A_wrong_upload_is_refused()
    {
        Assert.Equal((413, "entity_too_large"), await TryAsync(new byte[10 * 1024 * 1024 + 1]));
        Assert.Equal((400, "validation"), await TryAsync([1], name: "mug.exe"));
        Assert.Equal((400, "validation"), await TryAsync([1], part: "upload"));

        async Task<(int, string?)> TryAsync(byte[] bytes, string name = "mug.png", string part = "file")
        {
            var (status, answer) = await _livechat.UploadAsync(bytes, name, part);
            return (status, (string?)answer["error"]!["type"]);
        }
    }
}
