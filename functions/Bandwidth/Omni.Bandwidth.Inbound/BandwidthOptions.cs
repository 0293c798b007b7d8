using Omni.Aws;

namespace Omni.Bandwidth.Inbound;

/// <summary>What the webhook needs to know. Values are read when they are used, so that a refreshed secret counts at once.</summary>
internal sealed class BandwidthOptions
{
    private const string ApplicationIdName = "BANDWIDTH_APPLICATION_ID",
        UserName = "BANDWIDTH_WEBHOOK_USER",
        SecretName = "BANDWIDTH_WEBHOOK_SECRET";
    private const string TokenName = "BANDWIDTH_WEBHOOK_TOKEN", Previous = "_PREVIOUS";

    private readonly Settings _settings;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">Some are missing.</exception>
    public BandwidthOptions(Settings settings)
    {
        settings.Require(ApplicationIdName, UserName, SecretName);
        _settings = settings;
    }

    /// <summary>Our application. Callbacks of another one come here by a mistake in its settings.</summary>
    public string? ApplicationId => _settings.Find(ApplicationIdName);

    /// <summary>The user of the application's callback credentials.</summary>
    public string? User => _settings.Find(UserName);

    /// <summary>The passwords that are valid: the current one, and during a rotation the one before.</summary>
    public string?[] Passwords => [_settings.Find(SecretName), _settings.Find(SecretName + Previous)];

    /// <summary>The secrets that may stand at the end of the path, likewise; none where Basic alone does.</summary>
    public string?[] PathTokens => [_settings.Find(TokenName), _settings.Find(TokenName + Previous)];
}
