using System.Globalization;
using Omni.Aws;

namespace Omni.MessageBird.Inbound;

/// <summary>What the webhook needs to know. Values are read when they are used, so that a refreshed secret counts at once.</summary>
internal sealed class MessageBirdOptions
{
    private const string SigningKeyName = "MESSAGEBIRD_WEBHOOK_SECRET", PreviousKeyName = "MESSAGEBIRD_WEBHOOK_SECRET_PREVIOUS";
    private const string LegacyName = "MESSAGEBIRD_LEGACY_SIGNATURE", LegacySecondsName = "MESSAGEBIRD_LEGACY_SECONDS";
    private const int DefaultLegacySeconds = 120;

    private readonly Settings _settings;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">The signing key is missing.</exception>
    /// <exception cref="InvalidOperationException">The age of an older signature is not a number of seconds.</exception>
    public MessageBirdOptions(Settings settings)
    {
        settings.Require(SigningKeyName);
        _settings = settings;
        LegacyAge = TimeSpan.FromSeconds(settings.Find(LegacySecondsName) switch
        {
            null => DefaultLegacySeconds,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => seconds,
            _ => throw new InvalidOperationException($"{LegacySecondsName} must be a number of seconds above zero."),
        });
    }

    /// <summary>The keys that may have signed a call: the current one, and during a rotation the one before.</summary>
    public string[] SigningKeys => [.. new[] { _settings.Find(SigningKeyName), _settings.Find(PreviousKeyName) }.OfType<string>()];

    /// <summary>Whether the older scheme counts as well.</summary>
    public bool AcceptsLegacy => string.Equals(_settings.Find(LegacyName), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>How far the time of a call that is signed by the older scheme may be from ours.</summary>
    public TimeSpan LegacyAge { get; }
}
