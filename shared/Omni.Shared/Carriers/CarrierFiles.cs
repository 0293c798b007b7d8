namespace Omni.Shared;

/// <summary>
/// What carriers take of files, as the catalogue has it. Where a carrier's own words leave it open, what the networks behind it pass on.
/// </summary>
internal static class CarrierFiles
{
    private const long Kilobyte = 1024;
    private const long Megabyte = 1024 * Kilobyte;

    // What phones of some years show without scaling it down.
    private const int PhoneSide = 1600;

    private static readonly string[] Office =
    [
        FileTypes.Doc, FileTypes.Xls, FileTypes.Ppt, FileTypes.OldOffice, FileTypes.Docx, FileTypes.Xlsx, FileTypes.Pptx,
    ];

    /// <summary>https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media</summary>
    public static IReadOnlyDictionary<ContentType, FileLimits> WhatsApp { get; } = new Dictionary<ContentType, FileLimits>
    {
        [ContentType.Image] = new() { Types = [FileTypes.Jpeg, FileTypes.Png], Bytes = 5 * Megabyte, PlainColours = true },
        [ContentType.Video] = new()
        {
            Types = [FileTypes.Mp4, FileTypes.ThreeGpp], Bytes = 16 * Megabyte, VideoCodecs = ["h264"], AudioCodecs = ["aac"],
        },
        [ContentType.Audio] = new()
        {
            Types = [FileTypes.Ogg, FileTypes.M4a, FileTypes.Aac, FileTypes.Mp3, FileTypes.Amr], Bytes = 16 * Megabyte,
            AudioCodecs = ["opus", "aac", "mp3", "amr"], ChannelsOf = new Dictionary<string, int> { [FileTypes.Ogg] = 1 },
        },
        [ContentType.Document] = new() { Types = [FileTypes.Pdf, FileTypes.PlainText, .. Office], Bytes = 100 * Megabyte },
        [ContentType.Sticker] = new()
        {
            Types = [FileTypes.WebP], Bytes = 500 * Kilobyte, StillBytes = 100 * Kilobyte, Side = 512, LongestSide = 512,
        },
    };

    /// <summary>https://dev.bandwidth.com/docs/messaging: it passes files on as they are.</summary>
    public static IReadOnlyDictionary<ContentType, FileLimits> Bandwidth { get; } = Mms((long)(3.5 * Megabyte));

    /// <summary>
    /// What networks take of all of a message: long codes 1 MB, short codes 600 KB, toll-free numbers 525 KB at Bandwidth itself.
    /// https://support.telnyx.com/en/articles/3102815-mms-transcoding
    /// </summary>
    public static IReadOnlyDictionary<NumberKind, long> BandwidthMessages { get; } = new Dictionary<NumberKind, long>
    {
        [NumberKind.LongCode] = 1_000_000, [NumberKind.TollFree] = 525_000, [NumberKind.ShortCode] = 600_000,
    };

    /// <summary>
    /// https://www.twilio.com/docs/messaging/guides/accepted-mime-types: pictures it makes smaller for the networks itself, all else goes
    /// on as it is.
    /// </summary>
    public static IReadOnlyDictionary<ContentType, FileLimits> Twilio { get; } = Mms(500 * Kilobyte) is var mms
        ? new Dictionary<ContentType, FileLimits>(mms)
        {
            [ContentType.Image] = mms[ContentType.Image] with { Bytes = 5 * Megabyte },
        }
        : [];

    /// <summary>5 MB of all files together.</summary>
    public static IReadOnlyDictionary<NumberKind, long> TwilioMessages { get; } = new Dictionary<NumberKind, long>
    {
        [NumberKind.LongCode] = 5 * Megabyte, [NumberKind.TollFree] = 5 * Megabyte, [NumberKind.ShortCode] = 5 * Megabyte,
    };

    /// <summary>https://platform.text.com/docs/messaging/agent-chat-api#upload-file: files of any kind but programs.</summary>
    public static IReadOnlyDictionary<ContentType, FileLimits> LiveChat { get; } = new Dictionary<ContentType, FileLimits>
    {
        [ContentType.Image] = new()
        {
            Types = [FileTypes.Jpeg, FileTypes.Png, FileTypes.Gif, FileTypes.WebP], Bytes = 10 * Megabyte,
        },
        [ContentType.Video] = new()
        {
            Types = [FileTypes.Mp4, FileTypes.WebM, FileTypes.QuickTime, FileTypes.ThreeGpp], Bytes = 10 * Megabyte,
        },
        [ContentType.Audio] = new()
        {
            Types = [FileTypes.Mp3, FileTypes.M4a, FileTypes.Aac, FileTypes.Ogg, FileTypes.Wav, FileTypes.Amr], Bytes = 10 * Megabyte,
        },
        [ContentType.Document] = new()
        {
            Types =
            [
                FileTypes.Pdf, FileTypes.PlainText, FileTypes.VCard, FileTypes.Calendar, FileTypes.Zip, .. Office,
                FileTypes.Jpeg, FileTypes.Png, FileTypes.Gif, FileTypes.WebP, FileTypes.Mp4, FileTypes.Mp3,
            ],
            Bytes = 10 * Megabyte,
        },
    };

    /// <summary>https://developers.messagebird.com/api/mms-messaging: what it takes in all.</summary>
    public static IReadOnlyDictionary<ContentType, FileLimits> MessageBird { get; } = Mms(Megabyte);

    /// <summary>About 1 MB of all files together.</summary>
    public static IReadOnlyDictionary<NumberKind, long> MessageBirdMessages { get; } = new Dictionary<NumberKind, long>
    {
        [NumberKind.LongCode] = 1_000_000, [NumberKind.TollFree] = 1_000_000, [NumberKind.ShortCode] = 1_000_000,
    };

    // What phones show that have no app but their own: https://www.twilio.com/docs/messaging/guides/accepted-mime-types
    private static Dictionary<ContentType, FileLimits> Mms(long bytes) => new()
    {
        [ContentType.Image] = new()
        {
            Types = [FileTypes.Jpeg, FileTypes.Png, FileTypes.Gif], Bytes = bytes, LongestSide = PhoneSide,
        },
        [ContentType.Video] = new()
        {
            Types = [FileTypes.Mp4, FileTypes.ThreeGpp], Bytes = bytes, VideoCodecs = ["h264", "h263", "mpeg4"],
            AudioCodecs = ["aac", "amr"],
        },
        [ContentType.Audio] = new() { Types = [FileTypes.Mp3, FileTypes.M4a, FileTypes.Aac, FileTypes.Ogg, FileTypes.Amr], Bytes = bytes },
        [ContentType.Document] = new() { Types = [FileTypes.Pdf, FileTypes.VCard, FileTypes.Calendar, FileTypes.PlainText], Bytes = bytes },
    };
}
