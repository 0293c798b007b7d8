using Omni.Simulators.Twilio;

namespace Omni.Simulators.Tests.Twilio;

public sealed class TwilioSignerTests
{
    private static readonly Dictionary<string, string> Form = new()
    {
        ["Digits"] = "1234",
        ["CallSid"] = "CA1234567890ABCDE",
        ["To"] = "+18005551212",
        ["Caller"] = "+14158675309",
        ["From"] = "+14158675309",
    };

    [Fact]
    public void The_published_vector_is_reproduced() =>
        Assert.Equal("RSOYDt4T1cUTdK1PDd93/VVr8B8=", TwilioSigner.Sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", Form));

    [Fact]
    public void An_empty_value_still_counts() =>
        Assert.NotEqual(
            TwilioSigner.Sign("12345", "https://a.example", Form),
            TwilioSigner.Sign("12345", "https://a.example", Form.Append(new("FromZip", ""))));
}
