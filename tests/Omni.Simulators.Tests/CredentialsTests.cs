namespace Omni.Simulators.Tests;

/// <summary>What is made up beside settings that were given.</summary>
public sealed class CredentialsTests
{
    private static readonly Uri Url = new("http://127.0.0.1:8080");

    [Theory]
    // LiveChat calls the address that was registered, which has no secret in its path
    [InlineData("LIVECHAT_WEBHOOK_SECRET", "LIVECHAT_WEBHOOK_TOKEN")]
    [InlineData("LIVECHAT_API_TOKEN", "LIVECHAT_ACCOUNT_ID")] // a bot's token goes alone, as Bearer
    [InlineData("INTELIQUENT_WEBHOOK_SECRET", "INTELIQUENT_WEBHOOK_TOKEN")]
    [InlineData("INTELIQUENT_WEBHOOK_SECRET", "INTELIQUENT_WEBHOOK_HEADER_NAME")]
    [InlineData("INTELIQUENT_BASE_URL", "INTELIQUENT_NUMBERS")]
    [InlineData("BANDWIDTH_BASE_URL", "BANDWIDTH_RATE")]
    [InlineData("MESSAGEBIRD_BASE_URL", "MESSAGEBIRD_TEMPLATE_NAMESPACE")]
    [InlineData("WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_PHONE_NUMBER_IDS")]
    public void What_may_be_left_out_is_not_made_up_beside_what_was_given(string given, string optional)
    {
        Assert.Contains(optional, SettingsBeside([]).Keys);
        Assert.DoesNotContain(optional, SettingsBeside(new() { [given] = "https://carrier.example.com" }).Keys);
    }

    [Fact]
    public void The_simulator_takes_a_given_token_as_Bearer_or_with_its_account_as_Basic()
    {
        var alone = Options(new() { ["LIVECHAT_API_TOKEN"] = "dal:mine" }).LiveChat;
        var both = Options(new() { ["LIVECHAT_API_TOKEN"] = "dal:mine", ["LIVECHAT_ACCOUNT_ID"] = "me" }).LiveChat;

        Assert.Equal("dal:mine", alone.BearerToken);
        Assert.Equal((null, "me", "dal:mine"), (both.BearerToken, both.AccountId, both.ApiToken));
    }

    private static SimulatorOptions Options(Dictionary<string, string> given) => new SimulatorOptions().WithCredentials(given);

    private static IReadOnlyDictionary<string, string> SettingsBeside(Dictionary<string, string> given) =>
        Options(given).ForFunctions(Url, given);
}
