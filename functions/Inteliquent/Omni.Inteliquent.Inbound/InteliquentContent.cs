using Omni.Shared;

namespace Omni.Inteliquent.Inbound;

/// <summary>What a person wrote or sent, out of Inteliquent's call.</summary>
internal static class InteliquentContent
{
    /// <summary>The content of a message.</summary>
    /// <param name="call">The call.</param>
    public static Content Of(InteliquentCall call)
    {
        var text = TextOf(call);
        string[] parts = [.. (call.MediaUrls ?? []).Where(url => !IsLayout(url))];
        MediaItem[] files = [.. parts.Select(File).OfType<MediaItem>()];
        return (files, parts) switch
        {
            ([_, ..], _) => MediaContent.Of(files, caption: text),
            ([], [_, ..]) => new UnsupportedContent { Kind = "media", Text = text.Length > 0 ? text : null },
            _ => new TextContent { Body = text },
        };
    }

    /// <summary>The text of a message. Some networks pad it with NUL characters; no database and no screen wants them.</summary>
    /// <param name="call">The call.</param>
    public static string TextOf(InteliquentCall call) => (call.Text ?? "").Replace("\0", "", StringComparison.Ordinal);

    // How the parts of an MMS are laid out on a phone of 2002. People took it for a file.
    private static bool IsLayout(string url) => url.Split('?', '#')[0].EndsWith(".smil", StringComparison.OrdinalIgnoreCase);

    // One address that is none must not lose the others: it is left out, and stands in the kept call.
    private static MediaItem? File(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http")) return null;

        var name = Path.GetFileName(Uri.UnescapeDataString(address.AbsolutePath));
        return new()
        {
            MediaUrl = address,
            Filename = name.Length > 0 ? name : null,
            MimeType = MediaTypes.OfName(name),
        };
    }
}
