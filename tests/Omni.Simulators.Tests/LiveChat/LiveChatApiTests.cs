using System.Text.Json.Nodes;

namespace Omni.Simulators.Tests.LiveChat;

public sealed class LiveChatApiTests : IAsyncLifetime
{
    private readonly SimulatedLiveChat _livechat = new();

    public Task InitializeAsync() => _livechat.InitializeAsync();
    public Task DisposeAsync() => _livechat.DisposeAsync();

    [Theory]
    [InlineData("Basic", true)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer of a bot", true)]
    [InlineData("nothing", false)]
    public async Task A_personal_token_is_taken_with_its_account_only(string how, bool isTaken)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = how switch
        {
            "Basic" => _livechat.Api.DefaultRequestHeaders.Authorization,
            "Bearer" => new("Bearer", _livechat.Options.ApiToken),
            "Bearer of a bot" => new("Bearer", _livechat.Options.BearerToken),
            _ => null,
        };

        var (status, answer) = await _livechat.CallAsync("get_chat", new() { ["chat_id"] = "NOSUCHCHAT" }, client);

        Assert.Equal(isTaken ? (404, "not_found") : (401, "authentication"), (status, Type(answer)));
    }

    [Fact]
    public async Task Only_who_is_in_a_chat_writes_to_it()
    {
        var chat = (string)(await _livechat.TellAsync("inbound", new { text = "Hi" }))["chatId"]!;

        var (status, refusal) = await _livechat.SayAsync(chat);
        Assert.Equal(
            (403, "authorization", "Requester is not user of the chat"), (status, Type(refusal), (string?)refusal["error"]!["message"]));

        Assert.Equal(200, (await _livechat.JoinAsync(chat)).Status);
        Assert.Equal("already_exists", Type((await _livechat.JoinAsync(chat)).Answer));
        var (_, sent) = await _livechat.SayAsync(chat);
        Assert.Equal(["event_id"], sent.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Another_agent_in_the_chat_leaves_no_room()
    {
        var chat = (string)(await _livechat.TellAsync("inbound", new { text = "Hi" }))["chatId"]!;
        await _livechat.TellAsync("inbound", new { chat, agent = "smith@example.com", text = "I take this one" });

        Assert.Equal("limit_reached", Type((await _livechat.JoinAsync(chat)).Answer));
    }

    [Fact]
    public async Task A_closed_chat_is_resumed_in_a_new_thread()
    {
        var chat = await _livechat.ChatAsync();
        Assert.Equal(200, (await _livechat.CallAsync("deactivate_chat", new() { ["id"] = chat })).Status);

        Assert.Equal("chat_inactive", Type((await _livechat.SayAsync(chat)).Answer));
        var (status, resumed) = await _livechat.CallAsync("resume_chat", Open(new() { ["id"] = chat }));
        Assert.Equal(200, status);
        Assert.Equal($"{resumed["thread_id"]}_1", (string?)resumed["event_ids"]![0]);

        var (_, threads) = await _livechat.CallAsync("list_threads", new() { ["chat_id"] = chat });
        Assert.Equal(
            [(string?)resumed["thread_id"], (string?)threads["threads"]![0]!["previous_thread_id"]],
            threads["threads"]!.AsArray().Select(thread => (string?)thread!["id"]));
        var (_, newest) = await _livechat.CallAsync("get_chat", new() { ["chat_id"] = chat });
        Assert.Equal("msg_1.0.1", (string?)Assert.Single(newest["thread"]!["events"]!.AsArray())!["custom_id"]);
    }

    [Fact]
    public async Task A_chat_is_begun_with_a_customer_who_has_none()
    {
        var customer = (string)(await _livechat.TellAsync("customers", new { name = "Leo" }))["customerId"]!;
        JsonObject With(string id) => Open(new() { ["users"] = new JsonArray(new JsonObject { ["id"] = id, ["type"] = "customer" }) });

        var (status, started) = await _livechat.CallAsync("start_chat", With(customer));

        Assert.Equal(200, status);
        Assert.Equal(customer, (string?)(await _livechat.NextAsync("incoming_chat"))["chat"]!["users"]![0]!["id"]);
        Assert.Equal(200, (await _livechat.SayAsync((string)started["chat_id"]!)).Status);
        Assert.Equal("limit_reached", Type((await _livechat.CallAsync("start_chat", With(customer))).Answer));
        Assert.Equal("not_found", Type((await _livechat.CallAsync("start_chat", With("nobody"))).Answer));
    }

    [Theory]
    [InlineData("""{"type":"message"}""")]
    [InlineData("""{"type":"message","text":""}""")]
    [InlineData("""{"type":"message","text":"Hi","custom_id":1}""")]
    [InlineData("""{"type":"message","text":"Hi","visibility":"everybody"}""")]
    [InlineData("""{"type":"message","text":"Hi","colour":"red"}""")]
    [InlineData("""{"type":"system"}""")]
    [InlineData("""{"type":"file","url":"https://elsewhere.example.com/mug.png"}""")]
    [InlineData("""{"type":"rich_message","template_id":"carousel"}""")]
    [InlineData("""{"type":"rich_message","template_id":"cards","elements":[{"body":"?"}]}""")]
    [InlineData("""{"type":"rich_message","template_id":"cards","elements":[{"image":{}}]}""")]
    [InlineData("""{"type":"rich_message","template_id":"cards","elements":[{},{},{},{},{},{},{},{},{},{},{}]}""")]
    [InlineData("""{"type":"rich_message","template_id":"cards","elements":[{"buttons":[{"text":"A","postback_id":"a"}]}]}""")]
    [InlineData(
        """{"type":"rich_message","template_id":"cards","elements":[{"buttons":[{"text":"A","postback_id":"a","user_ids":"""
            + """[],"type":"message"}]}]}""")]
    [InlineData(
        """{"type":"rich_message","template_id":"cards","elements":[{"buttons":[{"text":"A","postback_id":"a","user_ids":"""
            + """[],"type":"url","value":"no url"}]}]}""")]
    [InlineData(
        """{"type":"rich_message","template_id":"cards","elements":[{"buttons":[{"text":"A","postback_id":"a","user_ids":"""
            + """[],"type":"webview","value":"https://a.example.com"}]}]}""")]
    public async Task A_wrong_event_is_refused(string given)
    {
        var chat = await _livechat.ChatAsync();

        var (status, answer) = await _livechat.CallAsync("send_event", new() { ["chat_id"] = chat, ["event"] = JsonNode.Parse(given) });

        Assert.Equal((400, "validation"), (status, Type(answer)));
    }

    [Fact]
    public async Task A_text_may_have_16_kilobytes()
    {
        var chat = await _livechat.ChatAsync();

        Assert.Equal(200, (await _livechat.SayAsync(chat, new string('ü', 8 * 1024))).Status);
        Assert.Equal("validation", Type((await _livechat.SayAsync(chat, new string('ü', 8 * 1024) + "!")).Answer));
    }

    [Fact]
    public async Task A_banned_customer_is_not_written_to()
    {
        var chat = await _livechat.ChatAsync();
        await _livechat.TellAsync("ban", new { chat });

        Assert.Equal("customer_banned", Type((await _livechat.SayAsync(chat)).Answer));
    }

    [Fact]
    public async Task Another_region_is_named_and_another_version_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_livechat.Base}/v3.6/agent/action/get_chat")
        {
            Headers = { { "X-Region", "fra" } }
        };
        using var misdirected = await _livechat.Api.SendAsync(request);
        using var old = await _livechat.Api.PostAsync($"{_livechat.Base}/v3.3/agent/action/get_chat", null);

        Assert.Equal("dal", (string?)JsonNode.Parse(await misdirected.Content.ReadAsStringAsync())!["error"]!["data"]!["region"]);
        Assert.Equal("unsupported_version", Type(JsonNode.Parse(await old.Content.ReadAsStringAsync())!));
    }

    [Theory]
    [InlineData("""{"errorCode":"agent_offline"}""", 422, "agent_offline")]
    [InlineData("""{"httpStatus":429,"retryAfterSeconds":7}""", 429, "too_many_requests")]
    [InlineData("""{"httpStatus":503}""", 503, "service_unavailable")]
    [InlineData("""{"acceptThen":"500"}""", 500, "internal")]
    public async Task It_misbehaves_as_it_is_told(string rule, int status, string type)
    {
        var chat = await _livechat.ChatAsync();
        await _livechat.TellAsync("behaviour", JsonNode.Parse(rule)!);

        var (answered, answer) = await _livechat.SayAsync(chat);

        Assert.Equal((status, type), (answered, Type(answer)));
        Assert.Equal(
            rule.Contains("acceptThen", StringComparison.Ordinal) ? 1 : 0,
            JsonNode.Parse(await _livechat.Control.GetStringAsync($"messages?to={chat}"))!.AsArray().Count);
    }

    [Fact]
    public async Task Too_many_calls_are_throttled()
    {
        await _livechat.TellAsync("rate", new { perSecond = 0, burst = 1 });

        Assert.Equal(404, (await _livechat.SayAsync("NOSUCHCHAT")).Status);
        Assert.Equal(
            (429, "too_many_requests"),
            (await _livechat.SayAsync("NOSUCHCHAT")) is var (status, answer) ? (status, Type(answer)) : default);
    }

    private static string? Type(JsonNode answer) => (string?)answer["error"]?["type"];

    private static JsonObject Open(JsonObject chat)
    {
        chat["thread"] = new JsonObject
        {
            ["events"] = new JsonArray(new JsonObject { ["type"] = "message", ["text"] = "Hello again", ["custom_id"] = "msg_1.0.1" })
        };
        return new() { ["chat"] = chat, ["active"] = true, ["continuous"] = true };
    }
}
