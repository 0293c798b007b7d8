using System.Text.Json.Nodes;

namespace Omni.Local.Demo;

/// <summary>A conversation over WhatsApp: a template opens it, the person's answer opens the window for everything else.</summary>
internal sealed class WhatsAppDemo : IDemo
{
    private const string Ours = "+31205550100";
    private const string Ann = "+14155550123";
    private const string Bob = "+14155550177";
    private const string Carl = "+14155550188";

    public string Carrier => "whatsapp";

    public IReadOnlyList<(string Title, Func<Stage, Task> Play)> Scenes =>
    [
        ("A template opens the conversation", stage => stage.SendAsync("delivered", Template(Ann, "order_update", new()
        {
            ["language"] = "en_US", ["variables"] = new JsonObject { ["first_name"] = "Ann", ["order"] = "A-77" },
            ["buttons"] = new JsonArray(Button(0, "url", "A-77"), Button(1, "quickReply", "CALL_ME")),
        }))),
        ("Ann taps its button, and writes: for a day everything may be sent to her", async stage =>
        {
            await InboundAsync(stage, Ann, "button", new JsonObject { ["text"] = "Call me", ["payload"] = "CALL_ME" });
            await stage.ExpectInboundAsync("whatsapp", "Call me");
            await InboundAsync(stage, Ann, "body", "Is it on its way? 📦");
            var id = await stage.ExpectInboundAsync("whatsapp", "Is it on its way? 📦");
            await stage.TellAsync($"/api/v1/messages/{id}/read");
        }),
        ("A text with a link, which Ann reads", async stage =>
        {
            await stage.TellAsync("/sim/whatsapp/behaviour", new()
            {
                ["times"] = 1, ["receipts"] = new JsonObject { ["path"] = new JsonArray("sent", "delivered", "read") },
            });
            await stage.SendAsync("read", Text(Ann, "Yes: https://shop.example.com/track/A-77"));
        }),
        ("Buttons, and what Ann chose", async stage =>
        {
            await stage.SendAsync("delivered", Send(Ann, new()
            {
                ["type"] = "interactive", ["header"] = "Delivery", ["body"] = "When are you at home?", ["footer"] = "Any weekday",
                ["buttons"] = new JsonArray(Choice("am", "Morning"), Choice("pm", "Evening")),
            }));
            await InboundAsync(stage, Ann, "choice", new JsonObject { ["id"] = "pm" });
            await stage.ExpectInboundAsync("whatsapp", "Evening");
        }),
        ("A list, and what Ann chose", async stage =>
        {
            await stage.SendAsync("delivered", Send(Ann, new()
            {
                ["type"] = "interactive",
                ["body"] = "Which evening?",
                ["list"] = new JsonObject
                {
                    ["button"] = "Days", ["sections"] = new JsonArray(new JsonObject
                    {
                        ["title"] = "This week", ["rows"] = new JsonArray(Choice("thu", "Thursday"), Choice("fri", "Friday"))
                    }),
                },
            }));
            await InboundAsync(stage, Ann, "choice", new JsonObject { ["id"] = "fri" });
            await stage.ExpectInboundAsync("whatsapp", "Friday");
        }),
        ("A picture goes out", stage => stage.SendAsync("delivered", Send(Ann, new()
        {
            ["type"] = "image", ["mediaUrl"] = stage.Photo.AbsoluteUri, ["caption"] = "This is your parcel.",
        }))),
        ("Ann sends a picture, which is fetched in two steps", async stage =>
        {
            await InboundAsync(stage, Ann, "media", new JsonObject
            {
                ["type"] = "image", ["contentType"] = "image/jpeg", ["sizeBytes"] = 2048, ["caption"] = "Leave it at this door."
            });
            await stage.ExpectInboundAsync("whatsapp", "Leave it at this door.");
        }),
        ("A place, both ways", async stage =>
        {
            await stage.SendAsync(
                "delivered", Send(Ann, new() { ["type"] = "location", ["latitude"] = 52.37, ["longitude"] = 4.89, ["name"] = "Depot" }));
            await InboundAsync(
                stage, Ann, "location", new JsonObject { ["latitude"] = 52.36, ["longitude"] = 4.88, ["name"] = "My house" });
            await stage.ExpectInboundAsync("whatsapp", "My house");
        }),
        ("Carl never wrote: free text to him is refused by the API", stage =>
            stage.ExpectRefusalAsync("window_closed", Text(Carl, "Hello Carl"))),
        ("A number that is not on WhatsApp: undelivered", stage => stage.SendAsync("undelivered", Hello("+15005550001"))),
        ("Meta throttles a burst; every message arrives all the same", async stage =>
        {
            await stage.TellAsync("/sim/whatsapp/behaviour", new() { ["times"] = 3, ["errorCode"] = 130429, ["retryAfterSeconds"] = 1 });
            await stage.SendAsync("delivered", [.. Enumerable.Range(1, 8).Select(i => Hello($"+1415555{i:0000}"))]);
        }),
        ("Bob writes STOP, and is not written to any more", async stage =>
        {
            await InboundAsync(stage, Bob, "body", "Who is this?");
            await stage.ExpectInboundAsync("whatsapp", "Who is this?");
            await InboundAsync(stage, Bob, "body", "STOP");
            await stage.ExpectInboundAsync("whatsapp", "STOP");
            await stage.SendAsync("rejected", Text(Bob, "Are you sure?"));
        }),
    ];

    private static Task<JsonNode?> InboundAsync(Stage stage, string from, string kind, JsonNode what) =>
        stage.TellAsync("/sim/whatsapp/inbound", new() { ["from"] = from, ["to"] = Ours, [kind] = what });

    private static JsonObject Hello(string to) => Template(to, "hello_world", new() { ["language"] = "en_US" });

    private static JsonObject Text(string to, string body) => Send(to, new() { ["type"] = "text", ["body"] = body });

    private static JsonObject Template(string to, string name, JsonObject content)
    {
        (content["type"], content["name"]) = ("template", name);
        return Send(to, content);
    }

    private static JsonObject Send(string to, JsonObject content) =>
        new() { ["carrier"] = "whatsapp", ["to"] = to, ["from"] = Ours, ["content"] = content };

    private static JsonObject Choice(string id, string title) => new() { ["id"] = id, ["title"] = title };

    private static JsonObject Button(int index, string type, string value) =>
        new() { ["index"] = index, ["type"] = type, ["value"] = value };
}
