using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Omni.Simulators.Inteliquent;

/// <summary>How a message ends when no rule says otherwise.</summary>
/// <param name="Path">The states of its receipts, in the words of SMPP 3.4.</param>
/// <param name="Error">The error of the last one.</param>
internal sealed record InteliquentEnding(IReadOnlyList<string> Path, string Error = "000");

/// <summary>
/// The carrier's form of a number, and the numbers to which this simulator gives a meaning. The carrier has no test numbers.
/// </summary>
internal static partial class InteliquentNumbers
{
    /// <summary>The whole call is answered <c>success: false</c>.</summary>
    public const string Declined = "15005550001";

    /// <summary>The call is taken, the recipient is not.</summary>
    public const string NotTaken = "15005550002";

    public static readonly InteliquentEnding Delivered = new(["DELIVRD"]);

    public static readonly FrozenDictionary<string, InteliquentEnding> Endings = new Dictionary<string, InteliquentEnding>
    {
        ["15005553003"] = new(["ENROUTE", "UNDELIV"], "027"),
        ["15005553005"] = new(["REJECTD"], "008"),
        ["15005553006"] = new(["ACCEPTD", "DELETED"], "005"),
        ["15005553036"] = new(["EXPIRED"], "003"),
        ["15005553000"] = new([]),
    }.ToFrozenDictionary();

    public static bool IsNumber(string? text) => text is not null && Number().IsMatch(text);

    /// <summary>A number as people and tests write it, in the carrier's form.</summary>
    public static string OfPerson(string e164) => e164.TrimStart('+');

    // Eleven digits with the leading 1, and no plus.
    [GeneratedRegex(@"^1\d{10}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
