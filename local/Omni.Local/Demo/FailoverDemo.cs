using System.Text.Json.Nodes;

namespace Omni.Local.Demo;

/// <summary>Messages that are tried on several carriers.</summary>
internal sealed class FailoverDemo : IDemo
{
    private const string Ann = "+14155550123";

    // Nobody has it at WhatsApp.
    private const string Unknown = "+15005550001";

    public string Carrier => "failover";

    public IReadOnlyList<(string Title, Func<Stage, Task> Play)> Scenes =>
    [
        ("WhatsApp first; a text message when it is not delivered", stage => stage.SendAsync("delivered", new JsonObject
        {
            ["to"] = Ann,
            ["failover"] = new JsonArray(
                new JsonObject
                {
                    ["carrier"] = "whatsapp", ["to"] = Unknown, ["from"] = "+31205550100", ["noReceiptAfterSeconds"] = 120,
                    ["content"] = new JsonObject { ["type"] = "template", ["name"] = "hello_world", ["language"] = "en_US" },
                },
                new JsonObject
                {
                    ["carrier"] = "twilio", ["from"] = "+12065550100",
                    ["content"] = new JsonObject { ["type"] = "text", ["body"] = "Your parcel is at the door." },
                }),
        })),
    ];
}
