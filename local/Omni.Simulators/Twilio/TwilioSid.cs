using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Omni.Simulators.Twilio;

/// <summary>Twilio's ids: two letters for the kind, and 32 hex digits.</summary>
internal static partial class TwilioSid
{
    public static string New(string kind) => kind + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static bool IsA(string kind, string sid) => sid.StartsWith(kind, StringComparison.Ordinal) && Form().IsMatch(sid);

    [GeneratedRegex("^[A-Z]{2}[0-9a-fA-F]{32}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
