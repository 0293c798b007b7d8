using System.Security.Cryptography;
using System.Text;
using Omni.Pipeline;

namespace Omni.Twilio.Inbound;

/// <summary>
/// Twilio's signature of a webhook call: base64 of HMAC-SHA1, under the auth token, over the URL and the fields of the form.
/// https://www.twilio.com/docs/usage/security#validating-requests
/// </summary>
internal static class TwilioSignature
{
    private const string BodyHash = "bodySHA256=";

    private static readonly Comparer<(byte[] Name, byte[] Value)> ByBytes = Comparer<(byte[] Name, byte[] Value)>.Create((left, right) =>
        left.Name.AsSpan().SequenceCompareTo(right.Name) is not 0 and var byName
            ? byName
            : left.Value.AsSpan().SequenceCompareTo(right.Value));

    /// <summary>Whether a call is signed with one of our tokens. Constant time, and it never throws.</summary>
    /// <param name="request">The call.</param>
    /// <param name="tokens">The tokens.</param>
    public static bool IsValid(WebhookRequest request, ReadOnlySpan<string> tokens)
    {
        if (SignedFields(request) is not { } fields) return false;

        var claimed = Encoding.UTF8.GetBytes(request.Header("x-twilio-signature"));
        var isValid = false;
        foreach (var token in tokens)
        {
            foreach (var url in (string[])[request.Url, OtherPort(request.Url)])
            {
                // No way out at the first match: how long it takes says nothing about which one it was.
                isValid |= CryptographicOperations.FixedTimeEquals(claimed, Encoding.ASCII.GetBytes(Sign(token, url, fields)));
            }
        }

        return isValid;
    }

    /// <summary>The signature of a URL and what follows it.</summary>
    /// <param name="token">The auth token.</param>
    /// <param name="url">The URL that Twilio was given, without its fragment.</param>
    /// <param name="fields">The form's fields in the order of <see cref="InSigningOrder"/>.</param>
    public static string Sign(string token, string url, IEnumerable<(byte[] Name, byte[] Value)> fields)
    {
        // SHA-1 is Twilio's choice; as an HMAC it still holds.
#pragma warning disable CA5350
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, Encoding.UTF8.GetBytes(token));
#pragma warning restore CA5350
        hmac.AppendData(Encoding.UTF8.GetBytes(url));
        foreach (var (name, value) in fields)
        {
            hmac.AppendData(name);
            hmac.AppendData(value);
        }

        return Convert.ToBase64String(hmac.GetHashAndReset());
    }

    /// <summary>
    /// The fields as they are signed: by name, then by value, in the order of their bytes; the same field twice counts once.
    /// </summary>
    /// <param name="form">The form.</param>
    public static IReadOnlyList<(byte[] Name, byte[] Value)> InSigningOrder(TwilioForm form)
    {
        var signed = new List<(byte[] Name, byte[] Value)>(form.Fields.Count);
        foreach (var field in form.Fields.Order(ByBytes))
        {
            if (signed is not [.., var last] || ByBytes.Compare(last, field) != 0) signed.Add(field);
        }

        return signed;
    }

    // A form is signed field by field. Anything else is covered only by its hash in the URL: a body without one is not covered at all.
    private static IReadOnlyList<(byte[] Name, byte[] Value)>? SignedFields(WebhookRequest request) => request switch
    {
        { Method: "GET" } or { Body.IsEmpty: true } => [],
        { ContentType: TwilioForm.MediaType } => InSigningOrder(TwilioForm.Decode(request.Body.Span)),
        _ => HasBodyHash(request) ? [] : null,
    };

    private static bool HasBodyHash(WebhookRequest request)
    {
        var claimed = request.Query.Split('&')
            .FirstOrDefault(field => field.StartsWith(BodyHash, StringComparison.Ordinal))?[BodyHash.Length..];
        var actual = Convert.ToHexStringLower(SHA256.HashData(request.Body.Span));
        return claimed is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(claimed.ToLowerInvariant()), Encoding.ASCII.GetBytes(actual));
    }

    /// <summary>
    /// The URL without its port or, if it has none, with its scheme's. Twilio signs the URL with or without the port, depending on the
    /// product and the time, so both count.
    /// </summary>
    private static string OtherPort(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        var end = url.AsSpan(start).IndexOfAny('/', '?') is >= 0 and var length ? start + length : url.Length;

        // A colon before an @ belongs to credentials, one inside [ ] to an IPv6 address.
        var host = url.AsSpan(start, end - start);
        var colon = host.LastIndexOf(':');
        if (colon >= 0 && host[colon..].IndexOfAny('@', ']') < 0) return string.Concat(url.AsSpan(0, start + colon), url.AsSpan(end));
        return url.Insert(end, url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? ":80" : ":443");
    }
}
