using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Omni.Pipeline;

namespace Omni.Inteliquent.Inbound;

/// <summary>
/// How a webhook call proves that it comes from Inteliquent. It carries a random <c>messageID</c> and its hash under the inbound key; if
/// agreed, a static header and a secret in the path too. The hash covers nothing of the body. The carrier's description says HMAC-SHA256;
/// receivers that ran against it (Mozilla's Relay, FS PBX) saw the SHA-256 of key and id in a row.
/// https://github.com/mozilla/fx-private-relay/blob/f01cd226b/phones/iq_utils.py
/// </summary>
internal static class InteliquentProof
{
    private const int LongestId = 64;

    // A plain SHA-256 of key and data can be carried on by whoever may choose any bytes after the data.
    // Of these characters no padding can be made.
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Whether a call proves all that was agreed. Constant time, and it never throws.</summary>
    /// <param name="request">The call.</param>
    /// <param name="options">What was agreed.</param>
    /// <returns>The formula that the hash follows; null when the call is not proven.</returns>
    public static HashForm? Find(WebhookRequest request, InteliquentOptions options)
    {
        // All three are looked at, whatever the first says: how long it takes tells nothing about which one was wrong.
        var form = FormOf(request.Header("messageid"), request.Header("verificationtoken"), options);
        var hasHeader = options.HeaderName is not { } name || WebhookSecret.IsOneOf(request.Header(name), options.HeaderValues);
        var hasToken = options.PathTokens is [null, null] || WebhookSecret.IsOneOf(request.PathToken, options.PathTokens);
        return hasHeader & hasToken ? form : null;
    }

    private static HashForm? FormOf(string id, string claim, InteliquentOptions options)
    {
        if (id.Length is 0 or > LongestId || id.AsSpan().ContainsAnyExcept(IdCharacters)) return null;

        var claimed = Decode(claim);
        var (isHmac, isSha256) = (false, false);
        foreach (var secret in options.Secrets.OfType<string>())
        {
            isHmac |= CryptographicOperations.FixedTimeEquals(
                claimed, HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(id)));
            isSha256 |= CryptographicOperations.FixedTimeEquals(claimed, SHA256.HashData(Encoding.UTF8.GetBytes(secret + id)));
        }

        return options.Form switch
        {
            HashForm.Sha256 or HashForm.Any when isSha256 => HashForm.Sha256,
            HashForm.Hmac or HashForm.Any when isHmac => HashForm.Hmac,
            _ => null,
        };
    }

    // Hex was seen. How the documented form is written the description does not say: base64 would be the other usual way.
    private static byte[] Decode(string claim)
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        var isWhole = claim.Length == 2 * bytes.Length
            ? Convert.FromHexString(claim, bytes, out _, out var length) == OperationStatus.Done && length == bytes.Length
            : Convert.TryFromBase64String(claim, bytes, out length) && length == bytes.Length;
        return isWhole ? bytes : [];
    }
}
