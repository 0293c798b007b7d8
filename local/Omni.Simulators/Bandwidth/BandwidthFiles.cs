using Omni.Simulators.Files;

namespace Omni.Simulators.Bandwidth;

/// <summary>
/// What Bandwidth, and the phone companies behind it, look at when the files of an accepted message are fetched.
/// https://dev.bandwidth.com/docs/messaging/sendMessages, https://dev.bandwidth.com/docs/messaging/errors
/// </summary>
internal static class BandwidthFiles
{
    private const int NotFetched = 4410, TooLarge = 4411, WrongType = 4412, TooLargeForCarrier = 4711;
    private const long MaxBytes = 3_932_160, MaxTollFreeBytes = 525_000, MaxCarrierBytes = 1_000_000;

    private static readonly string[] Types =
    [
        "image/jpeg", "image/png", "image/gif", "video/mp4", "video/3gpp", "audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/amr",
        "audio/wav", "application/pdf", "text/vcard", "text/calendar", "text/plain",
    ];

    private static readonly string[] TollFreePrefixes = ["+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888"];

    /// <summary>The code with which a message fails; null when its files can go.</summary>
    public static int? Refuse(IReadOnlyList<FetchedFile> files, string from)
    {
        foreach (var file in files)
        {
            if (file.Look is not { IsWhole: true } look) return NotFetched;
            if (file.IsDisguised || !Types.Contains(look.Type)) return WrongType;
            if (look.Bytes > MaxBytes) return TooLarge;
        }

        var all = files.Sum(file => file.Look!.Bytes);
        return all > MaxTollFreeBytes && TollFreePrefixes.Any(prefix => from.StartsWith(prefix, StringComparison.Ordinal)) ? TooLarge
            : all > MaxCarrierBytes ? TooLargeForCarrier
            : null;
    }
}
