using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Twilio;

/// <summary>
/// HTTP Basic: the account's SID with one of its tokens, or an API key with its secret. The path names the account either way.
/// </summary>
internal static class TwilioCredentials
{
    public static TwilioError? Refuse(HttpRequest request, TwilioOptions options)
    {
        if (RefuseUnknown(request, options) is { } unknown) return unknown;
        return (string?)request.RouteValues["account"] == options.AccountSid ? null : TwilioError.Of(TwilioError.NotFound);
    }

    /// <summary>The same where the path names no account.</summary>
    public static TwilioError? RefuseUnknown(HttpRequest request, TwilioOptions options) =>
        IsKnown(request.Headers.Authorization, options) ? null : TwilioError.Of(TwilioError.Unauthorized);

    private static bool IsKnown(string? header, TwilioOptions options)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !"Basic".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase))
            return false;

        var bytes = new byte[value.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(value.Parameter ?? "", bytes, out var length)) return false;

        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var user, var password]
            && ((user == options.AccountSid && (password == options.AuthToken || password == options.SecondaryAuthToken))
                || (options.ApiKeySid is not null && user == options.ApiKeySid && password == options.ApiKeySecret));
    }
}
