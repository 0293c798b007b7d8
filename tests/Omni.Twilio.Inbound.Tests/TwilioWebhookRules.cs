using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Omni.Testing;

namespace Omni.Twilio.Inbound.Tests;

/// <summary>What holds for every carrier's webhook, for Twilio's.</summary>
public sealed class TwilioWebhookRules : WebhookRules
{
    private static readonly Dictionary<string, string> Sms = new()
    {
        ["MessageSid"] = "SM00112233445566778899aabbccddeeff",
        ["AccountSid"] = Edge.Account,
        ["From"] = "+1" + Person,
        ["To"] = "+12065550100",
        ["Body"] = Words,
        ["SmsStatus"] = "received",
    };

    protected override IReadOnlyList<string> Secrets => [Edge.Token];

    protected override WebhookEdge NewEdge() => Edge.New();

    protected override WebhookCall Message() => Signed(Sms);

    protected override WebhookCall Tampered() =>
        Message() with
        {
            Body = System.Text.Encoding.UTF8.GetBytes(Edge.Encode(new Dictionary<string, string>(Sms) { ["Body"] = Words + "." }))
        };

    protected override WebhookCall UnknownEvent() => Signed(new Dictionary<string, string>(Sms) { ["MessageStatus"] = "teleported" });

    // A body that is signed by its hash, and is no form.
    protected override WebhookCall Unreadable()
    {
        var body = $$"""{"From":"{{Person}}","Body":"{{Words}}"}""";
        var query = $"bodySHA256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}";
        return Edge.Call(body, query, Signer.Sign(Edge.Token, Edge.WithQuery(query)), "application/json");
    }

    protected override IEnumerable<JsonNode> Bodies() =>
        Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json").Order(StringComparer.Ordinal)
            .Select(path => JsonNode.Parse(File.ReadAllText(path))!["form"]!);

    // Over bytes: a damaged form may be no text.
    protected override WebhookCall Call(JsonNode body)
    {
        var form = Damage.Form(body);
        var fields = TwilioSignature.InSigningOrder(TwilioForm.Decode(Encoding.UTF8.GetBytes(form)));
        return Edge.Call(form, "", TwilioSignature.Sign(Edge.Token, Edge.Url, fields));
    }

    private static WebhookCall Signed(Dictionary<string, string> form) =>
        Edge.Call(Edge.Encode(form), "", Signer.Sign(Edge.Token, Edge.Url, form));
}
