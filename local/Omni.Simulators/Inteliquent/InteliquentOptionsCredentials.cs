namespace Omni.Simulators.Inteliquent;

/// <summary>Inteliquent's credentials under the names of the functions' settings.</summary>
internal static class InteliquentOptionsCredentials
{
    private const string ApiKey = "INTELIQUENT_API_KEY";
    private const string WebhookSecret = "INTELIQUENT_WEBHOOK_SECRET";
    private const string PreviousSecret = "INTELIQUENT_WEBHOOK_SECRET_PREVIOUS";
    private const string HeaderName = "INTELIQUENT_WEBHOOK_HEADER_NAME";
    private const string HeaderValue = "INTELIQUENT_WEBHOOK_HEADER_VALUE";
    private const string Token = "INTELIQUENT_WEBHOOK_TOKEN";
    private const string BaseUrl = "INTELIQUENT_BASE_URL";

    /// <summary>Whoever names the inbound key signs by hand: then the header and the token are there only if they are named too.</summary>
    public static InteliquentOptions WithCredentials(this InteliquentOptions options, IReadOnlyDictionary<string, string> settings)
    {
        var isOurs = !settings.ContainsKey(WebhookSecret);
        return options with
        {
            ApiKey = settings.GetValueOrDefault(ApiKey) ?? SimulatedCredentials.NewSecret(),
            WebhookKey = settings.GetValueOrDefault(WebhookSecret) ?? SimulatedCredentials.NewSecret(),
            SecondaryWebhookKey = settings.GetValueOrDefault(PreviousSecret) ?? SimulatedCredentials.NewSecret(),
            HeaderName = settings.GetValueOrDefault(HeaderName) ?? (isOurs ? options.HeaderName : null),
            HeaderValue = settings.GetValueOrDefault(HeaderValue) ?? SimulatedCredentials.NewSecret(),
            PathToken = settings.GetValueOrDefault(Token) ?? (isOurs ? SimulatedCredentials.NewSecret() : null),
            Hash = settings.GetValueOrDefault("INTELIQUENT_WEBHOOK_HASH") == "hmac" ? InteliquentHash.Hmac : options.Hash,
        };
    }

    public static Dictionary<string, string> ForFunctions(
        this InteliquentOptions options, Uri baseUrl, IReadOnlyDictionary<string, string> given)
    {
        var settings = new Dictionary<string, string>
        {
            [ApiKey] = options.ApiKey,
            [WebhookSecret] = options.WebhookKey ?? "",
            [PreviousSecret] = options.SecondaryWebhookKey,
            [BaseUrl] = new Uri(baseUrl, "/" + InteliquentSimulator.Name).ToString(),
        };
        if (!given.ContainsKey(BaseUrl)) settings["INTELIQUENT_NUMBERS"] = string.Join(',', options.OwnNumbers);
        if (options.HeaderName is { } header) (settings[HeaderName], settings[HeaderValue]) = (header, options.HeaderValue);
        if (options.PathToken is { } token) settings[Token] = token;
        return settings;
    }
}
