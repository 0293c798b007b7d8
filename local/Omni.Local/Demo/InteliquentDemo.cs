using System.Text.Json.Nodes;

namespace Omni.Local.Demo;

/// <summary>A conversation over Inteliquent.</summary>
internal sealed class InteliquentDemo : IDemo
{
    private const string Ours = "+12065550100";
    private const string Ann = "+14155550123";
    private const string Bob = "+14155550177";

    public string Carrier => "inteliquent";

    public IReadOnlyList<(string Title, Func<Stage, Task> Play)> Scenes =>
    [
        ("A text message is sent, and its receipt finds it by the carrier's id", stage =>
            stage.SendAsync("delivered", Text(Ann, "Your parcel is at the door."))),
        ("Ann answers", async stage =>
        {
            await stage.TellAsync("/sim/inteliquent/inbound", new() { ["from"] = Ann, ["to"] = Ours, ["body"] = "Thank you!" });
            await stage.ExpectInboundAsync("inteliquent", "Thank you!");
        }),
        ("Ann sends a picture, which comes although none can be sent", async stage =>
        {
            await stage.TellAsync("/sim/inteliquent/inbound", new()
            {
                ["from"] = Ann,
                ["to"] = Ours,
                ["body"] = "Is it this one?",
                ["media"] = new JsonArray(new JsonObject { ["contentType"] = "image/jpeg", ["sizeBytes"] = 2048 }),
            });
            await stage.ExpectInboundAsync("inteliquent", "Is it this one?");
        }),
        ("A text of more than 160 characters needs several messages, in order", stage =>
            stage.SendAsync("delivered", Text(Ann, string.Concat(Enumerable.Repeat("It rains, and the courier is late. ", 12))))),
        ("The receipt is quicker than the answer; it waits for its message", async stage =>
        {
            await stage.TellAsync(
                "/sim/inteliquent/behaviour", new() { ["times"] = 1, ["receipts"] = new JsonObject { ["beforeAnswer"] = true } });
            await stage.SendAsync("delivered", Text(Ann, "The courier is quick today."));
        }),
        ("HTTP 200, and refused all the same", stage => stage.SendAsync("failed", Text("+15005550001", "Anybody there?"))),
        ("A phone that is off: undelivered", stage => stage.SendAsync("undelivered", Text("+15005553003", "Are you there?"))),
        ("The broker throttles a burst; every message arrives all the same", async stage =>
        {
            await stage.TellAsync("/sim/inteliquent/behaviour", new() { ["times"] = 3, ["httpStatus"] = 429, ["retryAfterSeconds"] = 1 });
            await stage.SendAsync(
                "delivered", [.. Enumerable.Range(1, 8).Select(i => Text($"+1415555{i:0000}", $"Flash sale, number {i}"))]);
        }),
        ("Bob writes STOP, and is not written to any more", async stage =>
        {
            await stage.TellAsync("/sim/inteliquent/inbound", new() { ["from"] = Bob, ["to"] = Ours, ["body"] = "STOP" });
            await stage.ExpectInboundAsync("inteliquent", "STOP");
            await stage.SendAsync("rejected", Text(Bob, "Are you sure?"));
        }),
    ];

    private static JsonObject Text(string to, string body) =>
        new()
        {
            ["carrier"] = "inteliquent", ["to"] = to, ["from"] = Ours, ["content"] = new JsonObject { ["type"] = "text", ["body"] = body }
        };
}
