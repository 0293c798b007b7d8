using System.Globalization;

namespace Omni.Simulators.Twilio;

/// <summary>Twilio writes RFC 2822 and reads ISO 8601.</summary>
internal static class TwilioTime
{
    public static string? Write(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    public static bool TryReadInstant(string? text, out DateTimeOffset at) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out at);

    /// <summary>A filter's time span: a day, or the instant that is named.</summary>
    public static bool TryReadFilter(string text, out DateTimeOffset from, out DateTimeOffset until)
    {
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
        {
            until = from.AddDays(1);
            return true;
        }

        var isInstant = TryReadInstant(text, out from);
        until = from.AddSeconds(1);
        return isInstant;
    }
}
