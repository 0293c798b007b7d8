using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Omni.Simulators.MessageBird;

/// <summary>Which of MessageBird's two schemes signs webhooks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MessageBirdScheme>))]
internal enum MessageBirdScheme
{
    [JsonStringEnumMemberName("jwt")] Jwt,
    [JsonStringEnumMemberName("legacy")] Legacy,
    [JsonStringEnumMemberName("both")] Both,
}

/// <summary>Signs webhook calls. https://developers.messagebird.com/docs/verify-http-requests</summary>
internal static class MessageBirdSigner
{
    public const string JwtHeader = "MessageBird-Signature-JWT";
    public const string LegacyHeader = "MessageBird-Signature";
    public const string TimestampHeader = "MessageBird-Request-Timestamp";

    private const string Header = """{"alg":"HS256","typ":"JWT"}""";
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    /// <summary>The signature headers of a call.</summary>
    /// <param name="scheme">The scheme, or both.</param>
    /// <param name="key">The signing key.</param>
    /// <param name="url">The URL as it is called.</param>
    /// <param name="body">The body; empty for none.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<(string Name, string Value)> Headers(
        MessageBirdScheme scheme, string key, string url, byte[] body, DateTimeOffset now)
    {
        if (scheme is not MessageBirdScheme.Legacy) yield return (JwtHeader, Jwt(key, url, body, now));
        if (scheme is MessageBirdScheme.Jwt) yield break;

        var timestamp = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        yield return (LegacyHeader, Legacy(key, url, body, timestamp));
        yield return (TimestampHeader, timestamp);
    }

    public static string Jwt(string key, string url, byte[] body, DateTimeOffset now)
    {
        var claims = new JsonObject
        {
            ["iss"] = "MessageBird",
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
            ["url_hash"] = Hex(Encoding.UTF8.GetBytes(url)),
        };
        if (body.Length > 0) claims["payload_hash"] = Hex(body);

        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header))}"
            + $".{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Legacy(string key, string url, byte[] body, string timestamp)
    {
        // The query is written here in the form in which it is signed, so sorting its pieces is all there is to do.
        var query = url.Split('?', 2) is [_, { Length: > 0 } fields]
            ? string.Join("&", fields.Split("&").OrderBy(field => field.Split("=", 2)[0], StringComparer.Ordinal))
            : "";
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{timestamp}\n{query}\n"), .. SHA256.HashData(body)];
        return Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
