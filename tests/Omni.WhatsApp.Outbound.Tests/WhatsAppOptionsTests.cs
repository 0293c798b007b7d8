using Omni.Aws;

namespace Omni.WhatsApp.Outbound.Tests;

public class WhatsAppOptionsTests
{
    [Fact]
    public void All_that_is_missing_is_named_at_once() => Assert.Equal(
        ["WHATSAPP_API_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"],
        Assert.Throws<SettingsException>(() => new WhatsAppOptions(new Settings(new Dictionary<string, string>()))).Missing);

    [Theory]
    [InlineData("WHATSAPP_PHONE_NUMBER_IDS", "99001122")]
    [InlineData("WHATSAPP_PHONE_NUMBER_IDS", "+31205550100=")]
    [InlineData("WHATSAPP_PHONE_NUMBER_IDS", "31205550100=99001122")]
    [InlineData("WHATSAPP_PHONE_NUMBER_IDS", "+31205550100=1,+31205550100=2")]
    [InlineData("WHATSAPP_BASE_URL", "graph.facebook.com")]
    [InlineData("WHATSAPP_BASE_URL", "ftp://graph.facebook.com")]
    public void A_setting_that_cannot_be_read_fails_at_the_start(string name, string value) => Assert.Contains(
        name,
        Assert.Throws<InvalidOperationException>(() => new WhatsAppOptions(new Settings(StubMeta.Environment((name, value))))).Message,
        StringComparison.Ordinal);
}
