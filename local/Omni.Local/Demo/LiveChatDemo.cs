using System.Text.Json.Nodes;

namespace Omni.Local.Demo;

/// <summary>A conversation over LiveChat, in the chat that Mia opens and in one that we begin.</summary>
internal sealed class LiveChatDemo : IDemo
{
    private const string License = "104130623"; // the simulator's, unless the environment names another

    private string _mia = "", _customer = "";

    public string Carrier => "livechat";

    public IReadOnlyList<(string Title, Func<Stage, Task> Play)> Scenes =>
    [
        ("Mia opens a chat on the page", async stage =>
        {
            _mia = await WriteAsync(stage, new() { ["name"] = "Mia", ["text"] = "Hello! Is the blue mug in stock?" });
            await stage.ExpectInboundAsync("livechat", "Hello! Is the blue mug in stock?");
        }),
        ("We enter the chat and answer", stage => stage.SendAsync("sent", Text(_mia, "It is. How many do you need?"))),
        ("Mia looks at the chat while we write: read", async stage =>
        {
            await stage.TellAsync("/sim/livechat/behaviour", new()
            {
                ["times"] = 1,
                ["match"] = new JsonObject { ["to"] = _mia },
                ["receipts"] = new JsonObject { ["path"] = new JsonArray("incoming_event", "events_marked_as_seen") },
            });
            await stage.SendAsync("read", Text(_mia, "Four are left."));
        }),
        ("She picks one of the quick replies", async stage =>
        {
            await stage.SendAsync("sent", Send(_mia, new()
            {
                ["type"] = "interactive",
                ["body"] = "Which size?",
                ["quickReplies"] = new JsonArray(Choice("size_s", "Small, 0.2 l"), Choice("size_l", "Large, 0.4 l")),
            }));
            await stage.TellAsync("/sim/livechat/postback", new() { ["chat"] = _mia, ["button"] = "size_l" });
            await stage.ExpectInboundAsync("livechat", "Large, 0.4 l");
        }),
        ("Two cards, one with a link", stage => stage.SendAsync("sent", Send(_mia, new()
        {
            ["type"] = "interactive",
            ["body"] = "These go with it:",
            ["cards"] = new JsonArray(
                new JsonObject
                {
                    ["title"] = "Blue saucer", ["subtitle"] = "Porcelain", ["imageUrl"] = "https://img.example.com/saucer.png",
                    ["buttons"] = new JsonArray(
                        new JsonObject { ["id"] = "open_saucer", ["title"] = "Show me", ["url"] = "https://shop.example.com/saucer" }),
                },
                new JsonObject
                {
                    ["title"] = "Spoon", ["buttons"] = new JsonArray(new JsonObject { ["id"] = "take_spoon", ["title"] = "I take it" })
                }),
        }))),
        ("A picture is uploaded and sent, its caption follows", stage => stage.SendAsync("sent", Send(_mia, new()
        {
            ["type"] = "image",
            ["mediaUrl"] = stage.Photo.AbsoluteUri,
            ["caption"] = "This is the large one.",
        }))),
        ("Mia sends a file", async stage =>
        {
            await WriteAsync(
                stage,
                new() { ["chat"] = _mia, ["file"] = new JsonObject { ["contentType"] = "application/pdf", ["name"] = "wish-list.pdf" } });
            await WriteAsync(stage, new() { ["chat"] = _mia, ["text"] = "My wish list :)" });
            await stage.ExpectInboundAsync("livechat", "My wish list :)");
        }),
        ("The chat is closed; our next message opens it again", async stage =>
        {
            await stage.TellAsync("/sim/livechat/close", new() { ["chat"] = _mia });
            await stage.SendAsync("sent", Text(_mia, "Your mugs left today."));
        }),
        ("We begin a chat with Leo, and go on in it", async stage =>
        {
            var customer = await stage.TellAsync("/sim/livechat/customers", new() { ["name"] = "Leo" });
            _customer = (string)customer!["customerId"]!;
            await stage.SendAsync("sent", Send(Address("livechatCustomer", _customer), Words("Hello Leo, can we help you?")));
            await stage.SendAsync("sent", Send(Address("livechatCustomer", _customer), Words("The mugs are on the second page.")));
        }),
        ("A chat that does not exist is refused", stage => stage.SendAsync("failed", Text("NOSUCHCHAT", "Anybody there?"))),
        ("LiveChat throttles a burst; every message arrives all the same", async stage =>
        {
            await stage.TellAsync(
                "/sim/livechat/behaviour", new() { ["times"] = 2, ["errorCode"] = "too_many_requests", ["retryAfterSeconds"] = 1 });
            await stage.SendAsync("sent", [.. Enumerable.Range(1, 4).Select(i => Text(_mia, $"News, number {i}"))]);
        }),
        ("Leo is banned, and is not written to any more", async stage =>
        {
            await stage.TellAsync("/sim/livechat/ban", new() { ["customer"] = _customer });
            await stage.SendAsync("failed", Send(Address("livechatCustomer", _customer), Words("One more thing:")));
        }),
    ];

    private static async Task<string> WriteAsync(Stage stage, JsonObject order) =>
        (string)(await stage.TellAsync("/sim/livechat/inbound", order))!["chatId"]!;

    private static JsonObject Words(string body) => new() { ["type"] = "text", ["body"] = body };

    private static JsonObject Choice(string id, string title) => new() { ["id"] = id, ["title"] = title };

    private static JsonObject Address(string type, string value) => new() { ["type"] = type, ["value"] = value };

    private static JsonObject Text(string chat, string body) => Send(chat, Words(body));

    private static JsonObject Send(string chat, JsonObject content) => Send(Address("livechatChat", chat), content);

    private static JsonObject Send(JsonObject to, JsonObject content) =>
        new() { ["carrier"] = "livechat", ["to"] = to, ["from"] = Address("livechatLicense", License), ["content"] = content };
}
