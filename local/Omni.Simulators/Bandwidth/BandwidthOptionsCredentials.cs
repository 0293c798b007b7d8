using System.Globalization;

namespace Omni.Simulators.Bandwidth;

/// <summary>Bandwidth's credentials under the names of the functions' settings.</summary>
internal static class BandwidthOptionsCredentials
{
    private const string AccountId = "BANDWIDTH_ACCOUNT_ID", ApplicationId = "BANDWIDTH_APPLICATION_ID";
    private const string ApiToken = "BANDWIDTH_API_TOKEN", ApiSecret = "BANDWIDTH_API_SECRET";
    private const string WebhookUser = "BANDWIDTH_WEBHOOK_USER",
        WebhookSecret = "BANDWIDTH_WEBHOOK_SECRET",
        PreviousSecret = "BANDWIDTH_WEBHOOK_SECRET_PREVIOUS";
    private const string WebhookToken = "BANDWIDTH_WEBHOOK_TOKEN", BaseUrl = "BANDWIDTH_BASE_URL", RateName = "BANDWIDTH_RATE";

    public static BandwidthOptions WithCredentials(this BandwidthOptions options, IReadOnlyDictionary<string, string> settings) =>
        options with
        {
            AccountId = settings.GetValueOrDefault(AccountId) ?? options.AccountId,
            ApplicationId = settings.GetValueOrDefault(ApplicationId) ?? Guid.NewGuid().ToString(),
            ApiToken = settings.GetValueOrDefault(ApiToken) ?? SimulatedCredentials.NewSecret(),
            ApiSecret = settings.GetValueOrDefault(ApiSecret) ?? SimulatedCredentials.NewSecret(),
            CallbackUser = settings.GetValueOrDefault(WebhookUser) ?? "omni",
            CallbackPassword = settings.GetValueOrDefault(WebhookSecret) ?? SimulatedCredentials.NewSecret(),
            SecondaryCallbackPassword = settings.GetValueOrDefault(PreviousSecret) ?? SimulatedCredentials.NewSecret(),

            // A gateway renames WWW-Authenticate, the local one too: what lets callbacks in there is the secret in their path.
            CallbackToken = settings.GetValueOrDefault(WebhookToken) ?? SimulatedCredentials.NewSecret(),
        };

    public static Dictionary<string, string> ForFunctions(
        this BandwidthOptions options, Uri baseUrl, IReadOnlyDictionary<string, string> given)
    {
        var settings = new Dictionary<string, string>
        {
            [AccountId] = options.AccountId,
            [ApplicationId] = options.ApplicationId,
            [ApiToken] = options.ApiToken,
            [ApiSecret] = options.ApiSecret,
            [WebhookSecret] = options.CallbackPassword,
            [PreviousSecret] = options.SecondaryCallbackPassword,
            [BaseUrl] = new Uri(baseUrl, "/" + BandwidthSimulator.Name).ToString(),
        };

        // As fast as the account takes it: at one segment a second a conversation of a few messages lasts minutes.
        if (!given.ContainsKey(BaseUrl)) settings[RateName] = options.Rate.PerSecond.ToString(CultureInfo.InvariantCulture);
        if (options.CallbackUser is { } user) settings[WebhookUser] = user;
        if (options.CallbackToken is { } token) settings[WebhookToken] = token;
        return settings;
    }
}
