using System.Security.Cryptography;
using System.Text;
using Omni.Testing;

namespace Omni.WhatsApp.Inbound.Tests;

/// <summary>Meta's side: its calls, signed as Meta signs them.</summary>
internal static class Meta
{
    public const string Secret = "0123456789abcdef0123456789abcdef";
    public const string VerifyToken = "a-word-for-the-set-up";

    public static WebhookEdge NewEdge() => new(
        settings => new WhatsAppWebhook(new WhatsAppOptions(settings)),
        new Dictionary<string, string> { ["WHATSAPP_WEBHOOK_SECRET"] = Secret, ["WHATSAPP_VERIFY_TOKEN"] = VerifyToken });

    public static WebhookCall Call(string body, string secret = Secret) => Call(body, signed: body, secret);

    /// <summary>A call whose signature is over another text than its body.</summary>
    public static WebhookCall Call(string body, string signed, string secret) =>
        new(Encoding.UTF8.GetBytes(body), new Dictionary<string, string>
        {
            ["Content-Type"] = "application/json",
            ["X-Hub-Signature-256"] = "sha256=" + Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed))),
            ["X-Hub-Signature"] = "sha1=0000000000000000000000000000000000000000", // Meta still sends it; nobody reads it
        });

    /// <summary>The question at set-up.</summary>
    public static WebhookCall Question(string query) => new([], new Dictionary<string, string>()) { Method = "GET", Query = query };

    /// <summary>A person writes.</summary>
    public static string Text(string words, string waId = "31655501234") =>
        $$$"""
        {"object":"whatsapp_business_account","entry":[{"id":"4400110022",
        "changes":[{"field":"messages","value":{"messaging_product":"whatsapp",
        "metadata":{"display_phone_number":"31205550100","phone_number_id":"99001122"},
        "contacts":[{"profile":{"name":"Ina"},"wa_id":"{{{waId}}}"}],
        "messages":[{"from":"{{{waId}}}","id":"wamid.IN001","timestamp":"1789000000","type":"text","text":{"body":"{{{words}}}"}}]}}]}]}
        """;
}
