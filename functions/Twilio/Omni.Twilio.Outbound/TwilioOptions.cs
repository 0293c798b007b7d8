using System.Net.Http.Headers;
using System.Text;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Twilio.Outbound;

/// <summary>
/// Where and as whom Twilio's API is called. Values are read when they are used, so that a refreshed secret counts at once.
/// </summary>
internal sealed class TwilioOptions
{
    private const string AccountSidName = "TWILIO_ACCOUNT_SID", AuthTokenName = "TWILIO_AUTH_TOKEN";
    private const string ApiKeySidName = "TWILIO_API_KEY_SID", ApiKeySecretName = "TWILIO_API_KEY_SECRET";

    // Connection overrides: call again up to three times after a 5xx or a lost connection too, where Twilio's own rule is once and only if
    // the connection failed. They stand in the fragment, which is not signed.
    // https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
    private const string Retries = "#rc=3&rp=5xx,ct,rt";

    /// <summary>The regular host, where files may be named also when another host is called.</summary>
    private const string RegularUrl = "https://api.twilio.com";

    private readonly Settings _settings;
    private readonly string _webhookUrl;
    private readonly string _baseUrl;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">Some are missing; an API key's halves only if the other one is there.</exception>
    /// <exception cref="InvalidOperationException">Twilio would refuse every send with the public address.</exception>
    public TwilioOptions(Settings settings)
    {
        var hasKey = (settings.Find(ApiKeySidName) ?? settings.Find(ApiKeySecretName)) is not null;
        string[] needed = [SettingNames.PublicBaseUrl, AccountSidName, AuthTokenName];
        var publicUrl = settings.Require(hasKey ? [.. needed, ApiKeySidName, ApiKeySecretName] : needed)[0].TrimEnd('/');

        if (!Uri.TryCreate(publicUrl, UriKind.Absolute, out var url)
            || url.Scheme is not ("https" or "http")
            || url.Host.Contains('_', StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"{SettingNames.PublicBaseUrl} must be a web address whose host has no underscore: Twilio refuses others as "
                    + "StatusCallback with 21609.");
        }

        _settings = settings;
        _webhookUrl = $"{publicUrl}/webhooks/{TwilioSender.Carrier.Id}";
        _baseUrl = (settings.Find(SettingNames.BaseUrl(TwilioSender.Carrier)) ?? RegularUrl).TrimEnd('/');
    }

    /// <summary>The messages of our account. The path names the account also when an API key signs in.</summary>
    public string MessagesUrl => AccountUrl(_baseUrl) + "Messages.json";

    /// <summary>The templates of our account: they have a host of their own, unless another one stands for all of Twilio's.</summary>
    public string ContentUrl =>
        (Uri.TryCreate(_baseUrl, UriKind.Absolute, out var url) && url.Host.EndsWith(".twilio.com", StringComparison.Ordinal)
            ? "https://content.twilio.com"
            : _baseUrl) + "/v1/Content";

    /// <summary>The credentials: an API key where there is one, else the account's own.</summary>
    public AuthenticationHeaderValue Authorization
    {
        get
        {
            var (user, password) = _settings.Find(ApiKeySidName) is { } key
                ? (key, _settings.Find(ApiKeySecretName))
                : (_settings.Find(AccountSidName), _settings.Find(AuthTokenName));
            return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        }
    }

    /// <summary>Whether an address is a resource of our account at Twilio's API: nothing else gets our credentials.</summary>
    /// <param name="url">The address.</param>
    public bool IsOurs(Uri url) =>
        new[] { _baseUrl, RegularUrl }.Any(host => url.AbsoluteUri.StartsWith(AccountUrl(host), StringComparison.Ordinal));

    /// <summary>Where Twilio reports on an attempt. Our reference comes back in the URL, under the signature.</summary>
    /// <param name="reference">The attempt.</param>
    public string StatusCallback(AttemptReference reference) => $"{_webhookUrl}?ref={reference}{Retries}";

    private string AccountUrl(string host) => $"{host}/2010-04-01/Accounts/{_settings.Find(AccountSidName)}/";
}
