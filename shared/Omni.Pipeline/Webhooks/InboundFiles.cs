using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>Files that people send, told by their addresses.</summary>
public static class InboundFiles
{
    /// <summary>
    /// The content of a message with files. An address that is none takes neither the others nor the text with it:
    /// it stands in the kept call.
    /// </summary>
    /// <param name="files">The files, at least one; null where the address is none.</param>
    /// <param name="text">The text beside them; empty for none.</param>
    public static Content Content(IReadOnlyList<MediaItem?> files, string? text) =>
        files.OfType<MediaItem>().ToArray() is { Length: > 0 } read
            ? MediaContent.Of(read, text)
            : new UnsupportedContent { Kind = "media", Text = string.IsNullOrEmpty(text) ? null : text };

    /// <summary>A file by its address; null when that is none of the web.</summary>
    /// <param name="url">The address as the carrier writes it.</param>
    public static MediaItem? Find(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address is { Scheme: "https" or "http" }
            ? new() { MediaUrl = address }
            : null;

    /// <summary>The same, with the name that ends the address, where the carrier tells none.</summary>
    /// <param name="url">The address as the carrier writes it.</param>
    public static MediaItem? FindNamed(string? url)
    {
        if (Find(url) is not { MediaUrl: { } address } file) return null;

        var path = Uri.UnescapeDataString(address.AbsolutePath).Replace("\0", "", StringComparison.Ordinal);
        return path[(path.LastIndexOf('/') + 1)..] is { Length: > 0 } name ? file with { Filename = name } : file;
    }
}
