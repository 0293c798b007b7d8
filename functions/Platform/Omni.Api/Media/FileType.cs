using System.Net.Http.Headers;

namespace Omni.Api;

/// <summary>The type under which a client's file is kept: what its bytes say; where they are silent, what the client says.</summary>
internal static class FileType
{
    /// <summary>The type of what nobody knows.</summary>
    public const string Unknown = "application/octet-stream";

    private const int MaxLength = 128;

    /// <summary>The type that a client claims, normalised; null when it is none.</summary>
    /// <param name="text">As it was given.</param>
    public static string? Claimed(string? text) =>
        text is { Length: <= MaxLength }
        && text.All(c => c is >= ' ' and <= '~')
        && MediaTypeHeaderValue.TryParse(text, out var type)
        && type.MediaType?.Split('/') is [not "*", not "*"]
        && !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
        && !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            ? type.ToString().ToLowerInvariant()
            : null;

    /// <summary>The type to keep a file under; null when it is not what it is said to be.</summary>
    /// <param name="start">The first <see cref="MediaSignature.Length"/> bytes.</param>
    /// <param name="claimed">The type that is claimed.</param>
    public static string? Of(ReadOnlySpan<byte> start, string claimed)
    {
        var bare = claimed.Split(';', 2)[0].TrimEnd();
        if (MediaSignature.TypeOf(start) is { } seen)
        {
            // One container holds sound alone, or film: audio/mp4 and video/mp4 begin alike. The codecs stand in a parameter.
            return bare.Split('/')[1] == seen.Split('/')[1] ? claimed : seen;
        }

        var isSaidToBeShown = bare.Split('/')[0] is "image" or "audio" or "video" && bare != "image/svg+xml";
        return isSaidToBeShown || (bare == "application/pdf" && !start.StartsWith("%PDF-"u8)) ? null : claimed;
    }
}
