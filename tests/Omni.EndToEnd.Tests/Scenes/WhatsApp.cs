using System.Net;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// WhatsApp: JSON signed over its bytes, messages and statuses of several numbers in one call, a window to be opened, a challenge.
/// </summary>
public sealed class WhatsAppScene : Scene
{
    public const string VerifyToken = "e2e-whatsapp-verify";
    private const string Secret = "e2e-whatsapp-app-secret", Token = "e2e-whatsapp-token";

    private static readonly Dictionary<string, string> NumberIds = new() { ["+31205550100"] = "99001122", ["+12065550100"] = "99001123" };

    public override string Carrier => "whatsapp";

    public override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["WHATSAPP_API_TOKEN"] = Token, ["WHATSAPP_WEBHOOK_SECRET"] = Secret, ["WHATSAPP_VERIFY_TOKEN"] = VerifyToken,
    };

    public override IReadOnlyList<string> Ours { get; } = [.. NumberIds.Keys];

    public override string Last => "read";

    public override IReadOnlyList<string> Path { get; } = ["sent", "delivered", "read"];

    public override JsonObject Throttle => new() { ["errorCode"] = 130429, ["retryAfterSeconds"] = 1 };

    public override (string Code, int? Status) Refusal => ("131009", null);

    public override (JsonObject Content, string Field, string Limit) NotCarried =>
        (new() { ["type"] = "interactive", ["body"] = "Which?", ["buttons"] = new JsonArray(
            [.. Enumerable.Range(1, 4).Select(i => new JsonObject { ["id"] = $"b{i}", ["title"] = $"Button {i}" })]) },
            "content.buttons", "3 buttons");

    public override async Task<string> NewPersonAsync(Host host)
    {
        var person = Host.NewPhone();
        await host.Client.PostAsync(
            "/sim/whatsapp/inbound", new() { ["from"] = person, ["to"] = Ours[0], ["body"] = CarrierRules.Greeting });
        await host.InboundAsync(person, 1);
        return person;
    }

    public override JsonArray ReceiptsOf(JsonNode submission) => submission["webhooks"]!.AsArray();

    public override JsonObject Picture(string person, byte[] bytes) => new()
    {
        ["from"] = person,
        ["to"] = Ours[0],
        ["media"] = new JsonObject { ["type"] = "image", ["contentType"] = "image/png", ["base64"] = Convert.ToBase64String(bytes) },
    };

    public override IReadOnlyList<CarrierCall> Calls(Host host, IReadOnlyList<Written> messages, IReadOnlyList<JsonNode> submissions)
    {
        var changes = messages.GroupBy(message => message.To).Select(ours => Change(ours.Key, new()
        {
            ["contacts"] = new JsonArray([.. ours.Select(m => m.From).Distinct().Select(
                from => new JsonObject { ["profile"] = new JsonObject { ["name"] = "Ina" }, ["wa_id"] = from[1..] })]),
            ["messages"] = new JsonArray([.. ours.Select(m => new JsonObject
            {
                ["from"] = m.From[1..],
                ["id"] = "wamid." + m.Id,
                ["timestamp"] = Seconds,
                ["type"] = "text",
                ["text"] = new JsonObject { ["body"] = m.Text },
            })]),
        }));
        var statuses = submissions.Select(s => Change((string)s["from"]!, new()
        {
            ["statuses"] = new JsonArray([.. Path.Select(status => new JsonObject
            {
                ["id"] = (string)s["id"]!, ["status"] = status, ["timestamp"] = Seconds, ["recipient_id"] = ((string)s["to"]!)[1..],
                ["biz_opaque_callback_data"] = (string)s["reference"]!,
            })]),
        }));
        return [Signed([.. changes, .. statuses])];
    }

    public override CarrierCall UnknownEvent(Host host, string person) =>
        Signed([new JsonObject { ["id"] = "1", ["changes"] = new JsonArray(
            new JsonObject { ["field"] = "security", ["value"] = new JsonObject { ["event"] = "PIN_RESET_REQUEST" } }) }]);

    public override (int Status, string Body) Answer(RecordedRequest request) =>
        (200, """{"messaging_product":"whatsapp","contacts":[{"input":"+1","wa_id":"1"}],"messages":"""
            + $$"""[{"id":"{{TakenId}}","message_status":"accepted"}]}""");

    public override bool IsSend(RecordedRequest request) => request.Path.EndsWith("/messages", StringComparison.Ordinal);

    public override void Check(RecordedRequest request, Host host, string person, string text, string reference)
    {
        Assert.Equal($"/v25.0/{NumberIds[Ours[0]]}/messages", request.Path);
        Assert.Equal("Bearer " + Token, request.Headers["Authorization"]);
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        var body = request.Json;
        Assert.Equal("individual", (string?)body["recipient_type"] ?? "individual"); // its default
        body.Remove("recipient_type");
        var expected = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["to"] = person,
            ["type"] = "text",
            ["biz_opaque_callback_data"] = reference,
            ["text"] = new JsonObject { ["body"] = text },
        };
        Assert.Equal("text", (string?)body["type"] ?? "text"); // its default
        body["type"] = "text";
        Assert.True(JsonNode.DeepEquals(expected, body), body.ToJsonString());
    }

    /// <summary>What a person writes, in a call that names them by a number and a user id.</summary>
    public CarrierCall Named(string number, string userId, string text, string profile = "Ina") => Signed([Change(Ours[0], new()
    {
        ["contacts"] = new JsonArray(new JsonObject
        {
            ["profile"] = new JsonObject { ["name"] = profile }, ["wa_id"] = number[1..], ["user_id"] = userId,
        }),
        ["messages"] = new JsonArray(new JsonObject
        {
            ["from"] = number[1..],
            ["from_user_id"] = userId,
            ["id"] = "wamid." + Guid.NewGuid().ToString("N"),
            ["timestamp"] = Seconds,
            ["type"] = "text",
            ["text"] = new JsonObject { ["body"] = text },
        }),
    })]);

    private static JsonObject Change(string ours, JsonObject value)
    {
        value["messaging_product"] = "whatsapp";
        value["metadata"] = new JsonObject { ["display_phone_number"] = ours[1..], ["phone_number_id"] = NumberIds[ours] };
        return new() { ["id"] = "4400110022", ["changes"] = new JsonArray(new JsonObject { ["field"] = "messages", ["value"] = value }) };
    }

    // https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
    private static CarrierCall Signed(JsonObject[] entries)
    {
        var body = new JsonObject { ["object"] = "whatsapp_business_account", ["entry"] = new JsonArray([.. entries]) }.ToJsonString();
        return new("/webhooks/whatsapp", body)
        {
            Headers = () => new Dictionary<string, string> { ["X-Hub-Signature-256"] = "sha256=" + HexHmac(Secret, body) }
        };
    }
}

public sealed class WhatsAppTests(SharedHost shared) : CarrierRules(new WhatsAppScene(), shared)
{
    [Fact]
    public Task A_receipt_without_our_reference_finds_its_message() => ExpectFoundWithoutReferenceAsync(taken => taken["reference"] = null);

    [Fact]
    public async Task A_person_with_three_names_is_one_person()
    {
        var scene = (WhatsAppScene)Scene;
        var (written, known, user) = (Host.NewPhone(), Host.NewPhone(), $"US.{Guid.NewGuid():N}");
        async Task SayAsync(string number, string text, int count)
        {
            Assert.Equal(HttpStatusCode.OK, (await scene.Named(number, user, text).MakeAsync(Host)).Status);
            await Host.InboundAsync(number, count);
        }

        async Task<(bool IsOpen, bool IsOptedOut)> AskAsync(JsonNode to)
        {
            var text = scene.Text(written, "Are you there?");
            text["to"] = to;
            var answer = await Host.Client.PostAsync("/api/v1/messages/validate", text);
            return ((bool)answer!["window"]!["open"]!, (bool)answer["consent"]!["optedOut"]!);
        }

        JsonNode User() => new JsonObject { ["type"] = "whatsappUserId", ["value"] = user };

        // No call names both numbers: what joins them is the user id.
        await SayAsync(written, "Hello", 1);
        await SayAsync(known, "STOP", 1);
        foreach (var name in new[] { written, known, User() }) Assert.Equal((true, true), await AskAsync(name));
        var refused = await Host.SendAsync(scene.Text(written, "Are you sure?"), "rejected");
        Assert.Equal("opted_out", (string?)(await Host.Client.GetAsync($"/api/v1/messages/{refused}"))["error"]!["code"]);

        await SayAsync(written, "START", 2);
        foreach (var name in new[] { written, known, User() }) Assert.Equal((true, false), await AskAsync(name));
    }

    [Fact]
    public async Task The_challenge_of_the_set_up_is_given_back_to_whoever_knows_the_token()
    {
        static CarrierCall Ask(string token) =>
            new($"/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}", null);

        var known = await Ask(WhatsAppScene.VerifyToken).MakeAsync(Host);
        var unknown = await Ask("guess").MakeAsync(Host);

        Assert.Equal((HttpStatusCode.OK, "1158201444"), (known.Status, known.Body));
        Assert.Equal(HttpStatusCode.Forbidden, unknown.Status);
        Assert.DoesNotContain("1158201444", unknown.Body, StringComparison.Ordinal);
    }
}
