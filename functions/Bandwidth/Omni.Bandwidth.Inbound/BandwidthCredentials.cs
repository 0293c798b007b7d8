using System.Text;
using Omni.Pipeline;

namespace Omni.Bandwidth.Inbound;

/// <summary>
/// What proves that Bandwidth calls. It signs nothing: there are only the credentials of the application, sent as Basic (RFC 7617) once we
/// asked for them, and a secret of our own making at the end of the path. https://dev.bandwidth.com/docs/messaging/webhooks
/// </summary>
internal static class BandwidthCredentials
{
    private const string Scheme = "Basic ";

    /// <summary>Whether a call has the credentials or the secret path. Constant time, and it never throws.</summary>
    /// <param name="request">The call.</param>
    /// <param name="options">The valid values.</param>
    public static bool AreValid(WebhookRequest request, BandwidthOptions options)
    {
        var (user, password) = Decode(request.Header("authorization"));

        // No shortcut operators: how long it takes says nothing about which part was right.
        var bySignIn = WebhookSecret.IsOneOf(user, options.User) & WebhookSecret.IsOneOf(password, options.Passwords);
        var byPath = WebhookSecret.IsOneOf(request.PathToken, options.PathTokens);
        return bySignIn | byPath;
    }

    // What cannot be read is an empty user with an empty password, which are never valid.
    private static (string User, string Password) Decode(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return ("", "");

        var encoded = header.AsSpan(Scheme.Length).Trim();
        var decoded = new byte[encoded.Length];
        if (!Convert.TryFromBase64Chars(encoded, decoded, out var length)) return ("", "");

        var pair = Encoding.UTF8.GetString(decoded, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal); // a password may have colons of its own
        return colon < 0 ? ("", "") : (pair[..colon], pair[(colon + 1)..]);
    }
}
