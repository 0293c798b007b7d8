using Omni.Simulators.Files;

namespace Omni.Simulators.MessageBird;

/// <summary>
/// What MessageBird looks at when it fetches the files of an accepted MMS: about 1 MB in all. No code is documented for what cannot go.
/// https://developers.messagebird.com/api/mms-messaging/
/// </summary>
internal static class MessageBirdFiles
{
    private const long MaxBytes = 1 << 20;

    private static readonly string[] Types =
    [
        "image/jpeg", "image/png", "image/gif", "video/mp4", "video/3gpp", "audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/amr",
        "audio/wav", "application/pdf", "text/vcard", "text/calendar", "text/plain",
    ];

    /// <summary>Whether a message's files can go.</summary>
    public static bool CanGo(IReadOnlyList<FetchedFile> files) =>
        files.All(file => file.Look is { IsWhole: true } look && !file.IsDisguised && Types.Contains(look.Type))
        && files.Sum(file => file.Look!.Bytes) <= MaxBytes;
}
