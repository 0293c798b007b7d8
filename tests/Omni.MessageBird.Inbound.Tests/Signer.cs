using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Omni.Testing;

namespace Omni.MessageBird.Inbound.Tests;

/// <summary>MessageBird's side of its two signatures, written apart from the function's.</summary>
internal static class Signer
{
    public const string Key = "PlLrKaqvZNRR5zAjm42ZT6q1SQxgbbGd";
    public const string Previous = "zYxWvUtSrQpOnMlKjIhGfEdCbA987654";
    public const string Url = $"{WebhookEdge.PublicBaseUrl}/webhooks/messagebird";

    /// <summary>A token; what <paramref name="change"/> does to its claims is signed.</summary>
    public static string Jwt(
        WebhookCall call, string key = Key, string algorithm = "HS256", Action<JsonObject>? change = null, string? header = null)
    {
        var now = WebhookEdge.Now.ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = "MessageBird", ["nbf"] = now, ["exp"] = now + 60, ["jti"] = "2b1c2a58-7a37-4d4a-8f2e-0d5a3c7e1f11",
            ["url_hash"] = Hash(Encoding.UTF8.GetBytes(call.Query.Length > 0 ? $"{Url}?{call.Query}" : Url)),
        };
        if (call.Body.Length > 0) claims["payload_hash"] = Hash(call.Body);
        change?.Invoke(claims);

        var signed = $"{Text(header ?? $$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{Text(claims.ToJsonString())}";
        var (secret, data) = (Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed));
        var signature = algorithm switch
        {
            "HS384" => HMACSHA384.HashData(secret, data),
            "HS512" => HMACSHA512.HashData(secret, data),
            _ => HMACSHA256.HashData(secret, data),
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";

        static string Text(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>The older signature over a query that is sorted already.</summary>
    public static string Legacy(string sortedQuery, byte[] body, long timestamp, string key = Key)
    {
        byte[] data = [.. Encoding.UTF8.GetBytes($"{timestamp}\n{sortedQuery}\n"), .. SHA256.HashData(body)];
        return Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), data));
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>A call with its token.</summary>
    public static WebhookCall Signed(this WebhookCall call, string key = Key) =>
        call with { Headers = new Dictionary<string, string>(call.Headers) { ["MessageBird-Signature-JWT"] = Jwt(call, key) } };
}

/// <summary>Calls as MessageBird makes them, unsigned.</summary>
internal static class Calls
{
    public const string Report = "id=5c1fa0d2&recipient=14155550123&reference=msg_01jd7q.0.1&status=delivered"
        + "&statusDatetime=2026-11-23T10%3A14%3A59%2B00%3A00";

    public static WebhookCall Get(string query) => new([], new Dictionary<string, string>()) { Method = "GET", Query = query };

    public static WebhookCall Form(string form) =>
        new(Encoding.UTF8.GetBytes(form), new Dictionary<string, string> { ["Content-Type"] = "application/x-www-form-urlencoded" });

    public static WebhookCall Json(string json, string query = "") =>
        new(Encoding.UTF8.GetBytes(json), new Dictionary<string, string> { ["Content-Type"] = "application/json" }) { Query = query };

    public static WebhookEdge NewEdge(params (string Name, string Value)[] settings) => new(
        environment => new MessageBirdWebhook(new MessageBirdOptions(environment)),
        settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)).Append(new("MESSAGEBIRD_WEBHOOK_SECRET", Signer.Key)));
}
