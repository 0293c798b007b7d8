using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Aws;
using Omni.Testing;

namespace Omni.WhatsApp.Inbound.Tests;

public sealed class WhatsAppWebhookTests : WebhookRules
{
    protected override IReadOnlyList<string> Secrets => [Meta.Secret, Meta.VerifyToken];

    protected override WebhookEdge NewEdge() => Meta.NewEdge();

    protected override WebhookCall Message() => Meta.Call(Meta.Text(Words, Person));

    protected override WebhookCall Tampered() =>
        Meta.Call(Meta.Text("a private worD", Person), signed: Meta.Text(Words, Person), Meta.Secret);

    protected override WebhookCall UnknownEvent() =>
        Meta.Call("""{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"security","value":"""
            + """{"event":"PIN_CHANGED"}}]}]}""");

    protected override WebhookCall Unreadable() =>
        Meta.Call($$$"""{"object":"whatsapp_business_account","entry":{"from":"{{{Person}}}","body":"{{{Words}}}"}}""");

    protected override IEnumerable<JsonNode> Bodies() =>
        Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json").Order(StringComparer.Ordinal)
            .Select(path => JsonNode.Parse(File.ReadAllText(path))!["body"]!);

    protected override WebhookCall Call(JsonNode body) => Meta.Call(Damage.Json(body));

    // An entry of its own, and where the damaged call has messages still, one beside them.
    protected override JsonNode? WithNeighbour(JsonNode body)
    {
        if ((body as JsonObject)?["entry"] is not JsonArray entries
            || (string?)(body["object"] as JsonValue)?.ToString() != "whatsapp_business_account")
            return null;

        entries.Add(JsonNode.Parse(Meta.Text(Words, Person).Replace("wamid.IN001", "wamid.INTACT", StringComparison.Ordinal))!["entry"]![0]!
            .DeepClone());
        return body;
    }

    public static TheoryData<string> Calls() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Calls))]
    public async Task A_call_becomes_its_events(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Calls", $"{name}.json")))!;
        var edge = NewEdge();

        var answer = await edge.CallAsync(Meta.Call(fixture["body"]!.ToJsonString()));

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal((bool?)fixture["kept"] ?? false, edge.Blobs.Count > 0);
        Assert.True(
            JsonNode.DeepEquals(fixture["queued"], edge.Events),
            edge.Events.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        if (fixture["ignored"] is { } reason) Assert.Contains($"\"reason\":\"{reason}\"", edge.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_message_says_about_consent_is_in_its_own_record()
    {
        var edge = NewEdge();

        await edge.CallAsync(Meta.Call(Meta.Text("STOP", Person)));

        var record = Assert.Single(edge.Queued);
        Assert.Equal("messageReceived", (string?)record["event"]!["type"]);
        Assert.Equal("STOP", (string?)Assert.Single(record["consents"]!.AsArray())!["evidence"]);
    }

    [Fact]
    public async Task A_call_that_is_no_json_is_kept_and_acknowledged()
    {
        foreach (var body in (string[])["", "null", "[]", "not json", """{"object":"whatsapp_business_account"}"""])
        {
            var edge = NewEdge();

            Assert.Equal(200, (await edge.CallAsync(Meta.Call(body))).StatusCode);
            Assert.Equal(body, Assert.Single(edge.Blobs).Value);
        }
    }

    [Fact]
    public async Task A_rotated_secret_counts_from_the_next_call_on_and_the_one_before_it_as_long_as_it_is_set()
    {
        var edge = NewEdge();
        edge.Environment["WHATSAPP_WEBHOOK_SECRET"] = "the-new-secret";
        Assert.Equal(403, (await edge.CallAsync(Message())).StatusCode);

        edge.Environment["WHATSAPP_WEBHOOK_SECRET_PREVIOUS"] = Meta.Secret;
        Assert.Equal(200, (await edge.CallAsync(Message())).StatusCode);
        Assert.Equal(200, (await edge.CallAsync(Meta.Call(Meta.Text("Hi"), "the-new-secret"))).StatusCode);
    }

    [Theory]
    [InlineData("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=a-word-for-the-set-up")]
    [InlineData("hub.verify_token=a-word-for-the-set-up&hub.mode=subscribe&hub.challenge=1158201444")]
    [InlineData("hub%2Emode=subscribe&hub.challenge=1158201444&hub.verify_token=a%2Dword-for-the-set-up")]
    public async Task The_question_at_set_up_is_answered_with_its_challenge(string query)
    {
        var answer = await NewEdge().CallAsync(Meta.Question(query));

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal("1158201444", answer.Body);
        Assert.Equal("text/plain", answer.Headers["content-type"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hub.mode=subscribe&hub.challenge=1")]
    [InlineData("hub.mode=subscribe&hub.challenge=1&hub.verify_token=")]
    [InlineData("hub.mode=subscribe&hub.challenge=1&hub.verify_token=another")]
    [InlineData("hub.mode=subscribe&hub.challenge=1&hub.verify_token=a-word-for-the-set-up2")]
    [InlineData("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=a-word-for-the-set-up")]
    [InlineData("hub.mode=subscribe&hub.challenge=&hub.verify_token=a-word-for-the-set-up")]
    [InlineData("hub_mode=subscribe&hub_challenge=1&hub_verify_token=a-word-for-the-set-up")]
    public async Task Any_other_question_is_refused(string query)
    {
        var answer = await NewEdge().CallAsync(Meta.Question(query));

        Assert.Equal(403, answer.StatusCode);
        Assert.DoesNotContain("hub", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_missing_is_named_at_once() => Assert.Equal(
        ["WHATSAPP_WEBHOOK_SECRET", "WHATSAPP_VERIFY_TOKEN"],
        Assert.Throws<SettingsException>(() => new WhatsAppOptions(new Settings(new Dictionary<string, string>()))).Missing);
}
