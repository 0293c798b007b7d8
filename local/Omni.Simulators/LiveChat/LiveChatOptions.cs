namespace Omni.Simulators.LiveChat;

/// <summary>The simulated LiveChat license.</summary>
public sealed record LiveChatOptions
{
    /// <summary>The license: our address.</summary>
    public string LicenseId { get; init; } = "104130623";

    /// <summary>The organization that owns it, as webhooks name it.</summary>
    public string OrganizationId { get; init; } = "11111111-2222-4333-8444-555555555555";

    /// <summary>The account of the agent who made the access token: the user name that goes with it.</summary>
    public string AccountId { get; init; } = "22222222-3333-4444-8555-666666666666";

    /// <summary>The personal access token.</summary>
    public string ApiToken { get; init; } = "dal:simulated-token";

    /// <summary>A bot's or an app's token, taken as Bearer; null for none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>The agent whom the tokens speak for.</summary>
    public string AgentId { get; init; } = "omni@example.com";

    /// <summary>The <c>secret_key</c> of the registered webhooks.</summary>
    public string WebhookSecret { get; init; } = "simulated-webhook-secret";

    /// <summary>The one of newer registrations, while the secret is being changed.</summary>
    public string SecondaryWebhookSecret { get; init; } = "simulated-webhook-secret-2";

    /// <summary>What stands behind the route in the webhooks' address; null for nothing.</summary>
    public string? WebhookToken { get; init; }

    /// <summary>The region that the license lives in. A call that names another one is misdirected; one that names none is not.</summary>
    public string Region { get; init; } = "dal";

    /// <summary>Calls that the license takes. LiveChat has limits and does not publish them.</summary>
    public RateLimit Rate { get; init; } = new(PerSecond: 500, Burst: 1000);
}

/// <summary>LiveChat's credentials under the names of the functions' settings.</summary>
internal static class LiveChatOptionsCredentials
{
    private const string License = "LIVECHAT_LICENSE_ID", Organization = "LIVECHAT_ORGANIZATION_ID", Account = "LIVECHAT_ACCOUNT_ID";
    private const string Token = "LIVECHAT_API_TOKEN", Agent = "LIVECHAT_AGENT_ID";
    private const string Secret = "LIVECHAT_WEBHOOK_SECRET",
        PreviousSecret = "LIVECHAT_WEBHOOK_SECRET_PREVIOUS",
        PathToken = "LIVECHAT_WEBHOOK_TOKEN";

    /// <summary>
    /// Whoever names the secret signs by hand, and whoever names a token has made it: then what goes with them, a secret in the path and
    /// the account (without one a token is a bot's), is there only if it is named too.
    /// </summary>
    public static LiveChatOptions WithCredentials(this LiveChatOptions options, IReadOnlyDictionary<string, string> settings) =>
        options with
        {
            LicenseId = settings.GetValueOrDefault(License) ?? options.LicenseId,
            OrganizationId = settings.GetValueOrDefault(Organization) ?? options.OrganizationId,
            AccountId = settings.GetValueOrDefault(Account) ?? Guid.NewGuid().ToString(),
            ApiToken = settings.GetValueOrDefault(Token) ?? "dal:" + SimulatedCredentials.NewSecret(),
            AgentId = settings.GetValueOrDefault(Agent) ?? options.AgentId,
            WebhookSecret = settings.GetValueOrDefault(Secret) ?? SimulatedCredentials.NewSecret(),
            SecondaryWebhookSecret = settings.GetValueOrDefault(PreviousSecret) ?? SimulatedCredentials.NewSecret(),
            BearerToken = settings.ContainsKey(Account) ? null : settings.GetValueOrDefault(Token),
            WebhookToken = settings.GetValueOrDefault(PathToken)
                ?? (settings.ContainsKey(Secret) ? null : SimulatedCredentials.NewSecret()),
        };

    public static Dictionary<string, string> ForFunctions(this LiveChatOptions options, Uri baseUrl)
    {
        var settings = new Dictionary<string, string>
        {
            [License] = options.LicenseId,
            [Organization] = options.OrganizationId,
            [Token] = options.ApiToken,
            [Agent] = options.AgentId,
            [Secret] = options.WebhookSecret,
            [PreviousSecret] = options.SecondaryWebhookSecret,
            ["LIVECHAT_BASE_URL"] = new Uri(baseUrl, "/" + LiveChatSimulator.Name).ToString(),
        };
        if (options.BearerToken is null) settings[Account] = options.AccountId;
        if (options.WebhookToken is { } path) settings[PathToken] = path;
        return settings;
    }
}
