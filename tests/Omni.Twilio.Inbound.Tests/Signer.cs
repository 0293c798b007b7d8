using System.Security.Cryptography;
using System.Text;

namespace Omni.Twilio.Inbound.Tests;

/// <summary>Twilio's side of the signature, written apart from the function's and over text instead of bytes.</summary>
internal static class Signer
{
    public static string Sign(string token, string url, IEnumerable<KeyValuePair<string, string>>? form = null)
    {
        var data = new StringBuilder(url);
        foreach (var (name, value) in (form ?? []).Distinct()
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .ThenBy(field => field.Value, StringComparer.Ordinal))
        {
            data.Append(name).Append(value);
        }

#pragma warning disable CA5350 // Twilio's choice
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(data.ToString())));
#pragma warning restore CA5350
    }
}
