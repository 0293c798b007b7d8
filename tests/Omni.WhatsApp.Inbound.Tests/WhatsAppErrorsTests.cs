using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Inbound.Tests;

public partial class WhatsAppErrorsTests
{
    private static readonly Dictionary<string, string> Reasons =
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine("Fixtures", "status-errors.json")))!;

    public static TheoryData<string> Codes() => [.. Reasons.Keys];

    [Theory, MemberData(nameof(Codes))]
    public void An_error_of_a_status_has_its_reason(string code)
    {
        var call = $$$"""
            {"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"statuses":[{"id":"wamid.1","status":"failed","errors":[{"code":{{{code}}}}]}]}}]}]}
            """;

        var report = Assert.IsType<CarrierEvent.DeliveryReported>(Assert.Single(WhatsAppMapper.Map(System.Text.Encoding.UTF8.GetBytes(call))));

        Assert.Equal(
            code switch { "131043" => MessageStatus.Expired, "130472" or "131026" or "131049" or "131050" => MessageStatus.Undelivered, _ => MessageStatus.Failed },
            report.Status);
        Assert.Equal(Reasons[code], report.Reason?.Code());
        Assert.Equal(code, report.CarrierCode);
    }

    [Fact]
    public void Every_code_of_the_table_is_tested() =>
        Assert.Equal(WhatsAppErrors.Table.Rows.Keys.Where(code => code is not { Length: 3 } or "200" or "299" || code[0] != '2').Order(), Reasons.Keys.Order());

    [Fact]
    public void The_page_on_whatsapp_lists_every_code_with_its_class_and_its_reason()
    {
        var page =
            from row in Row().Matches(File.ReadAllText("whatsapp.md"))
            from codes in row.Groups["codes"].Value.Split(", ")
            from code in Range(codes)
            select $"{code} {row.Groups["class"].Value} {row.Groups["reason"].Value}";

        Assert.Equal(WhatsAppErrors.Table.Rows.Select(row => $"{row.Key} {Word(row.Value.Class)} {row.Value.Reason.Code()}").Order(), page.Order());
    }

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
    [GeneratedRegex(@"^\| (?<codes>\d+(–\d+)?(, \d+(–\d+)?)*) \|.*\| (?<class>[a-z ]+) \| `(?<reason>[a-z_]+)` \|\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
