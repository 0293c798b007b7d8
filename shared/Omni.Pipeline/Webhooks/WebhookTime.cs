using System.Globalization;

namespace Omni.Pipeline;

/// <summary>The times of carriers. One that cannot be read is none: it is no reason to lose a message.</summary>
public static class WebhookTime
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>
    /// A time in RFC 3339: with or without a fraction, with a T or a space, with or without its zone,
    /// and with a plus that became a space on its way.
    /// </summary>
    /// <param name="text">The text.</param>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text?.Replace(' ', '+'), CultureInfo.InvariantCulture, Utc, out var time)
        || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out time) ? time : null;
}
