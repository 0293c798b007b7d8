using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Omni.Client;

/// <summary>
/// What Omni posts to your endpoints, by the rules of Standard Webhooks:
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
/// </summary>
public static class OmniWebhook
{
    /// <summary>The header with the event's id: a repeat has the same one.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the time of the attempt, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The header with the signatures, separated by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Verifies a call and reads its event: signed with one of the secrets, five minutes from now at most.</summary>
    /// <typeparam name="TValue">The type of the headers' values: a text, a list of them, or what the framework has for it.</typeparam>
    /// <param name="headers">The call's headers, of any framework. Their names are compared without case.</param>
    /// <param name="body">The call's body to the byte, as it came.</param>
    /// <param name="secrets">The endpoint's secrets, <c>whsec_…</c>: the new one and the one before while they rotate.</param>
    /// <param name="received">The event; null when it is not Omni's.</param>
    /// <param name="clock">The time; null for the system's.</param>
    /// <returns>Whether the event is Omni's. Answer 401 when it is not.</returns>
    /// <exception cref="FormatException">A secret is none.</exception>
    public static bool TryVerify<TValue>(
        IEnumerable<KeyValuePair<string, TValue>> headers,
        ReadOnlySpan<byte> body,
        IEnumerable<string> secrets,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Event? received,
        TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(secrets);

        received = null;
        var (id, timestamp, given) = (ValueOf(headers, IdHeader), ValueOf(headers, TimestampHeader), ValueOf(headers, SignatureHeader));
        if (id is null || given is null || !IsNow(timestamp, clock ?? TimeProvider.System)) return false;

        var isSigned = false;
        foreach (var secret in secrets)
        {
            var wanted = Encoding.ASCII.GetBytes(Signature(id, timestamp!, body, secret));
            foreach (var one in given.Split(' '))
            {
                isSigned |= CryptographicOperations.FixedTimeEquals(wanted, Encoding.UTF8.GetBytes(one));
            }
        }

        if (isSigned) received = TryRead(body);
        return received is not null;
    }

    /// <summary>Signs a body as Omni does: for the tests of a receiver.</summary>
    /// <param name="id">The event's id.</param>
    /// <param name="at">The time of the attempt.</param>
    /// <param name="body">The body.</param>
    /// <param name="secret">The endpoint's secret, <c>whsec_…</c>.</param>
    /// <returns>The value of <see cref="SignatureHeader"/>.</returns>
    /// <exception cref="FormatException">The secret is none.</exception>
    public static string Sign(string id, DateTimeOffset at, ReadOnlySpan<byte> body, string secret) =>
        Signature(id, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), body, secret);

    private static string Signature(string id, string timestamp, ReadOnlySpan<byte> body, string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var hasPrefix = secret.StartsWith(SecretPrefix, StringComparison.Ordinal);
        var key = Convert.FromBase64String(hasPrefix ? secret[SecretPrefix.Length..] : secret);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return Version + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }

    private static bool IsNow(string? timestamp, TimeProvider clock) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        && (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= Tolerance;

    private static string? ValueOf<TValue>(IEnumerable<KeyValuePair<string, TValue>> headers, string name)
    {
        foreach (var (key, value) in headers)
        {
            if (!key.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            return value is IEnumerable<string?> many ? string.Join(' ', many) : value?.ToString();
        }

        return null;
    }

    private static Event? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, OmniJson.Default.Event);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
