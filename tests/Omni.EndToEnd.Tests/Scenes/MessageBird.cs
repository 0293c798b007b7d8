using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>MessageBird: a signed token over URL and body; messages as forms, reports in the query of a GET.</summary>
public sealed class MessageBirdScene : Scene
{
    private const string Key = "e2e-messagebird-key", SigningKey = "e2e-messagebird-signing-key";
    private const string Header = "MessageBird-Signature-JWT";

    public override string Carrier => "messagebird";

    public override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string> { ["MESSAGEBIRD_API_KEY"] = Key, ["MESSAGEBIRD_WEBHOOK_SECRET"] = SigningKey };

    public override IReadOnlyList<string> Path { get; } = ["sent", "buffered", "delivered"];

    public override (string Code, int? Status) Refusal => ("9", 422);

    public override (JsonObject Content, string Field, string Limit) NotCarried =>
        (
            new() { ["type"] = "image", ["mediaUrl"] = "https://media.example.com/a.png", ["caption"] = new string('x', 1001) },
            "content.caption",
            "1000 characters");

    public override string MatchOf(string person) => person[1..];

    public override JsonArray ReceiptsOf(JsonNode submission) => submission["recipients"]![0]!["reports"]!.AsArray();

    public override IReadOnlyList<CarrierCall> Calls(Host host, IReadOnlyList<Written> messages, IReadOnlyList<JsonNode> submissions) =>
    [
        .. messages.Select(m => Signed(host, "/webhooks/messagebird", Form(new Dictionary<string, string>
        {
            ["id"] = m.Id, ["originator"] = m.From[1..], ["recipient"] = m.To[1..], ["body"] = m.Text, ["createdDatetime"] = Now,
        }), "application/x-www-form-urlencoded")),
        .. submissions.Select(
            s => Signed(host, $"{new Uri((string)s["request"]!["reportUrl"]!).AbsolutePath}?" + Form(new Dictionary<string, string>
            {
                ["id"] = (string)s["id"]!, ["mccmnc"] = "20408", ["ported"] = "0", ["recipient"] = (string)s["to"]!,
                ["reference"] = (string)s["reference"]!,
                ["status"] = "delivered", ["statusDatetime"] = Now, ["statusReason"] = "successfully delivered",
                ["price[amount]"] = "0.0075", ["price[currency]"] = "EUR",
            }), body: null)),
    ];

    public override CarrierCall UnknownEvent(Host host, string person) =>
        Signed(host, "/webhooks/messagebird", $$$"""{"type":"contact.merged","contact":{"id":"a1","msisdn":{{{person[1..]}}}}}""");

    public override CarrierCall Tamper(CarrierCall call, Written message) =>
        call with { Body = call.Body!.Replace("mine", "wine", StringComparison.Ordinal) };

    public override (int Status, string Body) Answer(RecordedRequest request) =>
        (201, $$$"""{"id":"{{{TakenId}}}","direction":"mt","type":"sms","recipients":{"totalCount":1,"items":"""
            + """[{"recipient":14155550123,"status":"sent","messagePartCount":1}]}}""");

    public override void Check(RecordedRequest request, Host host, string person, string text, string reference)
    {
        Assert.Equal("/messages", request.Path);
        Assert.Equal("AccessKey " + Key, request.Headers["Authorization"]);
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        var body = request.Json;
        Assert.InRange((int)body["validity"]!, 14_000, 14_400); // what a message lives by default
        body.Remove("validity");
        var expected = new JsonObject
        {
            ["originator"] = Ours[0][1..], ["recipients"] = new JsonArray(person[1..]), ["body"] = text, ["reference"] = reference,
            ["reportUrl"] = host.WebhookBaseUrl + "/webhooks/messagebird", ["datacoding"] = "auto",
        };
        Assert.True(JsonNode.DeepEquals(expected, body), body.ToJsonString());
    }

    private static CarrierCall Signed(Host host, string pathAndQuery, string? body, string contentType = "application/json") =>
        new(pathAndQuery, body, contentType)
        {
            Headers = () => new Dictionary<string, string> { [Header] = Token(host, pathAndQuery, body) }
        };

    // https://developers.messagebird.com/docs/verify-http-requests: the whole URL as called, and the body unless it is empty.
    // A token lives for a minute.
    private static string Token(Host host, string pathAndQuery, string? body)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = "MessageBird", ["nbf"] = now, ["exp"] = now + 60, ["jti"] = Guid.NewGuid().ToString(),
            ["url_hash"] = HexHash(host.WebhookBaseUrl + pathAndQuery),
        };
        if (body is not null) claims["payload_hash"] = HexHash(body);
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode(claims.ToJsonString())}";
        return $"{signed}"
            + $".{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(SigningKey), Encoding.UTF8.GetBytes(signed)))}";

        static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }
}

public sealed class MessageBirdTests(SharedHost shared) : CarrierRules(new MessageBirdScene(), shared);
