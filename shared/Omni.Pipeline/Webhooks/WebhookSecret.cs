using System.Security.Cryptography;
using System.Text;

namespace Omni.Pipeline;

/// <summary>Compares what a caller claims with what it should be, in constant time.</summary>
public static class WebhookSecret
{
    /// <summary>
    /// Whether a claim is one of the values that are valid now: the current one and, during a rotation, the one before.
    /// An empty value is none.
    /// </summary>
    /// <param name="claimed">What the caller says.</param>
    /// <param name="valid">The valid values; null or empty where one is not set.</param>
    public static bool IsOneOf(string? claimed, params ReadOnlySpan<string?> valid)
    {
        var claim = SHA256.HashData(Encoding.UTF8.GetBytes(claimed ?? ""));
        var found = false;
        foreach (var value in valid)
        {
            // Hashes have one length, so that not even the length of the secret shows; and no way out at the first match.
            var isIt = CryptographicOperations.FixedTimeEquals(claim, SHA256.HashData(Encoding.UTF8.GetBytes(value ?? "")));
            found |= isIt & !string.IsNullOrEmpty(value);
        }

        return found;
    }
}
