using System.Text.Json;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Twilio.Inbound.Tests;

public class TwilioErrorsTests
{
    public static TheoryData<string, string> Callbacks()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (code, reason) in JsonSerializer.Deserialize<Dictionary<string, string>>(
            File.ReadAllText(Path.Combine("Fixtures", "callback-errors.json")))!)
        {
            cases.Add(code, reason);
        }

        return cases;
    }

    [Theory, MemberData(nameof(Callbacks))]
    public void An_error_of_a_callback_has_its_reason(string code, string reason)
    {
        var form = TwilioForm.Decode(System.Text.Encoding.UTF8.GetBytes($"MessageSid=SM1&MessageStatus=undelivered&ErrorCode={code}"))
            .Read();

        var report = Assert.IsType<CarrierEvent.DeliveryReported>(Assert.Single(TwilioMapper.Map(form, reference: null, ourAccount: null)));

        Assert.Equal(code == "30036" ? MessageStatus.Expired : MessageStatus.Undelivered, report.Status);
        Assert.Equal(reason, report.Reason?.Code());
        Assert.Equal(code, report.CarrierCode);
    }

    [Fact]
    public void Every_code_of_the_table_is_tested() =>
        Assert.Equal(TwilioErrors.Table.Rows.Keys.Order(), Callbacks().Select(row => (string)row[0]).Order());

    [Fact]
    public void The_page_on_twilio_lists_every_code_with_its_class_and_its_reason() =>
        Assert.Equal(ErrorGuide.Of(TwilioErrors.Table), ErrorGuide.Read(File.ReadAllText("twilio.md")));
}
