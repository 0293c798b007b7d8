namespace Omni.Simulators.Twilio;

/// <summary>Twilio's credentials under the names of the functions' settings.</summary>
internal static class TwilioOptionsCredentials
{
    private const string AccountSid = "TWILIO_ACCOUNT_SID";
    private const string AuthToken = "TWILIO_AUTH_TOKEN";
    private const string PreviousToken = "TWILIO_AUTH_TOKEN_PREVIOUS";

    public static TwilioOptions WithCredentials(this TwilioOptions options, IReadOnlyDictionary<string, string> settings) => options with
    {
        AccountSid = settings.GetValueOrDefault(AccountSid) ?? "AC" + SimulatedCredentials.NewSecret(),
        AuthToken = settings.GetValueOrDefault(AuthToken) ?? SimulatedCredentials.NewSecret(),
        SecondaryAuthToken = settings.GetValueOrDefault(PreviousToken) ?? SimulatedCredentials.NewSecret(),
    };

    public static Dictionary<string, string> ForFunctions(this TwilioOptions options, Uri baseUrl) => new()
    {
        [AccountSid] = options.AccountSid,
        [AuthToken] = options.AuthToken,
        [PreviousToken] = options.SecondaryAuthToken,
        ["TWILIO_BASE_URL"] = new Uri(baseUrl, "/" + TwilioSimulator.Name).ToString(),
    };
}
