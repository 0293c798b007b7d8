using System.Net.Http.Headers;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Inteliquent.Outbound;

/// <summary>
/// Where and as whom Inteliquent's message broker is called. Values are read when they are used, so that a refreshed secret counts at once.
/// </summary>
internal sealed class InteliquentOptions
{
    private const string ApiKey = "INTELIQUENT_API_KEY";
    private const string Broker = "https://messagebroker.inteliquent.com/msgbroker/rest";

    private readonly Settings _settings;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">The key is missing.</exception>
    /// <exception cref="InvalidOperationException">The base URL is not one of the web.</exception>
    public InteliquentOptions(Settings settings)
    {
        settings.Require(ApiKey);
        _settings = settings;

        var name = SettingNames.BaseUrl(InteliquentSender.Carrier);
        BaseUrl = Uri.TryCreate((settings.Find(name) ?? Broker).TrimEnd('/'), UriKind.Absolute, out var url)
            && url.Scheme is "https" or "http"
            ? url
            : throw new InvalidOperationException($"{name} must be a web address.");
    }

    /// <summary>Where the broker is.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The call that sends.</summary>
    public string PublishUrl => $"{BaseUrl.AbsoluteUri.TrimEnd('/')}/publishMessages";

    /// <summary>The outbound key. It is another than the inbound one, and than those of the Services API.</summary>
    public AuthenticationHeaderValue Authorization => new("Bearer", _settings.Find(ApiKey));
}
