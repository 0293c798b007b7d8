using System.Security.Cryptography;
using System.Text;

namespace Omni.Simulators.Twilio;

/// <summary>Signs webhooks as Twilio does: https://www.twilio.com/docs/usage/security#validating-requests</summary>
internal static class TwilioSigner
{
    public const string Header = "X-Twilio-Signature";

    /// <param name="url">The URL as it was given, with its query and without its fragment.</param>
    public static string Sign(string token, string url, IEnumerable<KeyValuePair<string, string>> form)
    {
        var data = new StringBuilder(url);
        foreach (var (name, value) in form.OrderBy(field => field.Key, StringComparer.Ordinal)) data.Append(name).Append(value);

        // SHA-1 is Twilio's choice, not ours.
#pragma warning disable CA5350
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(data.ToString())));
#pragma warning restore CA5350
    }
}
