using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Omni.Pipeline;

namespace Omni.MessageBird.Inbound;

/// <summary>
/// MessageBird's older signature, which it calls deprecated: base64 of HMAC-SHA256 over the time of the call, its query and the hash of its
/// body. The URL is not under it. https://developers.messagebird.com/api/#verifying-http-requests
/// </summary>
internal static class MessageBirdLegacySignature
{
    private const string Header = "messagebird-signature", TimestampHeader = "messagebird-request-timestamp";

    /// <summary>Whether a call is signed with one of our keys, and fresh. Constant time, and it never throws.</summary>
    /// <param name="request">The call.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="age">How far the time of the call may be from ours, either way.</param>
    public static bool IsValid(WebhookRequest request, ReadOnlySpan<string> keys, TimeSpan age)
    {
        var timestamp = request.Header(TimestampHeader);
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(request.ReceivedAt.ToUnixTimeSeconds() - seconds) > age.TotalSeconds) return false;

        // Of the body the 32 bytes of its hash are signed, not their hex; an empty body has a hash too.
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{timestamp}\n{Sorted(request.Query)}\n"), .. SHA256.HashData(request.Body.Span)];
        var claimed = Encoding.UTF8.GetBytes(request.Header(Header));
        var isSigned = false;
        foreach (var key in keys)
        {
            isSigned |= CryptographicOperations.FixedTimeEquals(
                claimed, Encoding.ASCII.GetBytes(Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed))));
        }

        return isSigned;
    }

    // The fields as they came, sorted by name. Decoding them and encoding them again would turn the + of a time into a space,
    // or into another + than was signed.
    private static string Sorted(string query) => query.Length == 0
        ? ""
        : string.Join('&', query.Split('&').OrderBy(field => Uri.UnescapeDataString(field.Split('=', 2)[0]), StringComparer.Ordinal));
}
