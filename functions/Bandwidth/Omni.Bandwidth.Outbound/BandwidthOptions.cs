using System.Net.Http.Headers;
using System.Text;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Bandwidth.Outbound;

/// <summary>
/// Where and as whom Bandwidth's API is called. Values are read when they are used, so that a refreshed secret counts at once.
/// </summary>
internal sealed class BandwidthOptions
{
    private const string AccountIdName = "BANDWIDTH_ACCOUNT_ID", ApplicationIdName = "BANDWIDTH_APPLICATION_ID";
    private const string ApiTokenName = "BANDWIDTH_API_TOKEN", ApiSecretName = "BANDWIDTH_API_SECRET";
    private const string AuthName = "BANDWIDTH_AUTH", TokenUrlName = "BANDWIDTH_TOKEN_URL";
    private const string OAuth2 = "oauth2", Basic = "basic";

    private const string BandwidthsUrl = "https://messaging.bandwidth.com/api/v2";
    private const string BandwidthsTokenUrl = "https://api.bandwidth.com/api/v1/oauth2/token";
    private const string BandwidthsDomain = ".bandwidth.com";

    private readonly Settings _settings;
    private readonly string _baseUrl;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">Some are missing.</exception>
    /// <exception cref="InvalidOperationException">One has a value that it cannot have.</exception>
    public BandwidthOptions(Settings settings)
    {
        settings.Require(AccountIdName, ApplicationIdName, ApiTokenName, ApiSecretName);

        var auth = settings.Find(AuthName) ?? OAuth2;
        if (auth is not (OAuth2 or Basic)) throw new InvalidOperationException($"{AuthName} is {OAuth2} or {Basic}.");

        _settings = settings;
        _baseUrl = (settings.Find(SettingNames.BaseUrl(BandwidthSender.Carrier)) ?? BandwidthsUrl).TrimEnd('/');
        if (!Uri.TryCreate(_baseUrl, UriKind.Absolute, out var baseUrl))
            throw new InvalidOperationException($"{SettingNames.BaseUrl(BandwidthSender.Carrier)} must be a web address.");

        UsesTokens = auth == OAuth2;

        // Whoever stands in for the API, a simulator or a proxy, is given the secret of its own place and not Bandwidth's.
        TokenUrl = settings.Find(TokenUrlName) ?? (baseUrl.Host.EndsWith(BandwidthsDomain, StringComparison.OrdinalIgnoreCase)
            ? BandwidthsTokenUrl
            : $"{_baseUrl}/oauth2/token");
    }

    /// <summary>Whether calls carry a token; otherwise user and password, which Bandwidth ends on 2 December 2026.</summary>
    public bool UsesTokens { get; }

    /// <summary>Where tokens are given out.</summary>
    public string TokenUrl { get; }

    /// <summary>Our application: it has the numbers, and the URL for callbacks.</summary>
    public string ApplicationId => _settings.Find(ApplicationIdName) ?? "";

    /// <summary>The messages of our account.</summary>
    public string MessagesUrl => $"{_baseUrl}/users/{AccountId}/messages";

    /// <summary>The client's id and secret, or user and password.</summary>
    public AuthenticationHeaderValue Credentials =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_settings.Find(ApiTokenName)}:{_settings.Find(ApiSecretName)}")));

    private string AccountId => _settings.Find(AccountIdName) ?? "";

    /// <summary>
    /// Whether an address is a file of our account at Bandwidth or where the base URL points: nothing else is given our credentials.
    /// </summary>
    /// <param name="file">The address.</param>
    public bool IsOurMedia(Uri file) => IsBelow(BandwidthsUrl, file) || IsBelow(_baseUrl, file);

    // Uri has taken dot segments out, so a path that begins as ours does stays below it.
    private bool IsBelow(string place, Uri file)
    {
        var folder = new Uri($"{place}/users/{Uri.EscapeDataString(AccountId)}/media/");
        return file.IsAbsoluteUri && file.UserInfo.Length == 0 && file.Scheme == folder.Scheme
            && string.Equals(file.Authority, folder.Authority, StringComparison.OrdinalIgnoreCase)
            && file.AbsolutePath.StartsWith(folder.AbsolutePath, StringComparison.Ordinal)
            && !file.AbsolutePath.Contains("%2f..", StringComparison.OrdinalIgnoreCase)
            && !file.AbsolutePath.Contains("..%2f", StringComparison.OrdinalIgnoreCase);
    }
}
