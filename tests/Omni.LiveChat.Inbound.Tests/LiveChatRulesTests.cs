using System.Text.Json.Nodes;
using Omni.Testing;

namespace Omni.LiveChat.Inbound.Tests;

/// <summary>What every carrier's webhook must satisfy.</summary>
public sealed class LiveChatRulesTests : WebhookRules
{
    protected override IReadOnlyList<string> Secrets => [Calls.Secret, Calls.PathToken];

    protected override WebhookEdge NewEdge() => Calls.NewEdge(("LIVECHAT_WEBHOOK_TOKEN", Calls.PathToken));

    protected override WebhookCall Message() => Signed(Calls.Message($"{Words} {Person}"));

    // Nothing of the body is signed: the secret is what proves the caller.
    protected override WebhookCall Tampered() => Signed(Calls.Message(secret: "the-secreT"));

    protected override WebhookCall UnknownEvent() => Signed(Calls.Call("tag_created", new() { ["name"] = "vip" }));

    protected override WebhookCall Unreadable() =>
        Calls.Of(Calls.Message($"{Words} {Person}").ToJsonString()[..^2]) with { PathToken = Calls.PathToken };

    protected override IEnumerable<JsonNode> Bodies() =>
        Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json").Order(StringComparer.Ordinal)
            .Select(path => JsonNode.Parse(File.ReadAllText(path))!["call"]!);

    protected override WebhookCall Call(JsonNode body)
    {
        if (body is JsonObject call) call["secret_key"] = Calls.Secret;
        return Calls.Of(Damage.Json(body)) with { PathToken = Calls.PathToken };
    }

    protected override JsonNode? WithNeighbour(JsonNode body)
    {
        if (body["action"] is not JsonValue action
            || action.ToString() != "incoming_chat"
            || body["organization_id"] is not JsonValue organization)
            return null;
        if (organization.ToString() != Calls.Organization || (body["payload"] as JsonObject)?["chat"] is not JsonObject chat) return null;
        if ((chat["thread"] as JsonObject)?["events"] is not JsonArray events) return null;

        events.Add(new JsonObject
        {
            ["id"] = "INTACT", ["type"] = "message", ["author_id"] = "bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee", ["text"] = Words
        });
        return body;
    }

    private static WebhookCall Signed(JsonNode body) => Calls.Of(body) with { PathToken = Calls.PathToken };
}
