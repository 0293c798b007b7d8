using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// Bandwidth: nothing is signed, the application's credentials prove the caller; events in an array; a token before the first send.
/// </summary>
public sealed class BandwidthScene : Scene
{
    public const string PathToken = "e2e-bandwidth-path";
    private const string Account = "9900042",
        Application = "5c1d7a52-0b3e-4f0a-9f57-0c6c2f7d1e42",
        Client = "e2e-bandwidth-client",
        ClientSecret = "e2e-bandwidth-client-secret";
    private const string User = "e2e-bandwidth-user", Password = "e2e-bandwidth-password", AccessToken = "e2e-bandwidth-access-token";

    public override string Carrier => "bandwidth";

    public override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["BANDWIDTH_ACCOUNT_ID"] = Account, ["BANDWIDTH_APPLICATION_ID"] = Application, ["BANDWIDTH_API_TOKEN"] = Client,
        ["BANDWIDTH_API_SECRET"] = ClientSecret,
        ["BANDWIDTH_WEBHOOK_USER"] = User, ["BANDWIDTH_WEBHOOK_SECRET"] = Password, ["BANDWIDTH_WEBHOOK_TOKEN"] = PathToken,
    };

    public override IReadOnlyList<string> Path { get; } = ["message-sending", "message-sent", "message-delivered"];

    public override (string Code, int? Status) Refusal => ("request-validation", 400);

    public override (JsonObject Content, string Field, string Limit) NotCarried =>
        (
            new() { ["type"] = "image", ["mediaUrl"] = "https://media.example.com/a.png", ["caption"] = new string('x', 2049) },
            "content.caption",
            "2048 characters");

    public override IReadOnlyList<CarrierCall> Calls(
        Host host, IReadOnlyList<Written> messages, IReadOnlyList<JsonNode> submissions) => [SignedIn(
        [
            .. messages.Select(m => new JsonObject
            {
                ["type"] = "message-received", ["time"] = Now, ["description"] = "Incoming message received", ["to"] = m.To,
                ["message"] = Message(m.Id, m.From, m.To, m.To, "in", m.Text),
            }),
            .. submissions.Select(s => new JsonObject
            {
                ["type"] = "message-delivered", ["time"] = Now, ["description"] = "ok", ["to"] = (string)s["to"]![0]!,
                ["message"] = Message(
                    (string)s["id"]!, (string)s["from"]!, (string)s["to"]![0]!, (string)s["from"]!, "out", "", (string)s["tag"]!),
            }),
        ])];

    public override CarrierCall UnknownEvent(Host host, string person) => SignedIn(
    [
        new JsonObject
        {
            ["type"] = "message-recalled",
            ["time"] = Now,
            ["to"] = Ours[0],
            ["message"] = Message("r1", person, Ours[0], Ours[0], "in", "Recalled")
        },
    ]);

    // The body is not signed: what is changed is the password.
    public override CarrierCall Tamper(CarrierCall call, Written message) =>
        call with { Headers = () => Authorization(Password[..^1] + "~") };

    public override (int Status, string Body) Answer(RecordedRequest request) => IsSend(request)
        ? (202, $$"""{"id":"{{TakenId}}","owner":"+12065550100","time":"{{Now}}","segmentCount":1,"direction":"out","to":"""
            + """["+1"],"from":"+12065550100"}""")
        : (200, $$"""{"access_token":"{{AccessToken}}","token_type":"Bearer","expires_in":3600}""");

    public override bool IsSend(RecordedRequest request)
    {
        if (request.Path != "/oauth2/token") return true;

        Assert.Equal(
            ("POST", Basic(Client, ClientSecret), "grant_type=client_credentials"),
            (request.Method, request.Headers["Authorization"], request.Body));
        return false;
    }

    public override void Check(RecordedRequest request, Host host, string person, string text, string reference)
    {
        Assert.Equal($"/users/{Account}/messages", request.Path);
        Assert.Equal("Bearer " + AccessToken, request.Headers["Authorization"]);
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        var body = request.Json;
        var expiration = DateTimeOffset.Parse((string)body["expiration"]!, CultureInfo.InvariantCulture);
        // what a message lives by default
        Assert.InRange(expiration - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(3.9), TimeSpan.FromHours(4));
        body.Remove("expiration");
        var expected = new JsonObject
        {
            ["applicationId"] = Application, ["to"] = new JsonArray(person), ["from"] = Ours[0], ["text"] = text, ["tag"] = reference,
            ["priority"] = "default",
        };
        Assert.True(JsonNode.DeepEquals(expected, body), body.ToJsonString());
    }

    private static JsonObject Message(string id, string from, string to, string owner, string direction, string text, string? tag = null)
    {
        var message = new JsonObject
        {
            ["id"] = id, ["time"] = Now, ["to"] = new JsonArray(to), ["from"] = from, ["text"] = text, ["applicationId"] = Application,
            ["owner"] = owner,
            ["direction"] = direction, ["segmentCount"] = 1,
        };
        if (tag is not null) message["tag"] = tag;
        return message;
    }

    private static CarrierCall SignedIn(JsonObject[] events) =>
        new("/webhooks/bandwidth", new JsonArray([.. events]).ToJsonString(), "application/json; charset=utf-8")
        {
            Headers = () => Authorization(Password)
        };

    private static Dictionary<string, string> Authorization(string password) => new() { ["Authorization"] = Basic(User, password) };
}

public sealed class BandwidthTests(SharedHost shared) : CarrierRules(new BandwidthScene(), shared)
{
    [Fact]
    public Task A_receipt_without_our_reference_finds_its_message() => ExpectFoundWithoutReferenceAsync(taken => taken["tag"] = null);

    [Fact]
    public async Task The_question_what_to_sign_in_with_is_answered_as_far_as_a_gateway_lets_it()
    {
        var call = Scene.Strip(Scene.Calls(Host, [new(Host.NewPhone(), Scene.Ours[0], "Hello")], []).Single());

        var answer = await call.MakeAsync(Host);

        // A gateway renames the header, so Bandwidth never sends its credentials through one:
        // what lets it in there is the secret in the path.
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.False(answer.Headers.Contains("WWW-Authenticate"));
        Assert.StartsWith(
            "Basic realm=\"", Assert.Single(answer.Headers.GetValues("x-amzn-remapped-www-authenticate")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_in_the_path_lets_a_call_in_unless_it_is_the_one_without_a_body()
    {
        var person = Host.NewPhone();
        var call = Scene.Strip(Scene.Calls(Host, [new(person, Scene.Ours[0], "By the path")], []).Single());
        var path = $"/webhooks/bandwidth/{BandwidthScene.PathToken}";

        var wrong = await (call with { PathAndQuery = path[..^1] + "~" }).MakeAsync(Host);
        var empty = await (call with { PathAndQuery = path, Body = "" }).MakeAsync(Host);
        await ExpectTakenAsync(call with { PathAndQuery = path });

        Assert.Equal(HttpStatusCode.NotFound, wrong.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, empty.Status);
        await TextsAsync(person, "By the path");
    }
}
