using System.Net.Http.Headers;
using System.Text;
using Omni.Aws;
using Omni.Shared;

namespace Omni.LiveChat.Outbound;

/// <summary>
/// Where and as whom LiveChat's API is called. Values are read when they are used, so that a refreshed secret counts at once.
/// </summary>
internal sealed class LiveChatOptions
{
    private const string TokenName = "LIVECHAT_API_TOKEN";

    // The life of a version is some three years, and it ends: https://platform.text.com/docs/messaging#versioning
    private const string Actions = "v3.6/agent/action";

    private readonly Settings _settings;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">Some are missing.</exception>
    public LiveChatOptions(Settings settings)
    {
        var values = settings.Require("LIVECHAT_LICENSE_ID", "LIVECHAT_AGENT_ID", TokenName);
        License = new(AddressType.LivechatLicense, values[0]);
        AgentId = values[1];
        _settings = settings;
        BaseUrl = new((settings.Find(SettingNames.BaseUrl(LiveChatSender.Carrier)) ?? "https://api.livechatinc.com").TrimEnd('/') + "/");
    }

    /// <summary>Our address. The token decides which license is written from: another address would be a lie.</summary>
    public Address License { get; }

    /// <summary>The agent (e-mail address) or bot that the token speaks for.</summary>
    public string AgentId { get; }

    /// <summary>Where the API is, with a slash at its end.</summary>
    public Uri BaseUrl { get; }

    /// <summary>
    /// The data centre; null when LiveChat shall find it. Its documentation asked for one until April 2025;
    /// a European token still tells its own.
    /// </summary>
    public string? Region => _settings.Find("LIVECHAT_REGION") ?? (Token.StartsWith("fra:", StringComparison.Ordinal) ? "fra" : null);

    /// <summary>
    /// The credentials. A personal access token goes with the account that made it; sent as Bearer it is refused.
    /// A bot's or an app's token goes alone.
    /// https://platform.text.com/docs/authorization/personal-access-tokens
    /// </summary>
    public AuthenticationHeaderValue Authorization => _settings.Find("LIVECHAT_ACCOUNT_ID") is { } account
        ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{Token}")))
        : new("Bearer", Token);

    // Copied out of an address bar, a token's colon may still be encoded.
    private string Token => (_settings.Find(TokenName) ?? "").Replace("%3A", ":", StringComparison.OrdinalIgnoreCase);

    /// <summary>The address of an action.</summary>
    /// <param name="action">Its name.</param>
    public Uri UrlOf(string action) => new(BaseUrl, $"{Actions}/{action}");
}
