using System.Text.Json;
using Omni.Shared;
using Omni.Testing;

namespace Omni.WhatsApp.Inbound.Tests;

public class WhatsAppErrorsTests
{
    private static readonly Dictionary<string, string> Reasons =
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine("Fixtures", "status-errors.json")))!;

    public static TheoryData<string> Codes() => [.. Reasons.Keys];

    [Theory, MemberData(nameof(Codes))]
    public void An_error_of_a_status_has_its_reason(string code)
    {
        var call = """{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"statuses":"""
            + $$$"""[{"id":"wamid.1","status":"failed","errors":[{"code":{{{code}}}}]}]}}]}]}""";

        var report = Assert.IsType<CarrierEvent.DeliveryReported>(
            Assert.Single(WhatsAppMapper.Map(System.Text.Encoding.UTF8.GetBytes(call))));

        Assert.Equal(
            code switch
            {
                "131043" => MessageStatus.Expired,
                "130472" or "131026" or "131049" or "131050" => MessageStatus.Undelivered,
                _ => MessageStatus.Failed
            },
            report.Status);
        Assert.Equal(Reasons[code], report.Reason?.Code());
        Assert.Equal(code, report.CarrierCode);
    }

    [Fact]
    public void Every_code_of_the_table_is_tested() =>
        Assert.Equal(
            WhatsAppErrors.Table.Rows.Keys.Where(code => code is not { Length: 3 } or "200" or "299" || code[0] != '2').Order(),
            Reasons.Keys.Order());

    [Fact]
    public void The_page_on_whatsapp_lists_every_code_with_its_class_and_its_reason() =>
        Assert.Equal(ErrorGuide.Of(WhatsAppErrors.Table), ErrorGuide.Read(File.ReadAllText("whatsapp.md")));
}
