using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Inteliquent.Inbound;

/// <summary>What a person wrote or sent, out of Inteliquent's call.</summary>
internal static class InteliquentContent
{
    /// <summary>The content of a message.</summary>
    /// <param name="call">The call.</param>
    public static Content Of(InteliquentCall call)
    {
        MediaItem?[] files = [.. (call.MediaUrls ?? []).Where(url => !IsLayout(url)).Select(File)];
        return files.Length > 0 ? InboundFiles.Content(files, call.Text) : new TextContent { Body = call.Text ?? "" };
    }

    // How the parts of an MMS are laid out on a phone of 2002. People took it for a file.
    private static bool IsLayout(string url) => url.Split('?', '#')[0].EndsWith(".smil", StringComparison.OrdinalIgnoreCase);

    private static MediaItem? File(string url) =>
        InboundFiles.FindNamed(url) is { } file ? file with { MimeType = MediaTypes.OfName(file.Filename) } : null;
}
