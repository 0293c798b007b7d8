using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Bandwidth.Inbound.Tests;

public partial class BandwidthErrorsTests
{
    public static TheoryData<string, string, string> Failures()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var (code, expected) in JsonNode.Parse(File.ReadAllText(Path.Combine("Fixtures", "callback-errors.json")))!.AsObject())
        {
            cases.Add(code, (string)expected![0]!, (string)expected[1]!);
        }

        return cases;
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task A_failed_message_has_its_status_and_reason(string code, string status, string reason)
    {
        var edge = Bandwidth.NewEdge();

        await edge.CallAsync(Bandwidth.SignedIn(
            $$$"""
            [{"type":"message-failed","time":"2026-11-23T10:15:04Z","description":"x","to":"+14155550123","errorCode":{{{code}}},
              "message":{"id":"m1","to":["+14155550123"],"from":"+12065550100","tag":"msg_1.0.1",
              "applicationId":"{{{Bandwidth.Application}}}","owner":"+12065550100","direction":"out"}}]
            """));

        var report = edge.Events[0]!;
        Assert.Equal(status, (string?)report["status"]);
        Assert.Equal(reason, (string?)report["reason"]);
        Assert.Equal(code, (string?)report["carrierCode"]);
        Assert.Equal("msg_1.0.1", (string?)report["reference"]);

        // Of the failures only the block list is an opt-out that its receipt alone can tell of; 4775 is one by its reason.
        Assert.Equal(code == "4482" ? 2 : 1, edge.Events.Count);
    }

    [Fact]
    public void Every_code_of_a_failed_message_has_its_case()
    {
        var cases = JsonNode.Parse(File.ReadAllText(Path.Combine("Fixtures", "callback-errors.json")))!.AsObject()
            .Select(c => c.Key)
            .ToHashSet();
        Assert.Empty(BandwidthErrors.Table.Rows.Keys.Where(code => code.All(char.IsAsciiDigit) && !cases.Contains(code)));
    }

    [Fact]
    public void The_page_on_bandwidth_lists_every_code_with_its_class_and_reason()
    {
        var page = Row().Matches(File.ReadAllText("bandwidth.md"))
            .SelectMany(row => row.Groups["codes"].Value.Split(", ").Select(
                code => $"{code.Trim('`')} {row.Groups["class"].Value} {row.Groups["reason"].Value}"))
            .Order();

        Assert.Equal(
            BandwidthErrors.Table.Rows.Select(known => $"{known.Key} {Word(known.Value.Class)} {known.Value.Reason.Code()}").Order(), page);

        static string Word(ErrorClass of) => of switch
        {
            ErrorClass.OurFault => "our fault",
            _ => of.ToString().ToLowerInvariant(),
        };
    }

    // | 4404, 4406 | … | permanent | `invalid_recipient` |
    [GeneratedRegex(
        @"^\| (?<codes>(`[a-z_0-9-]+`|\d{4})(, (`[a-z_0-9-]+`|\d{4}))*) \|[^|]*\| (?<class>[a-z ]+) \| `(?<reason>[a-z_]+)` \|\r?$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
