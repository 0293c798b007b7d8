using System.Security.Cryptography;
using System.Text;
using Omni.Testing;

namespace Omni.Inteliquent.Inbound.Tests;

/// <summary>A webhook as it was registered with the carrier, and the carrier's side of its calls.</summary>
internal static class Registered
{
    public const string Key = "9f2c6d01b7e84a35";
    public const string HeaderName = "X-Webhook-Key";
    public const string HeaderValue = "b5e0c1d2a3f49687";
    public const string PathToken = "4c7d9a1e6b2f8035";
    public const string MessageId = "aB3-xY_9-0001";

    /// <summary>The settings with all that can be agreed.</summary>
    public static Dictionary<string, string> Settings() => new()
    {
        ["INTELIQUENT_WEBHOOK_SECRET"] = Key,
        ["INTELIQUENT_WEBHOOK_HEADER_NAME"] = HeaderName,
        ["INTELIQUENT_WEBHOOK_HEADER_VALUE"] = HeaderValue,
        ["INTELIQUENT_WEBHOOK_TOKEN"] = PathToken,
        ["INTELIQUENT_NUMBERS"] = "+12065550100, 12065550101",
    };

    public static WebhookEdge NewEdge(IEnumerable<KeyValuePair<string, string>>? settings = null) =>
        new(given => new InteliquentWebhook(new InteliquentOptions(given)), settings ?? Settings());

    /// <summary>A call with everything that proves it; by default the hash is the one that receivers saw.</summary>
    public static WebhookCall Call(string body, string key = Key, bool hmac = false, string messageId = MessageId) =>
        new(Encoding.UTF8.GetBytes(body), new Dictionary<string, string>
        {
            ["Content-Type"] = "application/json",
            ["MessageId"] = messageId,
            ["Verificationtoken"] = hmac ? Hmac(key, messageId) : Sha256(key, messageId),
            [HeaderName] = HeaderValue,
        })
        { PathToken = PathToken };

    public static WebhookCall With(this WebhookCall call, string header, string? value)
    {
        var headers = new Dictionary<string, string>(call.Headers);
        if (value is null) headers.Remove(header);
        else headers[header] = value;
        return call with { Headers = headers };
    }

    public static string Sha256(string key, string messageId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key + messageId)));

    public static string Hmac(string key, string messageId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(messageId)));
}
