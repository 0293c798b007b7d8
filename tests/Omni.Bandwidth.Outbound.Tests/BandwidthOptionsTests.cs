using System.Net;
using Omni.Aws;
using Omni.Testing;

namespace Omni.Bandwidth.Outbound.Tests;

public class BandwidthOptionsTests
{
    [Fact]
    public void All_that_is_missing_is_named_at_once() => Assert.Equal(
        ["BANDWIDTH_ACCOUNT_ID", "BANDWIDTH_APPLICATION_ID", "BANDWIDTH_API_TOKEN", "BANDWIDTH_API_SECRET"],
        Assert.Throws<SettingsException>(() => new BandwidthOptions(new Settings(new Dictionary<string, string>()))).Missing);

    [Theory]
    [InlineData("BANDWIDTH_AUTH", "digest")]
    [InlineData("BANDWIDTH_BASE_URL", "messaging.bandwidth.com")]
    public void A_value_that_cannot_be_fails_at_the_start(string name, string value) => Assert.Contains(
        name,
        Assert.Throws<InvalidOperationException>(() => new Account(new StubCarrier(), (name, value))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "http://127.0.0.1:8080/bandwidth/",
        null,
        "http://127.0.0.1:8080/bandwidth/users/9900000/messages",
        "http://127.0.0.1:8080/bandwidth/oauth2/token")]
    [InlineData(
        "https://messaging.bandwidth.com/api/v3", null, "https://messaging.bandwidth.com/api/v3/users/9900000/messages", Account.TokenUrl)]
    [InlineData(
        "https://bandwidth.com.example.com/x",
        null,
        "https://bandwidth.com.example.com/x/users/9900000/messages",
        "https://bandwidth.com.example.com/x/oauth2/token")]
    [InlineData(
        "http://127.0.0.1:8080",
        "http://127.0.0.1:9090/oauth2/token",
        "http://127.0.0.1:8080/users/9900000/messages",
        "http://127.0.0.1:9090/oauth2/token")]
    [InlineData(null, "http://127.0.0.1:9090/oauth2/token", Account.MessagesUrl, "http://127.0.0.1:9090/oauth2/token")]
    public async Task Another_place_is_called_for_messages_and_for_tokens(string? baseUrl, string? tokenUrl, string messages, string tokens)
    {
        var carrier = new StubCarrier(HttpStatusCode.Accepted, Account.Taken);
        var account = new Account(carrier, ("BANDWIDTH_BASE_URL", baseUrl ?? ""), ("BANDWIDTH_TOKEN_URL", tokenUrl ?? ""));

        await account.SendAsync();

        Assert.Equal(messages, carrier.Requests[0].Url);
        Assert.Equal(tokens, account.TokenRequests[0].Url);
    }
}
