using System.Globalization;
using System.Text.Json.Nodes;
using Omni.Local.Demo;

namespace Omni.Bench;

/// <summary>How a carrier is played in a run with faults.</summary>
/// <param name="Carrier">Its id.</param>
/// <param name="From">Our address.</param>
internal sealed record FaultScene(string Carrier, JsonNode From)
{
    /// <summary>The status that a text reaches by itself.</summary>
    public string Delivered { get; init; } = "delivered";

    /// <summary>Whether it can be found out there what became of a text. Elsewhere it is held.</summary>
    public bool HasEvidence { get; init; } = true;

    /// <summary>The simulator's limits, as its control API wants them.</summary>
    public Func<double, double, JsonObject> RateOf { get; init; } = Rate;

    /// <summary>Makes somebody to whom a text may be sent.</summary>
    public Func<OmniClient, int, Task<JsonNode>> MakePersonAsync { get; init; } = (_, number) => Task.FromResult<JsonNode>(Phone(number));

    /// <summary>All carriers.</summary>
    public static IReadOnlyList<FaultScene> All { get; } =
    [
        new("whatsapp", "+31205550100")
        {
            RateOf = (perSecond, burst) => new() { ["number"] = Rate(perSecond, burst), ["pair"] = Rate(1_000_000, 1_000_000) },
            MakePersonAsync = async (client, number) =>
            {
                var order = new JsonObject { ["from"] = Phone(number), ["to"] = "+31205550100", ["body"] = "Hello" };
                await client.PostAsync("/sim/whatsapp/inbound", order);
                return Phone(number);
            },
        },
        new("bandwidth", "+12065550100"),
        new("twilio", "+12065550100"),
        new("livechat", new JsonObject { ["type"] = "livechatLicense", ["value"] = "104130623" })
        {
            Delivered = "sent",
            MakePersonAsync = async (client, number) =>
            {
                var order = new JsonObject { ["name"] = $"Guest {number}", ["text"] = "Hello" };
                var made = await client.PostAsync("/sim/livechat/inbound", order);
                return new JsonObject { ["type"] = "livechatChat", ["value"] = (string)made!["chatId"]! };
            },
        },
        new("messagebird", "+12065550100"),
        new("inteliquent", "+12065550100") { HasEvidence = false },
    ];

    /// <summary>The scenes of a carrier, or of all.</summary>
    /// <param name="carrier">The carrier's id, or <c>all</c>.</param>
    /// <exception cref="ArgumentException">There is no such carrier.</exception>
    public static IReadOnlyList<FaultScene> Of(string carrier)
    {
        FaultScene[] found = [.. All.Where(scene => carrier == "all" || scene.Carrier == carrier)];
        if (found.Length > 0) return found;

        throw new ArgumentException($"{carrier} is no carrier; choose {string.Join(", ", All.Select(scene => scene.Carrier))} or all.");
    }

    /// <summary>A text to somebody.</summary>
    public JsonObject Text(JsonNode person, string body) => new()
    {
        ["carrier"] = Carrier,
        ["to"] = person.DeepClone(),
        ["from"] = From.DeepClone(),
        ["content"] = new JsonObject { ["type"] = "text", ["body"] = body },
    };

    private static JsonObject Rate(double perSecond, double burst) => new() { ["perSecond"] = perSecond, ["burst"] = burst };

    /// <summary>A person's number.</summary>
    public static string Phone(int number) => string.Create(CultureInfo.InvariantCulture, $"+1415{5550000 + number}");
}
