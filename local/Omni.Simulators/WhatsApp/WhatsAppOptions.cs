namespace Omni.Simulators.WhatsApp;

/// <summary>The simulated WhatsApp Business account: one app, its numbers and its templates.</summary>
public sealed record WhatsAppOptions
{
    /// <summary>The app's secret: it signs webhooks.</summary>
    public string AppSecret { get; init; } = "simulated-app-secret";

    /// <summary>The secret before it: it signs once told to (<c>signWith</c>).</summary>
    public string PreviousAppSecret { get; init; } = "simulated-previous-secret";

    /// <summary>The system user's token: it authenticates every call and every download.</summary>
    public string AccessToken { get; init; } = "simulated-access-token";

    /// <summary>The word that proves the webhook to be ours when it is set up.</summary>
    public string VerifyToken { get; init; } = "simulated-verify-token";

    /// <summary>The id of the business account; each entry of a webhook call has it.</summary>
    public string AccountId { get; init; } = "4400110022";

    /// <summary>The account's numbers.</summary>
    public IReadOnlyList<WhatsAppNumber> Numbers { get; init; } = [new("+31205550100", "99001122"), new("+12065550100", "99001123")];

    /// <summary>The approved templates, and some that are not any more.</summary>
    public IReadOnlyList<WhatsAppTemplate> Templates { get; init; } =
    [
        new("hello_world", "UTILITY", ["en_US"]),
        new("order_update", "UTILITY", ["en_US", "nl"]) { Variables = ["first_name", "order"], Buttons = ["url", "quick_reply"] },
        new("appointment_reminder", "UTILITY", ["en_US"]) { Variables = ["1", "2"] },
        new("spring_sale", "MARKETING", ["en_US"]) { Header = "image", Variables = ["1"], Buttons = ["quick_reply", "copy_code"] },
        new("login_code", "AUTHENTICATION", ["en_US"]) { Variables = ["1"], Buttons = ["url"] },
        new("winter_sale", "MARKETING", ["en_US"]) { Status = "PAUSED" },
        new("old_sale", "MARKETING", ["en_US"]) { Status = "DISABLED" },
    ];

    /// <summary>Messages each number takes: what Meta raises a busy number to.</summary>
    public RateLimit Rate { get; init; } = new(PerSecond: 1000, Burst: 1000);

    /// <summary>Messages each number takes for one person.</summary>
    public RateLimit PairRate { get; init; } = new(PerSecond: 1.0 / 6, Burst: 45);

    /// <summary>The pause before a webhook call is made again; it doubles each time, and after seven days Meta gives up.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>A number of the account.</summary>
/// <param name="Phone">The number, E.164.</param>
/// <param name="Id">Its phone number id, which stands in the path of every call.</param>
public sealed record WhatsAppNumber(string Phone, string Id)
{
    /// <summary>The number as webhooks show it.</summary>
    internal string Display => Phone.TrimStart('+');
}

/// <summary>A message template.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Category"><c>UTILITY</c>, <c>MARKETING</c> or <c>AUTHENTICATION</c>.</param>
/// <param name="Languages">The languages that it is approved in.</param>
public sealed record WhatsAppTemplate(string Name, string Category, IReadOnlyList<string> Languages)
{
    /// <summary>What its variable header takes: <c>text</c>, <c>image</c>, <c>video</c>, <c>document</c>; null when it has none.</summary>
    public string? Header { get; init; }

    /// <summary>The variables of its body: <c>1</c>, <c>2</c>… or names.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>The kinds of its buttons in order: <c>url</c> and <c>copy_code</c> need a value, <c>quick_reply</c> may have one.</summary>
    public IReadOnlyList<string> Buttons { get; init; } = [];

    /// <summary><c>APPROVED</c>, <c>PAUSED</c> or <c>DISABLED</c>.</summary>
    public string Status { get; init; } = "APPROVED";

    internal bool IsPositional => Variables.All(name => name.All(char.IsAsciiDigit));
}

/// <summary>The account's credentials under the names of the functions' settings.</summary>
internal static class WhatsAppOptionsCredentials
{
    private const string Token = "WHATSAPP_API_TOKEN",
        PhoneNumberId = "WHATSAPP_PHONE_NUMBER_ID",
        PhoneNumberIds = "WHATSAPP_PHONE_NUMBER_IDS",
        AccountId = "WHATSAPP_BUSINESS_ACCOUNT_ID";
    private const string Secret = "WHATSAPP_WEBHOOK_SECRET",
        PreviousSecret = "WHATSAPP_WEBHOOK_SECRET_PREVIOUS",
        VerifyToken = "WHATSAPP_VERIFY_TOKEN";

    public static WhatsAppOptions WithCredentials(this WhatsAppOptions options, IReadOnlyDictionary<string, string> settings) =>
        options with
        {
            AccessToken = settings.GetValueOrDefault(Token) ?? SimulatedCredentials.NewSecret(),
            AppSecret = settings.GetValueOrDefault(Secret) ?? SimulatedCredentials.NewSecret(),
            PreviousAppSecret = settings.GetValueOrDefault(PreviousSecret) ?? SimulatedCredentials.NewSecret(),
            VerifyToken = settings.GetValueOrDefault(VerifyToken) ?? SimulatedCredentials.NewSecret(),
            AccountId = settings.GetValueOrDefault(AccountId) ?? options.AccountId,
            Numbers = Numbers(options, settings),
        };

    public static Dictionary<string, string> ForFunctions(this WhatsAppOptions options, Uri baseUrl)
    {
        var settings = new Dictionary<string, string>
        {
            [Token] = options.AccessToken,
            [PhoneNumberId] = options.Numbers[0].Id,
            [AccountId] = options.AccountId,
            [Secret] = options.AppSecret,
            [PreviousSecret] = options.PreviousAppSecret,
            [VerifyToken] = options.VerifyToken,
            ["WHATSAPP_BASE_URL"] = new Uri(baseUrl, "/" + WhatsAppSimulator.Name).ToString(),
        };

        // A list would keep other numbers out; with one number its id serves whatever it is called.
        if (options.Numbers.Count > 1)
            settings[PhoneNumberIds] = string.Join(',', options.Numbers.Select(number => $"{number.Phone}={number.Id}"));
        return settings;
    }

    private static IReadOnlyList<WhatsAppNumber> Numbers(WhatsAppOptions options, IReadOnlyDictionary<string, string> settings)
    {
        if (settings.GetValueOrDefault(PhoneNumberIds) is { Length: > 0 } ids)
        {
            return [.. ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .Select(pair => new WhatsAppNumber(pair[0], pair[^1]))];
        }

        return settings.GetValueOrDefault(PhoneNumberId) is { Length: > 0 } id ? [options.Numbers[0] with { Id = id }] : options.Numbers;
    }
}
