using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Aws;
using Omni.Testing;

namespace Omni.LiveChat.Inbound.Tests;

public class LiveChatWebhookTests
{
    public static TheoryData<string> Fixtures() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Fixtures))]
    public async Task A_call_becomes_its_events(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Calls", $"{name}.json")))!;
        var edge = Calls.NewEdge();

        var answer = await edge.CallAsync(Calls.Of(fixture["call"]!));

        Assert.Equal(200, answer.StatusCode);
        Assert.Null(answer.Body);
        Assert.Equal(Text(fixture["queued"]!), Text(edge.Events));
        Assert.Equal((bool?)fixture["kept"] ?? false, edge.Blobs.Count > 0);
        if (fixture["ignored"] is { } reason) Assert.Contains($"\"reason\":\"{reason}\"", edge.Log, StringComparison.Ordinal);

        static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    [Theory]
    [InlineData("no secret", """{"action":"incoming_event"}""")]
    [InlineData("an empty one", """{"secret_key":""}""")]
    [InlineData("a number", """{"secret_key":42}""")]
    [InlineData("one further down", """{"payload":{"secret_key":"the-secret"}}""")]
    [InlineData("one behind what is broken", """{"payload":{]},"secret_key":"the-secret"}""")]
    [InlineData("another one", """{"secret_key":"the-other-secret"}""")]
    [InlineData("the first of two counts", """{"secret_key":"wrong","secret_key":"the-secret"}""")]
    [InlineData("no object", "[\"the-secret\"]")]
    [InlineData("no JSON", "the-secret")]
    [InlineData("nothing", "")]
    public async Task A_call_without_the_secret_is_refused_with_one_constant_answer(string _, string body)
    {
        var edge = Calls.NewEdge();

        var answer = await edge.CallAsync(Calls.Of(body));

        Assert.Equal(403, answer.StatusCode);
        Assert.Equal("""{"title":"Forbidden","status":403,"code":"forbidden"}""", answer.Body);
        Assert.Empty(edge.Queued);
        Assert.Empty(edge.Blobs);
    }

    [Fact]
    public async Task Text_that_is_no_utf8_is_refused_and_does_not_throw()
    {
        byte[] body = [.. "{\"secret_key\":\""u8, 0xF0, 0x9F, .. "\"}"u8];

        Assert.Equal(403, (await Calls.NewEdge().CallAsync(new WebhookCall(body, new Dictionary<string, string>()))).StatusCode);
    }

    [Fact]
    public async Task Each_registration_has_a_secret_of_its_own_and_a_rotated_one_counts_beside_the_one_before()
    {
        var edge = Calls.NewEdge(("LIVECHAT_WEBHOOK_SECRET", "for-events, for-chats"));
        Assert.Equal(403, await StatusAsync(Calls.Secret));
        Assert.Equal(200, await StatusAsync("for-events"));
        Assert.Equal(200, await StatusAsync("for-chats"));
        Assert.Equal(403, await StatusAsync("for-events, for-chats"));

        edge.Environment["LIVECHAT_WEBHOOK_SECRET_PREVIOUS"] = Calls.Secret;
        Assert.Equal(200, await StatusAsync(Calls.Secret));
        Assert.Equal(200, await StatusAsync("for-chats"));

        async Task<int> StatusAsync(string secret) => (await edge.CallAsync(Calls.Of(Calls.Message(secret: secret)))).StatusCode;
    }

    [Fact]
    public async Task The_path_has_its_token_too_once_one_is_set()
    {
        var edge = Calls.NewEdge();
        Assert.Equal(200, await StatusAsync("anything"));

        edge.Environment["LIVECHAT_WEBHOOK_TOKEN"] = "new";
        edge.Environment["LIVECHAT_WEBHOOK_TOKEN_PREVIOUS"] = "old";
        Assert.Equal(403, await StatusAsync(""));
        Assert.Equal(403, await StatusAsync("anything"));
        Assert.Equal(200, await StatusAsync("new"));
        Assert.Equal(200, await StatusAsync("old"));

        async Task<int> StatusAsync(string token) =>
            (await edge.CallAsync(Calls.Of(Calls.Message()) with { PathToken = token })).StatusCode;
    }

    [Fact]
    public async Task What_is_kept_beside_a_message_is_the_call_without_its_secret()
    {
        var edge = Calls.NewEdge();

        await edge.CallAsync(Calls.Of(Calls.Message("Hello")));

        Assert.Equal(Calls.Message("Hello", secret: null).ToJsonString(), (string?)Assert.Single(edge.Queued)["raw"]);
    }

    [Theory]
    [InlineData("""{"secret_key":"the-secret","action":1}""", """{"action":1}""")]
    [InlineData("""{ "action":1 , "secret_key" : "the-secret" }""", """{ "action":1  }""")]
    [InlineData("""{"secret_key":"the-secret"}""", "{}")]
    [InlineData("""{"secret_key":"the-secret","a":1,"secret_key":"the-secret"}""", """{"a":1}""")]
    [InlineData("""{"secret_key":"the\u002dsecret","payload":{"a":""", """{"payload":{"a":""")]
    [InlineData("""["the-secret"]""", """["the-secret"]""")]
    public void A_body_is_kept_to_the_byte_but_for_the_secret(string body, string kept) =>
        Assert.Equal(kept, Encoding.UTF8.GetString(LiveChatSecret.Strip(Encoding.UTF8.GetBytes(body)).Span));

    [Fact]
    public async Task What_cannot_be_read_is_kept_without_the_secret()
    {
        var edge = Calls.NewEdge();

        var answer = await edge.CallAsync(Calls.Of("""{"secret_key":"the-secret","payload":{"a":"""));

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal("""{"payload":{"a":""", Assert.Single(edge.Blobs).Value);
        Assert.Empty(edge.Queued);
    }

    [Theory]
    [InlineData("incoming_event", """{"chat_id":"C"}""")]
    [InlineData("incoming_event", "42")]
    [InlineData("incoming_chat", """{"chat":{"thread":{"events":[]}}}""")]
    [InlineData("events_marked_as_seen", """{"chat_id":"C","user_id":"c"}""")]
    [InlineData("events_marked_as_seen", """{"chat_id":"C","user_id":"c","seen_up_to":"yesterday"}""")]
    public async Task A_call_that_lacks_what_all_have_is_kept_and_acknowledged(string action, string payload)
    {
        var edge = Calls.NewEdge();
        var call = Calls.Call(action, []);
        call["payload"] = JsonNode.Parse(payload);

        var answer = await edge.CallAsync(Calls.Of(call));

        Assert.Equal(200, answer.StatusCode);
        Assert.DoesNotContain(Calls.Secret, Assert.Single(edge.Blobs).Value, StringComparison.Ordinal);
        Assert.DoesNotContain("private", edge.Log, StringComparison.Ordinal);
        Assert.Empty(edge.Queued);
    }

    [Theory]
    [InlineData("incoming_event", """{"thread_id":"T","event":{"id":"T_1","type":"message","author_id":"c","text":"Hello"}}""", "text")]
    [InlineData("incoming_event", """{"chat_id":"C","event":{"type":"message","author_id":"c","text":"Hello"}}""", "text")]
    [InlineData(
        "incoming_event",
        """{"chat_id":7,"thread_id":[],"event":{"id":1,"type":"message","author_id":{},"text":"Hello","created_at":5}}""",
        "text")]
    [InlineData("incoming_rich_message_postback", """{"chat_id":"C","event_id":"E","postback":{}}""", "unsupported")]
    public async Task A_message_of_which_not_all_can_be_told_is_shown(string action, string payload, string content)
    {
        var edge = Calls.NewEdge();
        var call = Calls.Call(action, []);
        call["payload"] = JsonNode.Parse(payload);

        await edge.CallAsync(Calls.Of(call));

        Assert.Equal(content, (string?)Assert.Single(edge.Events)!["content"]!["type"]);
    }

    [Fact]
    public async Task The_first_message_of_a_chat_is_the_same_message_in_both_calls_that_tell_of_it()
    {
        var edge = Calls.NewEdge();
        var single = Calls.Message();
        var thread = new JsonObject { ["id"] = "QX1TESTTHR", ["events"] = new JsonArray(single["payload"]!["event"]!.DeepClone()) };

        await edge.CallAsync(Calls.Of(single));
        await edge.CallAsync(
            Calls.Of(Calls.Call("incoming_chat", new() { ["chat"] = new JsonObject { ["id"] = "QX1TESTCHAT", ["thread"] = thread } })));

        Assert.Equal(2, edge.Queued.Count);
        Assert.Equal(edge.Events[0]!.ToJsonString(), edge.Events[1]!.ToJsonString());
    }

    [Fact]
    public async Task A_text_of_a_megabyte_reaches_the_queue_without_its_text()
    {
        var edge = Calls.NewEdge();

        await edge.CallAsync(Calls.Of(Calls.Message(new string('x', 1024 * 1024))));

        Assert.Equal("unsupported", (string?)Assert.Single(edge.Events)!["content"]!["type"]);
        Assert.DoesNotContain(Calls.Secret, Assert.Single(edge.Blobs).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_missing_is_named_at_once() => Assert.Equal(
        ["LIVECHAT_LICENSE_ID", "LIVECHAT_ORGANIZATION_ID", "LIVECHAT_AGENT_ID", "LIVECHAT_WEBHOOK_SECRET"],
        Assert.Throws<SettingsException>(() => new Function(new Settings(new Dictionary<string, string>()))).Missing);
}
