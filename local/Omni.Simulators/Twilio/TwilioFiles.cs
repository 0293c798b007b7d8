using Omni.Simulators.Files;

namespace Omni.Simulators.Twilio;

/// <summary>
/// What Twilio looks at when it fetches the files of an accepted message.
/// https://www.twilio.com/docs/messaging/guides/accepted-mime-types
/// </summary>
internal static class TwilioFiles
{
    private const int NotFetched = 11200, WrongType = 12300, TooLarge = 30019;
    private const long MaxPictureBytes = 5 << 20, MaxOtherBytes = 500_000;

    // Those that it formats for the phone; others are passed on, and have less room.
    private static readonly string[] Pictures = ["image/jpeg", "image/png", "image/gif"];

    private static readonly string[] Others =
    [
        "audio/mp4", "audio/mpeg", "audio/ogg", "audio/3gpp", "audio/webm", "audio/amr", "audio/aac", "video/mp4", "video/quicktime",
        "video/webm", "video/3gpp", "image/bmp", "image/tiff", "text/vcard", "text/csv", "text/calendar", "text/plain", "application/pdf",
    ];

    /// <summary>The code with which a message fails; null when its files can go.</summary>
    public static int? Refuse(IReadOnlyList<FetchedFile> files)
    {
        foreach (var file in files)
        {
            if (file.Look is not { IsWhole: true } look) return NotFetched;
            if (file.IsDisguised) return WrongType;
            if (!Pictures.Contains(look.Type) && !Others.Contains(look.Type)) return WrongType;
            if (look.Bytes > (Pictures.Contains(look.Type) ? MaxPictureBytes : MaxOtherBytes)) return TooLarge;
        }

        return files.Sum(file => file.Look!.Bytes) > MaxPictureBytes ? TooLarge : null;
    }
}
