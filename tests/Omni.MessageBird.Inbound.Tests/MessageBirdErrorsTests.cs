using System.Text.Json;
using System.Text.RegularExpressions;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Inbound.Tests;

public partial class MessageBirdErrorsTests
{
    public static TheoryData<string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var (table, codes) in JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(
            File.ReadAllText(Path.Combine("Fixtures", "errors.json")))!)
        {
            foreach (var (code, reason) in codes) rows.Add(table, code, reason);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void Each_code_has_its_reason(string table, string code, string reason)
    {
        var (status, errors) = table == "reports" ? ("delivery_failed", MessageBirdErrors.Reports) : ("failed", MessageBirdErrors.Api);

        var report = Assert.IsType<CarrierEvent.DeliveryReported>(new MessageBirdStatus(null, "1", code, errors).Map(status));

        Assert.Equal(reason, report.Reason?.Code());
        Assert.Equal(code, report.CarrierCode);
    }

    [Fact]
    public void The_table_of_cases_is_whole() =>
        Assert.Equal(All(), Rows().Select(row => string.Join(' ', row)).Order());

    [Fact]
    public void The_page_on_messagebird_lists_every_code_with_its_reason()
    {
        var page = Row().Matches(File.ReadAllText("messagebird.md"))
            .SelectMany(row => row.Groups["codes"].Value.Split(", ").Select(
                code => $"{(row.Groups["where"].Value == "report" ? "reports" : "api")} {code} {row.Groups["reason"].Value}"))
            .Order();

        Assert.Equal(All(), page);
    }

    private static IEnumerable<string> All() =>
        Words("api", MessageBirdErrors.Api).Concat(Words("reports", MessageBirdErrors.Reports)).Order();

    private static IEnumerable<string> Words(string table, CarrierErrors errors) =>
        errors.Rows.Select(row => $"{table} {row.Key} {row.Value.Reason.Code()}");

    // | 2, 1001 | answer | … | `auth` |
    [GeneratedRegex(
        @"^\| (?<codes>\d{1,4}(, \d{1,4})*) \| (?<where>answer|report) \|.*\| `(?<reason>[a-z_]+)` \|\r?$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
