using System.Text.Json;
using Omni.Shared;

namespace Omni.Bandwidth.Inbound;

/// <summary>What a person wrote, out of Bandwidth's message.</summary>
internal static class BandwidthContent
{
    /// <summary>The content of a message.</summary>
    /// <param name="message">The message.</param>
    public static Content Of(BandwidthMessage message)
    {
        var text = Text(message);
        MediaItem?[] files = [.. (message.Media ?? []).Where(url => !IsLayout(url)).Select(File)];
        return message switch
        {
            { SuggestionResponse: { } chosen } => new InteractiveContent { Reply = new(chosen.PostbackData ?? chosen.Text ?? "", chosen.Text ?? "") },
            { LocationResponse: { Latitude: >= -90 and <= 90 and var north, Longitude: >= -180 and <= 180 and var east } } =>
                new LocationContent { Latitude = north, Longitude = east },
            { LocationResponse: not null } => new UnsupportedContent { Kind = "location" },
            _ when files.Contains(null) => new UnsupportedContent { Kind = "media", Text = text.Length > 0 ? text : null },
            _ when files.Length > 0 => MediaContent.Of([.. files.OfType<MediaItem>()], text),
            _ when text.Length == 0 && message.Content is { ValueKind: JsonValueKind.Object } => new UnsupportedContent { Kind = message.Channel ?? "content" },
            _ => new TextContent { Body = text },
        };
    }

    // A multi-channel message has its text one level further down.
    private static string Text(BandwidthMessage message) =>
        message.Text is { Length: > 0 } text ? text
        : message.Content is { ValueKind: JsonValueKind.Object } content && content.TryGetProperty("text", out var inner) && inner.ValueKind is JsonValueKind.String ? inner.GetString()!
        : "";

    // The address is all that is told of a file: its type is in its name, if anywhere. Null: it is no address.
    private static MediaItem? File(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address is { Scheme: "https" or "http" }
            ? new() { MediaUrl = address, Filename = Uri.UnescapeDataString(address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..]) is { Length: > 0 } name ? name : null }
            : null;

    // Layout parts say where on the screen the others stand: https://www.w3.org/TR/SMIL3/
    private static bool IsLayout(string url) => Path.GetExtension(url.Split('?', 2)[0]).ToLowerInvariant() is ".smil" or ".xml";
}
