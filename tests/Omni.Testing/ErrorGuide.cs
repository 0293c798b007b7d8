using System.Globalization;
using System.Text.RegularExpressions;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Testing;

/// <summary>The table of error codes in a carrier's guide, to be compared with the table that the functions go by.</summary>
public static partial class ErrorGuide
{
    /// <summary>Every code of a table with its class and its reason, in the guide's words.</summary>
    public static IEnumerable<string> Of(CarrierErrors table) =>
        table.Rows.Select(row => $"{row.Key} {Word(row.Value.Class)} {row.Value.Reason.Code()}").Order(StringComparer.Ordinal);

    /// <summary>Every code of a guide with its class and its reason.</summary>
    /// <param name="markdown">The guide.</param>
    public static IEnumerable<string> Read(string markdown) =>
        (from row in Row().Matches(markdown)
         from codes in row.Groups["codes"].Value.Split(", ")
         from code in Range(codes.Trim('`'))
         select $"{code} {row.Groups["class"].Value} {row.Groups["reason"].Value}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Range(string codes)
    {
        if (codes.Split('–') is not [var first, var last]) return [codes];
        var start = int.Parse(first, CultureInfo.InvariantCulture);
        return Enumerable.Range(start, int.Parse(last, CultureInfo.InvariantCulture) - start + 1).Select(code => code.ToString(CultureInfo.InvariantCulture));
    }

    private static string Word(ErrorClass value) => value switch
    {
        ErrorClass.Permanent => "final",
        ErrorClass.Transient => "again",
        ErrorClass.Throttled => "slower",
        ErrorClass.RecipientThrottled => "slower to them",
        ErrorClass.OurFault => "our fault",
        _ => "unknown",
    };

    // | 132000, 132001 | … | final | `template_rejected` |
    [GeneratedRegex(
        @"^\| (?<codes>[^|]+) \|.*\| (?<class>final|again|slower|slower to them|our fault|unknown) \| `(?<reason>[a-z_]+)` \|\r?$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
