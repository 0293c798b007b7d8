using System.Text.Json.Nodes;
using Omni.Testing;

namespace Omni.Bandwidth.Inbound.Tests;

/// <summary>The rules of every webhook, with the credentials of the application.</summary>
public sealed class BandwidthSignInRulesTests : WebhookRules
{
    protected override IReadOnlyList<string> Secrets => [Bandwidth.Password, Bandwidth.Token];

    protected override int RefusedStatus => 401;

    protected override WebhookEdge NewEdge() => Bandwidth.NewEdge();

    protected override WebhookCall Message() => Bandwidth.SignedIn(Bandwidth.Sms(Words));

    protected override WebhookCall Tampered() => Bandwidth.SignedIn(Bandwidth.Sms(Words), password: Bandwidth.Password[..^1] + "N");

    protected override WebhookCall UnknownEvent() =>
        Bandwidth.SignedIn(Bandwidth.Sms(Words).Replace("message-received", "message-recalled", StringComparison.Ordinal));

    protected override WebhookCall Unreadable() => Bandwidth.SignedIn("[{\"type\":\"message-received\"," + Words + Person);

    protected override IEnumerable<JsonNode> Bodies() => Bandwidth.Bodies();

    protected override WebhookCall Call(JsonNode body) => Bandwidth.SignedIn(Damage.Json(body));

    protected override JsonNode? WithNeighbour(JsonNode body) =>
        new JsonArray(body.DeepClone(), JsonNode.Parse(Bandwidth.Sms(Words, "intact"))![0]!.DeepClone());
}

/// <summary>The same with the secret in the path, for where a gateway renames the challenge.</summary>
public sealed class BandwidthPathRulesTests : WebhookRules
{
    protected override IReadOnlyList<string> Secrets => [Bandwidth.Password, Bandwidth.Token];

    protected override int RefusedStatus => 404;

    protected override WebhookEdge NewEdge() => Bandwidth.NewEdge();

    protected override WebhookCall Message() => Bandwidth.Bare(Bandwidth.Sms(Words), Bandwidth.Token);

    protected override WebhookCall Tampered() => Message() with { PathToken = Bandwidth.Token[..^1] + "x" };

    protected override WebhookCall UnknownEvent() =>
        Bandwidth.Bare(Bandwidth.Sms(Words).Replace("message-received", "message-recalled", StringComparison.Ordinal), Bandwidth.Token);

    protected override WebhookCall Unreadable() => Bandwidth.Bare("[{\"type\":\"message-received\"," + Words + Person, Bandwidth.Token);

    protected override IEnumerable<JsonNode> Bodies() => Bandwidth.Bodies();

    protected override WebhookCall Call(JsonNode body) => Bandwidth.Bare(Damage.Json(body), Bandwidth.Token);

    protected override JsonNode? WithNeighbour(JsonNode body) =>
        new JsonArray(body.DeepClone(), JsonNode.Parse(Bandwidth.Sms(Words, "intact"))![0]!.DeepClone());
}
