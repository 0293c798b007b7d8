using System.Text.Json.Nodes;

namespace Omni.Local.Demo;

/// <summary>A conversation over Twilio.</summary>
internal sealed class TwilioDemo : IDemo
{
    private const string Ours = "+12065550100";
    private const string Ann = "+14155550123";
    private const string Bob = "+14155550177";

    public string Carrier => "twilio";

    public IReadOnlyList<(string Title, Func<Stage, Task> Play)> Scenes =>
    [
        ("A text message is sent and delivered", stage => stage.SendAsync("delivered", Text(Ann, "Your parcel is at the door."))),
        ("Ann answers", async stage =>
        {
            await stage.TellAsync("/sim/twilio/inbound", new() { ["from"] = Ann, ["to"] = Ours, ["body"] = "Thank you!" });
            await stage.ExpectInboundAsync("twilio", "Thank you!");
        }),
        ("A long text goes out in several segments", stage =>
            stage.SendAsync("delivered", Text(Ann, string.Concat(Enumerable.Repeat("It rains, and the courier is late. ", 12))))),
        ("A longer one needs two messages, in order", stage => stage.SendAsync(
            "delivered", Text(Ann, string.Concat(Enumerable.Repeat("The story of a parcel that went round the world. ", 40))))),
        ("A picture goes out as MMS", stage => stage.SendAsync("delivered", Send(Ann, new()
        {
            ["type"] = "image", ["mediaUrl"] = stage.Photo.AbsoluteUri, ["caption"] = "This is your parcel.",
        }))),
        ("Ann sends a picture", async stage =>
        {
            await stage.TellAsync("/sim/twilio/inbound", new()
            {
                ["from"] = Ann,
                ["to"] = Ours,
                ["body"] = "Is it this one?",
                ["media"] = new JsonArray(new JsonObject { ["contentType"] = "image/jpeg", ["sizeBytes"] = 2048 }),
            });
            await stage.ExpectInboundAsync("twilio", "Is it this one?");
        }),
        ("A template with variables", stage => stage.SendAsync("delivered", Send(Ann, new()
        {
            ["type"] = "template",
            ["name"] = "HX00000000000000000000000000000042",
            ["variables"] = new JsonObject { ["1"] = "Ann", ["2"] = "9:30" },
        }))),
        ("A number that does not exist is refused", stage => stage.SendAsync("failed", Text("+15005550001", "Anybody there?"))),
        ("A phone that is off: undelivered", stage => stage.SendAsync("undelivered", Text("+15005553003", "Are you there?"))),
        ("Twilio throttles a burst; every message arrives all the same", async stage =>
        {
            await stage.TellAsync(
                "/sim/twilio/behaviour", new() { ["times"] = 3, ["httpStatus"] = 429, ["errorCode"] = 20429, ["retryAfterSeconds"] = 1 });
            await stage.SendAsync(
                "delivered", [.. Enumerable.Range(1, 8).Select(i => Text($"+1415555{i:0000}", $"Flash sale, number {i}"))]);
        }),
        ("A batch: each gets their own text, and the counts say what became of it", stage => stage.SendBulkAsync(new()
        {
            ["name"] = "Flash sale", ["carrier"] = "twilio", ["from"] = Ours,
            ["content"] = new JsonObject { ["type"] = "text", ["body"] = "Hello {{name|there}}, the sale has begun." },
            ["recipients"] = new JsonArray(
                [.. Enumerable.Range(1, 24).Select(i => new JsonObject
                {
                    ["to"] = $"+1415556{i:0000}", ["variables"] = new JsonObject { ["name"] = $"customer {i}" },
                })]),
        })),
        ("Bob writes STOP, and is not written to any more", async stage =>
        {
            await stage.TellAsync("/sim/twilio/inbound", new() { ["from"] = Bob, ["to"] = Ours, ["body"] = "STOP" });
            await stage.ExpectInboundAsync("twilio", "STOP");
            await stage.SendAsync("rejected", Text(Bob, "Are you sure?"));
        }),
    ];

    private static JsonObject Text(string to, string body) => Send(to, new() { ["type"] = "text", ["body"] = body });

    private static JsonObject Send(string to, JsonObject content) =>
        new() { ["carrier"] = "twilio", ["to"] = to, ["from"] = Ours, ["content"] = content };
}
