using System.Text.Json.Nodes;

namespace Omni.Local.Demo;

/// <summary>A conversation over MessageBird: by SMS and MMS, and by WhatsApp through a channel.</summary>
internal sealed class MessageBirdDemo : IDemo
{
    private const string Ours = "+12065550100";
    private const string Channel = "c0ffee11c0ffee11c0ffee11c0ffee11";
    private const string Ina = "+14155550143";
    private const string Tom = "+14155550187";

    public string Carrier => "messagebird";

    public IReadOnlyList<(string Title, Func<Stage, Task> Play)> Scenes =>
    [
        ("A text message is sent and delivered", stage => stage.SendAsync("delivered", Text(Ina, "Gate 4 opens at 9:00."))),
        ("Ina answers", async stage =>
        {
            await WriteAsync(stage, new() { ["from"] = Ina, ["to"] = Ours, ["body"] = "Thank you, see you there!" });
            await stage.ExpectInboundAsync("messagebird", "Thank you, see you there!");
        }),
        ("A long text in an alphabet of its own arrives whole", stage =>
            stage.SendAsync("delivered", Text(Ina, string.Concat(Enumerable.Repeat("Ворота откроются в девять. ", 30))))),
        ("A name writes, to which nobody can answer", stage =>
            stage.SendAsync("delivered", Send(Ina, new JsonObject { ["type"] = "alphanumeric", ["value"] = "Harbour" }, new()
            {
                ["type"] = "text", ["body"] = "Your code is 4711.",
            }))),
        ("A picture goes out as MMS", stage => stage.SendAsync("delivered", Send(Ina, Ours, new()
        {
            ["type"] = "image", ["mediaUrl"] = stage.Photo.AbsoluteUri, ["caption"] = "This is gate 4.",
        }))),
        ("Ina sends a picture", async stage =>
        {
            await WriteAsync(stage, new()
            {
                ["from"] = Ina,
                ["to"] = Ours,
                ["body"] = "Is it this gate?",
                ["media"] = new JsonArray(new JsonObject { ["contentType"] = "image/jpeg", ["sizeBytes"] = 2048 }),
            });
            await stage.ExpectInboundAsync("messagebird", "Is it this gate?");
        }),
        ("WhatsApp: nobody wrote yet, so free text is refused", stage =>
            stage.SendAsync("failed", Send(Tom, Pool, new() { ["type"] = "text", ["body"] = "Hello Tom!" }))),
        ("WhatsApp: a template may go first, and Ina taps its button", async stage =>
        {
            await stage.SendAsync("delivered", Send(Ina, Pool, new()
            {
                ["type"] = "template",
                ["name"] = "parcel_on_its_way",
                ["language"] = "en",
                ["variables"] = new JsonObject { ["1"] = "Ina", ["2"] = "9:30" },
            }));
            await WriteAsync(stage, new()
            {
                ["from"] = Ina, ["to"] = Channel, ["name"] = "Ina", ["reply"] = new JsonObject { ["id"] = "ok", ["text"] = "I am at home" }
            });
            await stage.ExpectInboundAsync("messagebird", "I am at home");
        }),
        ("WhatsApp: an answer within a day, which Ina reads", async stage =>
        {
            await BehaveAsync(stage, new()
            {
                ["times"] = 1,
                ["match"] = new JsonObject { ["to"] = Ina[1..] },
                ["receipts"] = new JsonObject { ["path"] = new JsonArray("transmitted", "sent", "delivered", "read") },
            });
            await stage.SendAsync("read", Send(Ina, Pool, new() { ["type"] = "text", ["body"] = "Very good." }));
        }),
        ("WhatsApp: where the parcel is", stage => stage.SendAsync(
            "delivered", Send(Ina, Pool, new() { ["type"] = "location", ["latitude"] = 47.6062, ["longitude"] = -122.3321 }))),
        ("A number that is none is refused", stage => stage.SendAsync("failed", Text("+15005550000", "Anybody there?"))),
        ("A number that nobody has: undelivered", stage => stage.SendAsync("undelivered", Text("+15005550001", "Are you there?"))),
        ("MessageBird throttles a burst; every message arrives all the same", async stage =>
        {
            await BehaveAsync(stage, new() { ["times"] = 3, ["httpStatus"] = 429, ["retryAfterSeconds"] = 1 });
            await stage.SendAsync(
                "delivered", [.. Enumerable.Range(1, 8).Select(i => Text($"+1415555{i:0000}", $"Flash sale, number {i}"))]);
        }),
        ("Tom writes STOP, and is not written to any more", async stage =>
        {
            await WriteAsync(stage, new() { ["from"] = Tom, ["to"] = Ours, ["body"] = "STOP" });
            await stage.ExpectInboundAsync("messagebird", "STOP");
            await stage.SendAsync("rejected", Text(Tom, "Are you sure?"));
        }),
    ];

    private static JsonObject Pool => new() { ["type"] = "senderPool", ["value"] = Channel };

    private static Task WriteAsync(Stage stage, JsonObject order) => stage.TellAsync("/sim/messagebird/inbound", order);

    private static Task BehaveAsync(Stage stage, JsonObject rule) => stage.TellAsync("/sim/messagebird/behaviour", rule);

    private static JsonObject Text(string to, string body) => Send(to, Ours, new() { ["type"] = "text", ["body"] = body });

    private static JsonObject Send(string to, JsonNode from, JsonObject content) =>
        new() { ["carrier"] = "messagebird", ["to"] = to, ["from"] = from, ["content"] = content };
}
