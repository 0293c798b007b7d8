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

    protected override WebhookCall Unreadable() => Calls.Of(Calls.Message($"{Words} {Person}").ToJsonString()[..^2]) with { PathToken = Calls.PathToken };

    private static WebhookCall Signed(JsonNode body) => Calls.Of(body) with { PathToken = Calls.PathToken };
}
