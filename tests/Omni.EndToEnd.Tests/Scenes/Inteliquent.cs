using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// Inteliquent: a hash of a random id, a static header and a secret in the path; receipts as a line of SMPP;
/// our reference is not given back.
/// </summary>
public sealed class InteliquentScene : Scene
{
    private const string Key = "e2e-inteliquent-key", InboundKey = "e2e-inteliquent-inbound-key", PathToken = "e2e-inteliquent-path";
    private const string HeaderName = "X-E2E-Key", HeaderValue = "e2e-inteliquent-header";

    public override string Carrier => "inteliquent";

    public override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["INTELIQUENT_API_KEY"] = Key, ["INTELIQUENT_WEBHOOK_SECRET"] = InboundKey, ["INTELIQUENT_WEBHOOK_TOKEN"] = PathToken,
        ["INTELIQUENT_WEBHOOK_HEADER_NAME"] = HeaderName, ["INTELIQUENT_WEBHOOK_HEADER_VALUE"] = HeaderValue,
    };

    // Without its id no receipt finds the message, and the carrier has no look-up: held, not sent twice.
    public override string AfterLostAnswer => "unknown";

    public override IReadOnlyList<string> Path { get; } = ["ENROUTE", "DELIVRD"];

    public override (string Code, int? Status) Refusal => ("BLOCKED", null);

    public override (JsonObject Content, string Field, string Limit) NotCarried =>
        (
            new() { ["type"] = "text", ["body"] = string.Concat(Enumerable.Repeat("It rains all day. ", 300)) },
            "content.body",
            "160 characters");

    public override string MatchOf(string person) => person[1..];

    public override IReadOnlyList<CarrierCall> Calls(Host host, IReadOnlyList<Written> messages, IReadOnlyList<JsonNode> submissions) =>
    [
        .. messages.Select(m => Signed(m.Id, m.From, m.To, m.Text, isReceipt: false)),
        .. submissions.Select(
            s => Signed((string)s["referenceId"]!, (string)s["to"]!, (string)s["from"]!, Receipt("DELIVRD"), isReceipt: true)),
    ];

    public override CarrierCall UnknownEvent(Host host, string person) =>
        Signed(Guid.NewGuid().ToString(), person, Ours[0], Receipt("UNKNOWN"), isReceipt: true);

    // The hash covers an id and nothing of the body: what is changed is the id.
    public override CarrierCall Tamper(CarrierCall call, Written message) =>
        call with { Headers = () => call.Headers().ToDictionary(h => h.Key, h => h.Key == "messageID" ? h.Value[..^1] + "_" : h.Value) };

    public override (int Status, string Body) Answer(RecordedRequest request) =>
        (200, """{"success":true,"reason":"SUCCESS","detail":"SUCCESS","result":"""
            + $$$"""{"referenceId":"{{{TakenId}}}","messageType":"SMS","resultResponses":[{"to":"1","status":"SUCCESS"}]}}""");

    public override void Check(RecordedRequest request, Host host, string person, string text, string reference)
    {
        Assert.Equal("/publishMessages", request.Path);
        Assert.Equal("Bearer " + Key, request.Headers["Authorization"]);
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        var expected = new JsonObject { ["from"] = Ours[0][1..], ["to"] = new JsonArray(person[1..]), ["text"] = text };
        Assert.True(JsonNode.DeepEquals(expected, request.Json), request.Body);
    }

    private static string Receipt(string state) =>
        $"id:0123456789 sub:001 dlvrd:001 submit date:2611261200 done date:2611261201 stat:{state} err:000 text:Tell me";

    private static CarrierCall Signed(string id, string from, string to, string text, bool isReceipt)
    {
        var random = Guid.NewGuid().ToString("N");
        return new($"/webhooks/inteliquent/{PathToken}", new JsonObject
        {
            ["referenceId"] = id,
            ["from"] = from.TrimStart('+'),
            ["to"] = new JsonArray(to.TrimStart('+')),
            ["text"] = text,
            ["deliveryReceipt"] = isReceipt,
        }.ToJsonString())
        {
            // The form that receivers saw: https://github.com/mozilla/fx-private-relay/blob/f01cd226b/phones/iq_utils.py
            Headers = () => new Dictionary<string, string>
            {
                ["messageID"] = random, ["verificationToken"] = HexHash(InboundKey + random), [HeaderName] = HeaderValue
            },
        };
    }
}

public sealed class InteliquentTests(SharedHost shared) : CarrierRules(new InteliquentScene(), shared);
