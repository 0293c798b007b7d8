using Omni.Aws;

namespace Omni.Inteliquent.Inbound;

/// <summary>Which formula a hash must follow to count.</summary>
internal enum HashForm
{
    /// <summary>Either: until it is known which one the account gets.</summary>
    Any,

    /// <summary>The documented one.</summary>
    Hmac,

    /// <summary>The one that receivers saw.</summary>
    Sha256,
}

/// <summary>What the webhook needs to know. Values are read when they are used, so that a refreshed secret counts at once.</summary>
internal sealed class InteliquentOptions
{
    private const string Secret = "INTELIQUENT_WEBHOOK_SECRET", Hash = "INTELIQUENT_WEBHOOK_HASH";
    private const string HeaderNameSetting = "INTELIQUENT_WEBHOOK_HEADER_NAME", HeaderValue = "INTELIQUENT_WEBHOOK_HEADER_VALUE";
    private const string Token = "INTELIQUENT_WEBHOOK_TOKEN";

    private readonly Settings _settings;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">The inbound key is missing, or the static header has one of its halves only.</exception>
    /// <exception cref="InvalidOperationException">The formula is none.</exception>
    public InteliquentOptions(Settings settings)
    {
        var hasHeader = (settings.Find(HeaderNameSetting) ?? settings.Find(HeaderValue)) is not null;
        settings.Require(hasHeader ? [Secret, HeaderNameSetting, HeaderValue] : [Secret]);
        Form = (settings.Find(Hash) ?? "any") switch
        {
            "any" => HashForm.Any,
            "hmac" => HashForm.Hmac,
            "sha256" => HashForm.Sha256,
            _ => throw new InvalidOperationException($"{Hash} must be any, hmac or sha256."),
        };
        _settings = settings;
    }

    /// <summary>Which formula counts.</summary>
    public HashForm Form { get; }

    /// <summary>The inbound keys that may have made a hash: the current one, and during a rotation the one before.</summary>
    public string?[] Secrets => WithPrevious(Secret);

    /// <summary>The name of the static header, lower case; null when none is agreed.</summary>
    public string? HeaderName => _settings.Find(HeaderNameSetting)?.ToLowerInvariant();

    /// <summary>The values that it may have.</summary>
    public string?[] HeaderValues => WithPrevious(HeaderValue);

    /// <summary>The secrets that may stand behind the route; all null when none is agreed.</summary>
    public string?[] PathTokens => WithPrevious(Token);

    /// <summary>Our numbers in E.164, to find ours among a group's; empty when they are not named.</summary>
    public IReadOnlyList<string> Numbers =>
    [
        .. (_settings.Find("INTELIQUENT_NUMBERS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(number => InteliquentAddress.TryParse(number)?.Value).OfType<string>(),
    ];

    private string?[] WithPrevious(string name) => [_settings.Find(name), _settings.Find(name + "_PREVIOUS")];
}
