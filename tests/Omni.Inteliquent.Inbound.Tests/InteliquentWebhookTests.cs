using System.Text.Json.Nodes;
using Omni.Testing;

namespace Omni.Inteliquent.Inbound.Tests;

/// <summary>The rules of every webhook.</summary>
public sealed class InteliquentWebhookTests : WebhookRules
{
    private const string Sms =
        $$"""{"referenceId":"Mo7Kd0q1Zz83Lp2a","from":"1{{Person}}","to":["12065550100"],"text":"{{Words}}","deliveryReceipt":false}""";

    protected override IReadOnlyList<string> Secrets => [Registered.Key, Registered.HeaderValue, Registered.PathToken];

    // 401, and nothing in it.
    protected override int RefusedStatus => 401;

    protected override WebhookEdge NewEdge() => Registered.NewEdge();

    protected override WebhookCall Message() => Registered.Call(Sms);

    // The hash covers nothing of the body: what can be changed is the proof.
    protected override WebhookCall Tampered()
    {
        var token = Registered.Sha256(Registered.Key, Registered.MessageId);
        return Message().With("Verificationtoken", (token[0] == '0' ? '1' : '0') + token[1..]);
    }

    protected override WebhookCall UnknownEvent() =>
        Registered.Call("""{"referenceId":"5d0c6f3e","from":"14155550123","to":["12065550100"],"text":"id:1 stat:UNKNOWN err:000 text:"""
            + """Hello","deliveryReceipt":true}""");

    protected override WebhookCall Unreadable() => Registered.Call(Sms[..^1]);

    protected override IEnumerable<JsonNode> Bodies() =>
        Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json").Order(StringComparer.Ordinal)
            .Select(path => JsonNode.Parse(File.ReadAllText(path))!["body"]!);

    protected override WebhookCall Call(JsonNode body) => Registered.Call(Damage.Json(body));

    [Fact]
    public async Task The_answers_are_those_of_the_carriers_description()
    {
        var taken = await NewEdge().CallAsync(Message());
        var refused = await NewEdge().CallAsync(Tampered());

        Assert.Equal(
            (200, """{"statusCode":"200","status":"success"}""", "application/json"),
            (taken.StatusCode, taken.Body, taken.Headers["content-type"]));
        Assert.Equal((401, null), (refused.StatusCode, refused.Body));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("")]
    public async Task What_cannot_be_told_is_kept_and_acknowledged(string body)
    {
        var edge = NewEdge();

        var answer = await edge.CallAsync(Registered.Call(body));

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal(body, Assert.Single(edge.Blobs).Value);
        Assert.Empty(edge.Queued);
    }

    [Theory]
    [InlineData("""{"referenceId":"a","to":["12065550100"],"text":"Hi"}""", "unknown", "+12065550100")]
    [InlineData("""{"referenceId":"a","from":"somebody at home","to":["12065550100"],"text":"Hi"}""", "unknown", "+12065550100")]
    [InlineData("""{"referenceId":"a","from":"14155550123","text":"Hi"}""", "+14155550123", "unknown")]
    [InlineData("""{"referenceId":"a","from":"14155550123","to":[],"text":"Hi"}""", "+14155550123", "unknown")]
    [InlineData("""{"referenceId":"a","from":"14155550123","to":[""],"text":"Hi"}""", "+14155550123", "unknown")]
    [InlineData("""{"referenceId":"a","from":{},"to":{"a":null},"text":"Hi"}""", "unknown", "unknown")]
    public async Task A_message_of_which_not_all_can_be_told_is_shown(string body, string from, string to)
    {
        var edge = NewEdge();

        await edge.CallAsync(Registered.Call(body));

        var e = Assert.Single(edge.Events)!;
        Assert.Equal((from, to, "Hi"), (Value(e["from"]!), Value(e["to"]!), (string)e["content"]!["body"]!));

        static string Value(JsonNode address) => (string)(address is JsonObject typed ? typed["value"] : address)!;
    }

    [Fact]
    public async Task A_message_without_an_id_is_the_same_within_its_minute_and_another_after_it()
    {
        var edge = NewEdge();
        var call = Registered.Call("""{"from":"14155550123","to":["12065550100"],"text":"Yes please"}""");

        foreach (var seconds in (int[])[0, 1, 60]) // the first at 10:15:00
        {
            edge.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await edge.CallAsync(call);
        }

        await edge.CallAsync(Registered.Call("""{"from":"14155550123","to":["12065550100"],"text":"No thanks"}"""));

        string[] ids = [.. edge.Events.Select(e => (string)e!["carrierMessageId"]!)];
        Assert.Matches("^hash_[0-9a-f]{32}$", ids[0]);
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public async Task Without_a_list_of_ours_the_first_of_a_group_must_do()
    {
        var settings = Registered.Settings();
        settings.Remove("INTELIQUENT_NUMBERS");
        var edge = Registered.NewEdge(settings);

        await edge.CallAsync(
            Registered.Call("""{"referenceId":"a","from":"14155550123","to":["13125550190","12065550100"],"text":"Hi"}"""));

        Assert.Equal("+13125550190", (string?)edge.Events[0]!["to"]);
    }

    public static TheoryData<string> Calls() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Calls))]
    public async Task A_call_becomes_its_events(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Calls", $"{name}.json")))!;
        var edge = NewEdge();

        var answer = await edge.CallAsync(Registered.Call(fixture["body"]!.ToJsonString()));

        Assert.Equal(200, answer.StatusCode);
        Assert.True(JsonNode.DeepEquals(fixture["queued"], edge.Events), $"expected {fixture["queued"]}\nbut was {edge.Events}");
        if (fixture["ignored"] is { } reason) Assert.Contains($"\"reason\":\"{reason}\"", edge.Log, StringComparison.Ordinal);
    }
}
