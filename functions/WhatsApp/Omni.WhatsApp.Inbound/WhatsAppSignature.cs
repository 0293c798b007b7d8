using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Omni.Pipeline;

namespace Omni.WhatsApp.Inbound;

/// <summary>
/// Meta's signature of a webhook call: <c>sha256=</c> and HMAC-SHA256 in hex, under the app's secret, over the bytes of the body.
/// https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
/// </summary>
internal static class WhatsAppSignature
{
    private const string Header = "x-hub-signature-256", Prefix = "sha256=";
    private const char LastPlain = '~';

    /// <summary>Whether a call is signed with one of our secrets. Constant time, and it never throws.</summary>
    /// <param name="request">The call.</param>
    /// <param name="secrets">The secrets.</param>
    public static bool IsValid(WebhookRequest request, ReadOnlySpan<string> secrets)
    {
        var header = request.Header(Header);
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!header.StartsWith(Prefix, StringComparison.Ordinal) || header.Length != Prefix.Length + 2 * claimed.Length
            || Convert.FromHexString(header.AsSpan(Prefix.Length), claimed, out _, out _) is not System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        // Meta says that it signs text with its Unicode escaped.
        // Bodies come escaped already, as a rule; where one does not, both readings count.
        var body = request.Body.Span;
        var escaped = body.IndexOfAnyInRange((byte)0x80, (byte)0xFF) >= 0 ? Escape(body) : null;

        var isValid = false;
        foreach (var secret in secrets)
        {
            // No way out at the first match: how long it takes says nothing about which one it was.
            var key = Encoding.UTF8.GetBytes(secret);
            isValid |= CryptographicOperations.FixedTimeEquals(claimed, HMACSHA256.HashData(key, body));
            if (escaped is not null) isValid |= CryptographicOperations.FixedTimeEquals(claimed, HMACSHA256.HashData(key, escaped));
        }

        return isValid;
    }

    private static byte[] Escape(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body);
        var escaped = new StringBuilder(text.Length * 2);
        foreach (var unit in text)
        {
            if (unit > LastPlain) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            else escaped.Append(unit);
        }

        return Encoding.ASCII.GetBytes(escaped.ToString());
    }
}
