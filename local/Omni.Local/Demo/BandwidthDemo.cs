using System.Text.Json.Nodes;

namespace Omni.Local.Demo;

/// <summary>A conversation over Bandwidth.</summary>
internal sealed class BandwidthDemo : IDemo
{
    private const string Ours = "+12065550100";
    private const string Ann = "+14155550123";
    private const string Bob = "+14155550177";
    private const string Cat = "+14155550188";

    public string Carrier => "bandwidth";

    public IReadOnlyList<(string Title, Func<Stage, Task> Play)> Scenes =>
    [
        ("A text message is sent and delivered", stage => stage.SendAsync("delivered", Text(Ann, "Your parcel is at the door."))),
        ("Ann answers", async stage =>
        {
            await stage.TellAsync("/sim/bandwidth/inbound", new() { ["from"] = Ann, ["to"] = Ours, ["body"] = "Thank you!" });
            await stage.ExpectInboundAsync("bandwidth", "Thank you!");
        }),
        ("A longer text needs two messages, in order", stage => stage.SendAsync(
            "delivered", Text(Ann, string.Concat(Enumerable.Repeat("The story of a parcel that went round the world. ", 50))))),
        ("A picture goes out as MMS", stage => stage.SendAsync("delivered", Send(Ann, new()
        {
            ["type"] = "image", ["mediaUrl"] = stage.Photo.AbsoluteUri, ["caption"] = "This is your parcel.",
        }))),
        ("Ann sends two pictures to a group; the layout part between them is left out", async stage =>
        {
            await stage.TellAsync("/sim/bandwidth/inbound", new()
            {
                ["from"] = Ann, ["to"] = Ours, ["body"] = "Is it one of these?", ["participants"] = new JsonArray(Cat),
                ["media"] = new JsonArray([.. ((string[])["image/jpeg", "application/smil", "image/png"]).Select(
                    type => new JsonObject { ["contentType"] = type, ["sizeBytes"] = 2048 })]),
            });
            await stage.ExpectInboundAsync("bandwidth", "Is it one of these?");
        }),
        ("A token is revoked before its time; nobody notices", async stage =>
        {
            await stage.TellAsync("/sim/bandwidth/tokens/revoke");
            await stage.SendAsync("delivered", Text(Ann, "The courier left a note."));
        }),
        ("A sender that is not the account's: failed", stage =>
            stage.SendAsync(
                "failed",
                new JsonObject { ["carrier"] = "bandwidth", ["to"] = Ann, ["from"] = "+12065559999", ["content"] = Body("Who is this?") })),
        ("A number that is out of service: undelivered", async stage =>
        {
            await stage.TellAsync(
                "/sim/bandwidth/behaviour", new() { ["times"] = 1, ["receipts"] = new JsonObject { ["errorCode"] = 4720 } });
            await stage.SendAsync("undelivered", Text(Cat, "Anybody there?"));
        }),
        ("No receipt within two hours, and then one after all", async stage =>
        {
            await stage.TellAsync("/sim/bandwidth/behaviour", new()
            {
                ["times"] = 1,
                ["receipts"] = new JsonObject { ["path"] = new JsonArray("message-failed", "message-delivered"), ["errorCode"] = 9902 },
            });
            await stage.SendAsync("delivered", Text(Cat, "Your parcel waits for you."));
        }),
        ("The account's queue is full; every message arrives all the same", async stage =>
        {
            await stage.TellAsync("/sim/bandwidth/behaviour", new() { ["times"] = 3, ["httpStatus"] = 429, ["retryAfterSeconds"] = 1 });
            await stage.SendAsync(
                "delivered", [.. Enumerable.Range(1, 8).Select(i => Text($"+1415555{i:0000}", $"Flash sale, number {i}"))]);
        }),
        ("Bob writes STOP, and is not written to any more", async stage =>
        {
            await stage.TellAsync("/sim/bandwidth/inbound", new() { ["from"] = Bob, ["to"] = Ours, ["body"] = "STOP" });
            await stage.ExpectInboundAsync("bandwidth", "STOP");
            await stage.SendAsync("rejected", Text(Bob, "Are you sure?"));
        }),
    ];

    private static JsonObject Text(string to, string body) => Send(to, Body(body));

    private static JsonObject Body(string text) => new() { ["type"] = "text", ["body"] = text };

    private static JsonObject Send(string to, JsonObject content) =>
        new() { ["carrier"] = "bandwidth", ["to"] = to, ["from"] = Ours, ["content"] = content };
}
