using System.Net.Http.Headers;
using Omni.Aws;
using Omni.Shared;

namespace Omni.MessageBird.Outbound;

/// <summary>
/// Where and as whom MessageBird's APIs are called. Values are read when they are used, so that a refreshed secret counts at once.
/// </summary>
internal sealed class MessageBirdOptions
{
    private const string ApiKeyName = "MESSAGEBIRD_API_KEY",
        NamespaceName = "MESSAGEBIRD_TEMPLATE_NAMESPACE",
        ConversationsName = "MESSAGEBIRD_CONVERSATIONS_BASE_URL";

    private readonly Settings _settings;
    private readonly string _baseUrl;
    private readonly string _conversationsUrl;
    private readonly string _integrationsUrl;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">Some are missing.</exception>
    /// <exception cref="InvalidOperationException">The public address is none that MessageBird could call.</exception>
    public MessageBirdOptions(Settings settings)
    {
        var publicUrl = settings.Require(SettingNames.PublicBaseUrl, ApiKeyName)[0].TrimEnd('/');
        if (!Uri.TryCreate(publicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
        {
            throw new InvalidOperationException($"{SettingNames.PublicBaseUrl} must be a web address: MessageBird reports there.");
        }

        _settings = settings;
        ReportUrl = $"{publicUrl}/webhooks/{MessageBirdSender.Carrier.Id}";

        // The APIs have hosts of their own. Whoever names another one for the first (a simulator, a proxy) has all behind it,
        // unless told otherwise.
        var other = settings.Find(SettingNames.BaseUrl(MessageBirdSender.Carrier))?.TrimEnd('/');
        _baseUrl = other ?? "https://rest.messagebird.com";
        _conversationsUrl = settings.Find(ConversationsName)?.TrimEnd('/')
            ?? (other is null ? "https://conversations.messagebird.com/v1" : $"{other}/v1");
        _integrationsUrl = other ?? "https://integrations.messagebird.com";
    }

    /// <summary>Where SMS are sent and listed.</summary>
    public string MessagesUrl => $"{_baseUrl}/messages";

    /// <summary>Where MMS are sent.</summary>
    public string MmsUrl => $"{_baseUrl}/mms";

    /// <summary>Where a message is sent through a channel.</summary>
    public string SendUrl => $"{_conversationsUrl}/send";

    /// <summary>Where the account's WhatsApp templates are listed.</summary>
    public string TemplatesUrl => $"{_integrationsUrl}/v3/platforms/whatsapp/templates";

    /// <summary>Where MessageBird reports.</summary>
    public string ReportUrl { get; }

    /// <summary>The namespace of WhatsApp templates; null when it is not set.</summary>
    public string? TemplateNamespace => _settings.Find(NamespaceName);

    /// <summary>The credentials.</summary>
    public AuthenticationHeaderValue Authorization => new("AccessKey", _settings.Find(ApiKeyName));

    /// <summary>
    /// Whether an address is MessageBird's own, so that the access key may go there:
    /// a host of its domain, or one of ours that stands for it.
    /// </summary>
    /// <param name="url">The address.</param>
    public bool IsMessageBird(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttps
            && (url.Host == "messagebird.com" || url.Host.EndsWith(".messagebird.com", StringComparison.Ordinal)))
        || IsSame(url, _baseUrl)
        || IsSame(url, _conversationsUrl);

    private static bool IsSame(Uri url, string known) =>
        Uri.TryCreate(known, UriKind.Absolute, out var other) && (url.Scheme, url.Authority) == (other.Scheme, other.Authority);
}
