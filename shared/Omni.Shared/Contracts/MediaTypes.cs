using System.Collections.Frozen;

namespace Omni.Shared;

/// <summary>What the name of a file tells of its type. Some carriers tell nothing else, until the bytes are fetched.</summary>
public static class MediaTypes
{
    private static readonly FrozenDictionary<string, string> ByEnding = new Dictionary<string, string>
    {
        [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".png"] = "image/png", [".gif"] = "image/gif", [".webp"] = "image/webp",
        [".heic"] = "image/heic",
        [".bmp"] = "image/bmp", [".tif"] = "image/tiff", [".tiff"] = "image/tiff",
        [".mp4"] = "video/mp4", [".m4v"] = "video/mp4", [".3gp"] = "video/3gpp", [".3gpp"] = "video/3gpp", [".3g2"] = "video/3gpp2",
        [".mov"] = "video/quicktime",
        [".mpg"] = "video/mpeg", [".mpeg"] = "video/mpeg", [".avi"] = "video/x-msvideo", [".webm"] = "video/webm",
        [".mp3"] = "audio/mpeg", [".m4a"] = "audio/mp4", [".aac"] = "audio/aac", [".amr"] = "audio/amr", [".3ga"] = "audio/3gpp",
        [".wav"] = "audio/wav",
        [".ogg"] = "audio/ogg", [".oga"] = "audio/ogg", [".opus"] = "audio/ogg",
        [".pdf"] = "application/pdf", [".txt"] = "text/plain", [".vcf"] = "text/vcard", [".ics"] = "text/calendar",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type that the end of a name or a path tells; null when it tells none.</summary>
    /// <param name="name">The name.</param>
    public static string? OfName(string? name) => ByEnding.GetValueOrDefault(Path.GetExtension(name) ?? "");

    /// <summary>
    /// The kind of a file, by the type that is claimed for it, or else by its name or its address; null when these tell nothing.
    /// </summary>
    /// <param name="file">The file.</param>
    public static ContentType? KindOf(MediaItem file) =>
        (file.MimeType ?? OfName(file.Filename) ?? OfName(file.MediaUrl is { IsAbsoluteUri: true } url ? url.AbsolutePath : null))
            ?.Split('/', 2)[0]
                .ToLowerInvariant() switch
        {
            null => null,
            "image" => ContentType.Image,
            "video" => ContentType.Video,
            "audio" => ContentType.Audio,
            _ => ContentType.Document,
        };
}
