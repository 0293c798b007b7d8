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

    protected override WebhookCall Tampered() => Message() with { Body = System.Text.Encoding.UTF8.GetBytes(Edge.Encode(new Dictionary<string, string>(Sms) { ["Body"] = Words + "." })) };

    protected override WebhookCall UnknownEvent() => Signed(new Dictionary<string, string>(Sms) { ["MessageStatus"] = "teleported" });

    protected override WebhookCall Unreadable()
    {
        const string Broken = "MessageSid=SM1&Body=100%";
        return Edge.Call(Broken, "", Signer.Sign(Edge.Token, Edge.Url + "Body100%" + "MessageSidSM1"));
    }

    private static WebhookCall Signed(Dictionary<string, string> form) => Edge.Call(Edge.Encode(form), "", Signer.Sign(Edge.Token, Edge.Url, form));
}
