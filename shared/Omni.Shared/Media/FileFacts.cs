using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What the bytes of a file say about it. Names and claimed types have no say.</summary>
public sealed record FileFacts
{
    /// <summary>Its content type, such as <c>image/jpeg</c>; <see cref="FileTypes.Unknown"/> when the bytes tell none.</summary>
    public required string Type { get; init; }

    /// <summary>How many bytes it has.</summary>
    public long Bytes { get; init; }

    /// <summary>Its width in pixels as it is shown, turned as its orientation says; null where it has none, or it was not found.</summary>
    public int? Width { get; init; }

    /// <summary>Its height in pixels as it is shown.</summary>
    public int? Height { get; init; }

    /// <summary>How many pictures follow each other in it, as far as they were counted; null where the bytes do not tell.</summary>
    public int? Frames { get; init; }

    /// <summary>How long it plays, in milliseconds; null where it does not play, or the bytes do not tell.</summary>
    public long? DurationMs { get; init; }

    /// <summary>The codec of its first film track, such as <c>h264</c>; null for none.</summary>
    public string? VideoCodec { get; init; }

    /// <summary>The codec of its first sound track, such as <c>aac</c>; null for none.</summary>
    public string? AudioCodec { get; init; }

    /// <summary>How many channels that has; null where the bytes do not tell.</summary>
    public int? Channels { get; init; }

    /// <summary>Whether it must be turned to be seen upright.</summary>
    public bool IsTurned { get; init; }

    /// <summary>Whether it tells more than what is seen: where and with what it was taken, comments, a small picture of it.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>Whether its colours are eight bits each of red, green and blue, which is what every carrier shows.</summary>
    public bool HasPlainColours { get; init; } = true;

    /// <summary>Whether it is all there: not cut off on its way.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>
    /// The facts with what a claim adds to them: one type of package holds three kinds of office files, which their bytes tell late.
    /// </summary>
    /// <param name="claimed">The content type that the client claims; null for none.</param>
    public FileFacts Refined(string? claimed) => Type == FileTypes.OldOffice && claimed is FileTypes.Doc or FileTypes.Xls or FileTypes.Ppt
        ? this with { Type = claimed }
        : this;

    /// <summary>The kind of content that it is.</summary>
    [JsonIgnore]
    public ContentType Kind => FileTypes.KindOf(Type);

    /// <summary>How many pixels one of its pictures has; zero where it has none.</summary>
    [JsonIgnore]
    public long Pixels => (long)(Width ?? 0) * (Height ?? 0);
}

/// <summary>Content types that the code speaks of.</summary>
public static class FileTypes
{
#pragma warning disable CS1591 // what they are, their values say
    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string Gif = "image/gif";
    public const string WebP = "image/webp";
    public const string Tiff = "image/tiff";
    public const string Avif = "image/avif";
    public const string Heic = "image/heic";
    public const string Bmp = "image/bmp";
    public const string Svg = "image/svg+xml";
    public const string Mp4 = "video/mp4";
    public const string ThreeGpp = "video/3gpp";
    public const string QuickTime = "video/quicktime";
    public const string WebM = "video/webm";
    public const string Avi = "video/x-msvideo";
    public const string Mpeg = "video/mpeg";
    public const string Mp3 = "audio/mpeg";
    public const string M4a = "audio/mp4";
    public const string Aac = "audio/aac";
    public const string Ogg = "audio/ogg";
    public const string Amr = "audio/amr";
    public const string Wav = "audio/wav";
    public const string Flac = "audio/flac";
    public const string Pdf = "application/pdf";
    public const string Zip = "application/zip";
    public const string Html = "text/html";
    public const string PlainText = "text/plain";
    public const string VCard = "text/vcard";
    public const string Calendar = "text/calendar";
    public const string Doc = "application/msword";
    public const string Xls = "application/vnd.ms-excel";
    public const string Ppt = "application/vnd.ms-powerpoint";
    public const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    public const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const string Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    public const string OldOffice = "application/x-ole-storage";
    public const string Program = "application/x-executable";
    public const string Unknown = "application/octet-stream";
#pragma warning restore CS1591

    /// <summary>The kind of content that a type is.</summary>
    /// <param name="type">The type.</param>
    public static ContentType KindOf(string type) => type.Split('/', 2)[0] switch
    {
        "image" => ContentType.Image,
        "video" => ContentType.Video,
        "audio" => ContentType.Audio,
        _ => ContentType.Document,
    };

    /// <summary>The usual end of a file's name for a type; empty where there is none.</summary>
    /// <param name="type">The type.</param>
    public static string EndingOf(string type) => type switch
    {
        Jpeg => ".jpg", Png => ".png", Gif => ".gif", WebP => ".webp", Mp4 => ".mp4", ThreeGpp => ".3gp", Mp3 => ".mp3", M4a => ".m4a",
        Aac => ".aac", Ogg => ".ogg", Amr => ".amr", Pdf => ".pdf", VCard => ".vcf", PlainText => ".txt", _ => "",
    };
}
