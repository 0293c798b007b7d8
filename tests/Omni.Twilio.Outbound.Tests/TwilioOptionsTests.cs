using Omni.Aws;

namespace Omni.Twilio.Outbound.Tests;

public class TwilioOptionsTests
{
    [Fact]
    public void All_that_is_missing_is_named_at_once() =>
        Assert.Equal(["PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"], Missing());

    [Theory]
    [InlineData("TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET")]
    [InlineData("TWILIO_API_KEY_SECRET", "TWILIO_API_KEY_SID")]
    public void Half_an_api_key_is_none(string half, string other) => Assert.Contains(other, Missing((half, "x")));

    [Theory]
    [InlineData("https://omni_test.example.com")]
    [InlineData("omni.example.com")]
    [InlineData("ftp://omni.example.com")]
    public void A_public_address_that_twilio_refuses_fails_at_the_start(string url)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => new StubTwilio(() => new(), ("PUBLIC_BASE_URL", url)));
        Assert.Contains("PUBLIC_BASE_URL", refusal.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Missing(params (string Name, string Value)[] settings) =>
        Assert.Throws<SettingsException>(() => new TwilioOptions(new Settings(settings.ToDictionary(s => s.Name, s => s.Value)))).Missing;
}
