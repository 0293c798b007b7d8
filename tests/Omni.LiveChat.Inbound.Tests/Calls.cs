using System.Text;
using System.Text.Json.Nodes;
using Omni.Testing;

namespace Omni.LiveChat.Inbound.Tests;

/// <summary>Calls as LiveChat makes them, and the function that takes them.</summary>
internal static class Calls
{
    public const string Secret = "the-secret", PathToken = "an-unguessable-path";
    public const string Organization = "11111111-2222-4333-8444-555555555555";

    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["LIVECHAT_LICENSE_ID"] = "104130623",
        ["LIVECHAT_ORGANIZATION_ID"] = Organization,
        ["LIVECHAT_AGENT_ID"] = "omni@example.com",
        ["LIVECHAT_WEBHOOK_SECRET"] = Secret,
    };

    public static WebhookEdge NewEdge(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(Settings);
        foreach (var (name, value) in more) settings[name] = value;
        return new(s => new LiveChatWebhook(new LiveChatOptions(s)), settings);
    }

    /// <summary>A customer writes.</summary>
    public static JsonObject Message(string text = "Hello", string? secret = Secret) => Call("incoming_event", new()
    {
        ["chat_id"] = "QX1TESTCHAT",
        ["thread_id"] = "QX1TESTTHR",
        ["event"] = new JsonObject
        {
            ["id"] = "QX1TESTTHR_4", ["type"] = "message", ["author_id"] = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
            ["created_at"] = "2026-03-01T09:30:00.123456Z", ["visibility"] = "all", ["text"] = text,
        },
    }, secret);

    public static JsonObject Call(string action, JsonObject payload, string? secret = Secret)
    {
        var call = new JsonObject
        {
            ["webhook_id"] = "wh-0001", ["action"] = action, ["organization_id"] = Organization, ["payload"] = payload
        };
        if (secret is not null) call.Insert(1, "secret_key", secret);
        return call;
    }

    public static WebhookCall Of(JsonNode body) => Of(body.ToJsonString());

    public static WebhookCall Of(string body) =>
        new(Encoding.UTF8.GetBytes(body), new Dictionary<string, string> { ["Content-Type"] = "application/json" });
}
