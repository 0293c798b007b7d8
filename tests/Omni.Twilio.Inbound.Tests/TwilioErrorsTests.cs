using System.Text.Json;
using System.Text.RegularExpressions;
using Omni.Shared;

namespace Omni.Twilio.Inbound.Tests;

public partial class TwilioErrorsTests
{
    public static TheoryData<string, string> Callbacks()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (code, reason) in JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine("Fixtures", "callback-errors.json")))!)
        {
            cases.Add(code, reason);
        }

        return cases;
    }

    [Theory, MemberData(nameof(Callbacks))]
    public void An_error_of_a_callback_has_its_reason(string code, string reason)
    {
        var form = TwilioForm.Decode(System.Text.Encoding.UTF8.GetBytes($"MessageSid=SM1&MessageStatus=undelivered&ErrorCode={code}")).Read();

        var report = Assert.IsType<CarrierEvent.DeliveryReported>(Assert.Single(TwilioMapper.Map(form, reference: null, ourAccount: null)));

        Assert.Equal(code == "30036" ? MessageStatus.Expired : MessageStatus.Undelivered, report.Status);
        Assert.Equal(reason, report.Reason?.Code());
        Assert.Equal(code, report.CarrierCode);
    }

    [Fact]
    public void The_page_on_twilio_lists_every_code_with_its_reason()
    {
        var page = Row().Matches(File.ReadAllText("twilio.md"))
            .SelectMany(row => row.Groups["codes"].Value.Split(", ").Select(code => $"{code} {row.Groups["reason"].Value}"))
            .Order();

        Assert.Equal(TwilioErrors.Table.Rows.Select(known => $"{known.Key} {known.Value.Reason.Code()}").Order(), page);
    }

    // | 21654, 21655 | … | `template_rejected` |
    [GeneratedRegex(@"^\| (?<codes>\d{5}(, \d{5})*) \|.*\| `(?<reason>[a-z_]+)` \|\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
