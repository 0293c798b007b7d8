using Omni.Aws;

namespace Omni.Twilio.Inbound;

/// <summary>What the webhook needs to know. Values are read when they are used, so that a refreshed secret counts at once.</summary>
internal sealed class TwilioOptions
{
    private readonly Settings _settings;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">The auth token is missing.</exception>
    public TwilioOptions(Settings settings)
    {
        settings.Require("TWILIO_AUTH_TOKEN");
        _settings = settings;
    }

    /// <summary>Our account; null when any account that signs with our token will do.</summary>
    public string? AccountSid => _settings.Find("TWILIO_ACCOUNT_SID");

    /// <summary>The tokens that may have signed a call: the current one, and during a rotation the one before.</summary>
    public string[] AuthTokens =>
        [.. new[] { _settings.Find("TWILIO_AUTH_TOKEN"), _settings.Find("TWILIO_AUTH_TOKEN_PREVIOUS") }.OfType<string>()];
}
