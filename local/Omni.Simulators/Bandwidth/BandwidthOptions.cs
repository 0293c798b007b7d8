namespace Omni.Simulators.Bandwidth;

/// <summary>The simulated Bandwidth account: its credentials, its application with the place for callbacks, and its numbers.</summary>
public sealed record BandwidthOptions
{
    /// <summary>Seven digits.</summary>
    public string AccountId { get; init; } = "9900000";

    /// <summary>The messaging application that every send must name.</summary>
    public string ApplicationId { get; init; } = "5c1d7a52-0b3e-4f0a-9f57-0c6c2f7d1e11";

    /// <summary>The client id for tokens; also the API user of the old way.</summary>
    public string ApiToken { get; init; } = "simulated-client-id";

    /// <summary>The client secret; also the API password of the old way.</summary>
    public string ApiSecret { get; init; } = "simulated-client-secret";

    /// <summary>How long a token lives.</summary>
    public TimeSpan TokenLife { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The user of the application's callback credentials; null: it has none, and no callback is ever authenticated.</summary>
    public string? CallbackUser { get; init; } = "simulated-callback-user";

    /// <summary>The password of the application's callback credentials.</summary>
    public string CallbackPassword { get; init; } = "simulated-callback-password";

    /// <summary>The password of a rotation; used once told to (<c>signWith</c>).</summary>
    public string SecondaryCallbackPassword { get; init; } = "simulated-secondary-password";

    /// <summary>The secret at the end of the callback URL; null for none.</summary>
    public string? CallbackToken { get; init; } = "simulated-path-token";

    /// <summary>The application's callback URL. Null: <c>/webhooks/bandwidth/{CallbackToken}</c> at the usual place.</summary>
    public Uri? CallbackUrl { get; init; }

    /// <summary>Whether the call without credentials, which comes first, has the body already. Bandwidth promises neither.</summary>
    public bool FirstCallHasBody { get; init; } = true;

    /// <summary>The kinds of receipt that the application asked for.</summary>
    public IReadOnlyList<string> CallbackTypes { get; init; } =
        ["message-sending", "message-sent", "message-delivered", "message-failed", "message-read"];

    /// <summary>The first wait before a callback that was not taken is repeated; it doubles, and ends after 24 hours.</summary>
    public TimeSpan CallbackRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The numbers of the account, all linked to the application; the toll-free one has STOP obeyed by its network.</summary>
    public IReadOnlyList<string> OwnNumbers { get; init; } = ["+12065550100", "+12065550101", "+18885550100", "55501"];

    /// <summary>
    /// Segments that the account takes. Its queue holds 15 minutes of the rate;
    /// the default account's single segment a second would make every run crawl.
    /// </summary>
    public RateLimit Rate { get; init; } = new(PerSecond: 100, Burst: 90_000);
}
