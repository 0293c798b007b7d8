using Omni.Aws;

namespace Omni.WhatsApp.Inbound;

/// <summary>What the webhook needs to know. Values are read when they are used, so that a refreshed secret counts at once.</summary>
internal sealed class WhatsAppOptions
{
    private const string Secret = "WHATSAPP_WEBHOOK_SECRET", VerifyTokenName = "WHATSAPP_VERIFY_TOKEN";

    private readonly Settings _settings;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">Some are missing.</exception>
    public WhatsAppOptions(Settings settings)
    {
        settings.Require(Secret, VerifyTokenName);
        _settings = settings;
    }

    /// <summary>The app's secrets that may have signed a call: the current one, and during a rotation the one before.</summary>
    public string[] AppSecrets => [.. new[] { _settings.Find(Secret), _settings.Find(Secret + "_PREVIOUS") }.OfType<string>()];

    /// <summary>The word that Meta says when the webhook is set up.</summary>
    public string? VerifyToken => _settings.Find(VerifyTokenName);
}
