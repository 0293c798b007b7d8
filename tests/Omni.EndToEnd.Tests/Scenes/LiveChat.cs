using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// LiveChat: the secret stands in the body; a new chat may tell several messages in one call;
/// our own messages come back, and a look at the chat reads them.
/// </summary>
public sealed class LiveChatScene : Scene
{
    private const string License = "104130642",
        Organization = "11111111-2222-4333-8444-555555555542",
        Account = "22222222-3333-4444-8555-666666666642";
    private const string Token = "dal:e2e-livechat-token",
        Agent = "e2e@example.com",
        Secret = "e2e-livechat-secret",
        PathToken = "e2e-livechat-path";
    private const string Customer = "33333333-4444-4555-8666-777777777742";

    public override string Carrier => "livechat";

    public override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["LIVECHAT_LICENSE_ID"] = License, ["LIVECHAT_ORGANIZATION_ID"] = Organization, ["LIVECHAT_ACCOUNT_ID"] = Account,
        ["LIVECHAT_API_TOKEN"] = Token,
        ["LIVECHAT_AGENT_ID"] = Agent, ["LIVECHAT_WEBHOOK_SECRET"] = Secret, ["LIVECHAT_WEBHOOK_TOKEN"] = PathToken,
    };

    public override IReadOnlyList<string> Ours { get; } = [License];

    public override string Delivered => "sent";

    public override string Last => "read";

    public override IReadOnlyList<string> Path { get; } = ["incoming_event", "events_marked_as_seen"];

    public override JsonObject Throttle => new() { ["errorCode"] = "too_many_requests", ["retryAfterSeconds"] = 1 };

    public override (string Code, int? Status) Refusal => ("validation", null);

    public override (JsonObject Content, string Field, string Limit) NotCarried =>
        (new() { ["type"] = "interactive", ["body"] = "Which?", ["quickReplies"] = new JsonArray(
            [.. Enumerable.Range(1, 14).Select(i => new JsonObject { ["id"] = $"q{i}", ["title"] = $"Reply {i}" })]) },
            "content.quickReplies", "13 quick replies");

    public override async Task<string> NewPersonAsync(Host host)
    {
        var made = await host.Client.PostAsync("/sim/livechat/inbound", new() { ["name"] = "Mia", ["text"] = CarrierRules.Greeting });
        var chat = (string)made!["chatId"]!;
        await host.InboundAsync(FilterOf(chat), 1);
        return chat;
    }

    public override string FilterOf(string person) => "livechatChat:" + person;

    public override JsonArray ReceiptsOf(JsonNode submission) => submission["webhooks"]!.AsArray();

    public override JsonObject Picture(string person, byte[] bytes) =>
        new()
        {
            ["chat"] = person,
            ["file"] = new JsonObject { ["contentType"] = "image/png", ["name"] = "look.png", ["base64"] = Convert.ToBase64String(bytes) }
        };

    public override IReadOnlyList<CarrierCall> Calls(Host host, IReadOnlyList<Written> messages, IReadOnlyList<JsonNode> submissions) =>
    [
        .. messages.GroupBy(message => message.From).Select(chat => chat.Count() == 1
            ? Call("incoming_event", new() { ["chat_id"] = chat.Key, ["thread_id"] = "T1", ["event"] = Event(chat.Single()) })
            : Call("incoming_chat", new()
            {
                ["chat"] = new JsonObject
                {
                    ["id"] = chat.Key,
                    ["users"] = new JsonArray(new JsonObject { ["id"] = Customer, ["type"] = "customer", ["name"] = "Mia" }),
                    ["thread"] = new JsonObject { ["id"] = "T1", ["active"] = true, ["events"] = new JsonArray([.. chat.Select(Event)]) },
                },
            })),
        .. submissions.SelectMany(s => (CarrierCall[])
        [
            Call(
                "incoming_event",
                new() { ["chat_id"] = (string)s["chatId"]!, ["thread_id"] = (string)s["threadId"]!, ["event"] = Echo(s) }),
            Call("events_marked_as_seen", new() { ["chat_id"] = (string)s["chatId"]!, ["user_id"] = Customer, ["seen_up_to"] = Now }),
        ]),
    ];

    public override CarrierCall UnknownEvent(Host host, string person) =>
        Call("thread_tagged", new() { ["chat_id"] = person, ["thread_id"] = "T1", ["tag"] = "vip" });

    // The body is not signed, it holds the secret.
    public override CarrierCall Tamper(CarrierCall call, Written message) =>
        call with { Body = call.Body!.Replace(Secret, Secret[..^1] + "~", StringComparison.Ordinal) };

    public override CarrierCall Strip(CarrierCall call) =>
        call with { Body = call.Body!.Replace($"\"secret_key\":\"{Secret}\",", "", StringComparison.Ordinal) };

    public override (int Status, string Body) Answer(RecordedRequest request) => (200, $$"""{"event_id":"{{TakenId}}"}""");

    public override void Check(RecordedRequest request, Host host, string person, string text, string reference)
    {
        Assert.Equal("/v3.6/agent/action/send_event", request.Path);
        Assert.Equal(Basic(Account, Token), request.Headers["Authorization"]);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.False(request.Headers.ContainsKey("X-Region"));
        var body = request.Json;
        Assert.Equal("all", (string?)body["event"]!["visibility"] ?? "all"); // its default
        body["event"]!.AsObject().Remove("visibility");
        var expected = new JsonObject
        {
            ["chat_id"] = person, ["event"] = new JsonObject { ["type"] = "message", ["text"] = text, ["custom_id"] = reference }
        };
        Assert.True(JsonNode.DeepEquals(expected, body), body.ToJsonString());
    }

    private static JsonObject Event(Written message) => new()
    {
        ["id"] = "T1_" + message.Id, ["type"] = "message", ["author_id"] = Customer, ["created_at"] = Now, ["visibility"] = "all",
        ["text"] = message.Text,
    };

    private static JsonNode Echo(JsonNode submission)
    {
        var e = submission["event"]!.DeepClone();
        (e["id"], e["author_id"], e["created_at"]) = ((string)submission["id"]!, Agent, Now);
        return e;
    }

    // https://platform.text.com/docs/management/webhooks#webhook-format
    private static CarrierCall Call(string action, JsonObject payload) => new($"/webhooks/livechat/{PathToken}", new JsonObject
    {
        ["webhook_id"] = "wh-0001", ["secret_key"] = Secret, ["action"] = action, ["organization_id"] = Organization, ["payload"] = payload,
        ["additional_data"] = new JsonObject(),
    }.ToJsonString());
}

public sealed class LiveChatTests(SharedHost shared) : CarrierRules(new LiveChatScene(), shared)
{
    [Fact]
    public async Task A_file_that_a_person_sent_is_sent_on_byte_for_byte()
    {
        var (from, to) = (await Scene.NewPersonAsync(Host), await Scene.NewPersonAsync(Host));
        byte[] bytes = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. Guid.NewGuid().ToByteArray()];
        await Host.Client.PostAsync("/sim/livechat/inbound", Scene.Picture(from, bytes));
        var kept = await Host.UntilAsync(async () => (string?)(await Host.InboundAsync(Scene.FilterOf(from)))
            .Select(message => message!["files"]?[0]?["mediaId"]).FirstOrDefault(id => id is not null));

        var request = Scene.Send(to, new() { ["type"] = "image", ["mediaId"] = kept });
        request["media"] = new JsonObject { ["convert"] = "never" };
        await Host.SendAsync(request, Scene.Delivered);

        var taken = Assert.Single(await Scene.TakenAsync(Host, to))!;
        using var anybody = new HttpClient();
        Assert.Equal(bytes, await anybody.GetByteArrayAsync(new Uri((string)taken["event"]!["url"]!)));
    }
}
