using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Pipeline;

namespace Omni.MessageBird.Inbound;

/// <summary>
/// MessageBird's signature of a webhook call: a JWT (RFC 7519) whose claims hold the hashes of the URL and of the body.
/// https://developers.messagebird.com/docs/verify-http-requests
/// </summary>
/// <remarks>
/// Checked by hand: three HMACs and five claims are less than a token library, which brings key sets, discovery and reflection into a
/// function that starts cold. The <c>jti</c> is not stored: ids are derived from MessageBird's, so a call that is repeated within its
/// minute changes nothing.
/// </remarks>
internal static class MessageBirdSignature
{
    /// <summary>The header with the token.</summary>
    public const string Header = "messagebird-signature-jwt";

    private const string Issuer = "MessageBird";

    // MessageBird's clock and ours, in seconds: the widest among its own libraries.
    private const double Skew = 5;

    /// <summary>Whether a call is signed with one of our keys. Constant time, and it never throws.</summary>
    /// <param name="request">The call.</param>
    /// <param name="keys">The keys.</param>
    public static bool IsValid(WebhookRequest request, ReadOnlySpan<string> keys)
    {
        if (request.Header(Header).Split('.') is not [var header, var claims, var signature]) return false;

        try
        {
            var (algorithm, extensions) = Decode(header, MessageBirdJwtJson.Default.MessageBirdJwtHeader);
            return extensions is null // RFC 7515, section 4.1.11: what is critical and not understood makes the token invalid
                && HashOf(algorithm) is { } hash
                && IsSigned(hash, Encoding.UTF8.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), keys)
                && Holds(Decode(claims, MessageBirdJwtJson.Default.MessageBirdJwtClaims), request);
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return false;
        }
    }

    private static bool Holds(MessageBirdJwtClaims claims, WebhookRequest request)
    {
        var now = request.ReceivedAt.ToUnixTimeMilliseconds() / 1000.0;
        return claims.Issuer == Issuer
            && claims.ExpiresAt + Skew > now
            && (claims.NotBefore ?? now) <= now + Skew
            && IsHash(claims.UrlHash, Encoding.UTF8.GetBytes(request.Url)) // the query in the order and the writing in which it came

            // Neither may a body be unsigned, nor may one that was signed be gone.
            && (request.Body.IsEmpty ? claims.PayloadHash is null : IsHash(claims.PayloadHash, request.Body.Span));
    }

    private static bool IsSigned(Func<byte[], byte[], byte[]> hash, byte[] signed, byte[] signature, ReadOnlySpan<string> keys)
    {
        var isSigned = false;

        // No way out at the first match: how long it takes says nothing about which one it was.
        foreach (var key in keys) isSigned |= CryptographicOperations.FixedTimeEquals(signature, hash(Encoding.UTF8.GetBytes(key), signed));
        return isSigned;
    }

    // The list of what is allowed is ours: a token that names none or another algorithm has no say in it.
    private static Func<byte[], byte[], byte[]>? HashOf(string? algorithm) => algorithm switch
    {
        "HS256" => HMACSHA256.HashData,
        "HS384" => HMACSHA384.HashData,
        "HS512" => HMACSHA512.HashData,
        _ => null,
    };

    private static bool IsHash(string? claimed, ReadOnlySpan<byte> content) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(claimed ?? ""), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(content))));

    private static T Decode<T>(string piece, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(Base64Url.DecodeFromChars(piece), type) ?? throw new JsonException();
}

/// <summary>The header of a token.</summary>
/// <param name="Algorithm">How it is signed.</param>
/// <param name="Critical">Extensions that must be understood.</param>
internal sealed record MessageBirdJwtHeader(
    [property: JsonPropertyName("alg")] string? Algorithm,
    [property: JsonPropertyName("crit")] JsonElement? Critical);

/// <summary>The claims of a token. Times are seconds since 1970.</summary>
internal sealed record MessageBirdJwtClaims
{
    /// <summary>Who made it.</summary>
    [JsonPropertyName("iss")]
    public string? Issuer { get; init; }

    /// <summary>Until when it counts. Without it no comparison holds, and the token is refused.</summary>
    [JsonPropertyName("exp")]
    public double? ExpiresAt { get; init; }

    /// <summary>From when on it counts; optional in MessageBird's own libraries.</summary>
    [JsonPropertyName("nbf")]
    public double? NotBefore { get; init; }

    /// <summary>The SHA-256 of the URL as it was called.</summary>
    [JsonPropertyName("url_hash")]
    public string? UrlHash { get; init; }

    /// <summary>The SHA-256 of the body; there exactly when there is one.</summary>
    [JsonPropertyName("payload_hash")]
    public string? PayloadHash { get; init; }
}

/// <summary>The JSON of tokens.</summary>
[JsonSerializable(typeof(MessageBirdJwtHeader))]
[JsonSerializable(typeof(MessageBirdJwtClaims))]
internal sealed partial class MessageBirdJwtJson : JsonSerializerContext;
