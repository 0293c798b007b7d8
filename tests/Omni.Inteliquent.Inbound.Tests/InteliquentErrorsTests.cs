using System.Text.RegularExpressions;
using Omni.Shared;

namespace Omni.Inteliquent.Inbound.Tests;

public partial class InteliquentErrorsTests
{
    [Fact]
    public void The_page_on_inteliquent_lists_every_code_with_what_follows_and_its_reason()
    {
        var page = Row().Matches(File.ReadAllText("inteliquent.md"))
            .SelectMany(row =>
                row.Groups["codes"].Value.Split(", ").Select(code => $"{code} {row.Groups["class"].Value} {row.Groups["reason"].Value}"))
            .Order();

        Assert.Equal(
            InteliquentErrors.Table.Rows.Select(known => $"{known.Key} {known.Value.Class} {known.Value.Reason.Code()}").Order(), page);
    }

    // | 408, 414 | A | … | Permanent | `bad_request` |
    [GeneratedRegex(
        @"^\| (?<codes>[0-9A-Z]{3,7}(, [0-9A-Z]{3,7})*) \|.*\| (?<class>[A-Za-z]+) \| `(?<reason>[a-z_]+)` \|\r?$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
