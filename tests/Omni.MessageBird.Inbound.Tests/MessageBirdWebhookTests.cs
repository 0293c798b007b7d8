using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Aws;
using Omni.Testing;

namespace Omni.MessageBird.Inbound.Tests;

public class MessageBirdWebhookTests : WebhookRules
{
    private const string Sms = $"id=5c1fa0d2&originator={Person}&recipient=12065550100&body=a+private+word";

    protected override IReadOnlyList<string> Secrets => [Signer.Key, Signer.Previous];

    protected override int RefusedStatus => 401;

    protected override WebhookEdge NewEdge() => Calls.NewEdge(("MESSAGEBIRD_WEBHOOK_SECRET_PREVIOUS", Signer.Previous));

    protected override WebhookCall Message() => Calls.Form(Sms).Signed();

    protected override WebhookCall Tampered() =>
        Calls.Form(Sms.Replace("word", "w0rd", StringComparison.Ordinal)) with { Headers = Message().Headers };

    protected override WebhookCall UnknownEvent() => Calls.Json("""{"type":"contact.merged","contact":{"id":"a1"}}""").Signed();

    protected override WebhookCall Unreadable() =>
        Calls.Json("""{"type":"message.created","message":{"id":"m1","from":"4155550123" "a private word"}}""").Signed();

    protected override IEnumerable<JsonNode> Bodies() =>
        Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json").Order(StringComparer.Ordinal)
            .Select(path => JsonNode.Parse(File.ReadAllText(path))!)
            .Select(
                fixture => fixture["json"] ?? FormOf((string?)fixture["form"] is { Length: > 0 } form ? form : (string)fixture["query"]!));

    // What came as a form goes as a form, which has no objects in it.
    protected override WebhookCall Call(JsonNode body) =>
        (body is JsonObject fields && fields.ContainsKey(IsForm) ? Calls.Form(Damage.Form(body)) : Calls.Json(Damage.Json(body))).Signed();

    protected override JsonNode? WithNeighbour(JsonNode body) => body is JsonObject fields && fields.ContainsKey(IsForm)
        ? null
        : new JsonArray(
            body.DeepClone(),
            JsonNode.Parse($$"""{"id":"intact","originator":"{{Person}}","recipient":"12065550100","body":"{{Words}}"}"""));

    private const string IsForm = "aFieldThatMeansNothing";

    private static JsonObject FormOf(string form)
    {
        var fields = new JsonObject { [IsForm] = "" };
        foreach (var field in form.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split('=', 2)))
        {
            fields[Uri.UnescapeDataString(field[0])] = Uri.UnescapeDataString(field.ElementAtOrDefault(1)?.Replace('+', ' ') ?? "");
        }

        return fields;
    }

    public static TheoryData<string> Fixtures() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Fixtures))]
    public async Task A_call_becomes_its_events(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Calls", $"{name}.json")))!;
        var query = (string)fixture["query"]!;
        var call = fixture switch
        {
            _ when fixture["json"] is { } json => Calls.Json(json.ToJsonString(), query),
            _ when fixture["form"] is { } form => Calls.Form((string)form!) with { Query = query },
            _ => Calls.Get(query),
        };
        var edge = NewEdge();

        var answer = await edge.CallAsync((call with { Method = (string)fixture["method"]! }).Signed());

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal("text/plain", answer.Headers["content-type"]);
        Assert.Equal("OK", answer.Body);
        if (!JsonNode.DeepEquals(fixture["queued"], edge.Events)) Assert.Equal(Text(fixture["queued"]!), Text(edge.Events));
        Assert.Equal((int?)fixture["kept"] ?? 0, edge.Blobs.Count);
        if (fixture["ignored"] is { } reason) Assert.Contains($"\"reason\":\"{reason}\"", edge.Log, StringComparison.Ordinal);

        static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    [Fact]
    public async Task A_refused_call_hears_401_and_nothing_else()
    {
        var answer = await NewEdge().CallAsync(Tampered());

        Assert.Equal(401, answer.StatusCode);
        Assert.Null(answer.Body);
    }

    [Fact]
    public async Task A_rotated_key_counts_from_the_next_call_on_and_the_one_before_it_as_long_as_it_is_set()
    {
        var edge = Calls.NewEdge();
        edge.Environment["MESSAGEBIRD_WEBHOOK_SECRET"] = Signer.Previous;
        Assert.Equal(401, (await edge.CallAsync(Message())).StatusCode);

        edge.Environment["MESSAGEBIRD_WEBHOOK_SECRET_PREVIOUS"] = Signer.Key;
        Assert.Equal(200, (await edge.CallAsync(Message())).StatusCode);
        Assert.Equal(200, (await edge.CallAsync(Calls.Form(Sms).Signed(Signer.Previous))).StatusCode);
    }

    [Fact]
    public async Task What_was_said_by_get_is_kept_by_its_query()
    {
        var edge = NewEdge();

        await edge.CallAsync(Calls.Get(Sms).Signed());
        await edge.CallAsync(Calls.Get("status=delivered").Signed());

        Assert.Equal(Sms, (string?)Assert.Single(edge.Queued)["raw"]);
        Assert.Equal("status=delivered", Assert.Single(edge.Blobs).Value);
    }

    [Fact]
    public async Task A_body_of_another_type_is_kept_and_acknowledged()
    {
        var edge = NewEdge();

        var answer = await edge.CallAsync(
            (Calls.Form(Sms) with { Headers = new Dictionary<string, string> { ["content-type"] = "text/xml" } }).Signed());

        Assert.Equal(200, answer.StatusCode);
        Assert.Single(edge.Blobs);
    }

    [Fact]
    public void Settings_that_are_missing_or_wrong_fail_at_the_start()
    {
        Assert.Equal(
            ["MESSAGEBIRD_WEBHOOK_SECRET"],
            Assert.Throws<SettingsException>(() => new Function(new Settings(new Dictionary<string, string>()))).Missing);
        Assert.Throws<InvalidOperationException>(() => Calls.NewEdge(("MESSAGEBIRD_LEGACY_SECONDS", "two minutes")));
    }
}
