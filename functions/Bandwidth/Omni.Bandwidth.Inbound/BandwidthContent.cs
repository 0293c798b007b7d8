using System.Text.Json;
using Omni.Pipeline;
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
        MediaItem?[] files =
            [.. (message.Media ?? []).Where(url => !IsLayout(url)).Concat(RichFiles(message)).Select(InboundFiles.FindNamed)];
        return message switch
        {
            { SuggestionResponse: { } chosen } =>
                new InteractiveContent { Reply = new(chosen.PostbackData ?? chosen.Text ?? "", chosen.Text ?? "") },
            { LocationResponse: { Latitude: { } north, Longitude: { } east } } =>
                new LocationContent { Latitude = north, Longitude = east },
            { LocationResponse: not null } => new UnsupportedContent { Kind = "location" },
            _ when files.Length > 0 => InboundFiles.Content(files, text),
            _ when text.Length == 0 && message.Content is { ValueKind: JsonValueKind.Object } =>
                new UnsupportedContent { Kind = message.Channel ?? "content" },
            _ => new TextContent { Body = text },
        };
    }

    // A multi-channel message has its text one level further down.
    private static string Text(BandwidthMessage message) =>
        message.Text is { Length: > 0 } text ? text
        : message.Content is { ValueKind: JsonValueKind.Object } content
            && content.TryGetProperty("text", out var inner)
            && inner.ValueKind is JsonValueKind.String
            ? inner.GetString()!
        : "";

    // And its files. Where several stand in a list, all of them.
    private static IEnumerable<string> RichFiles(BandwidthMessage message) =>
        message.Content is { ValueKind: JsonValueKind.Object } content && content.TryGetProperty("media", out var media)
            ? WebhookJson.Items(media).Where(file => file.ValueKind is JsonValueKind.Object)
                .Select(
                    file => file.TryGetProperty("fileUrl", out var url) && url.ValueKind is JsonValueKind.String ? url.GetString()! : "")
            : [];

    // Layout parts say where on the screen the others stand: https://www.w3.org/TR/SMIL3/
    private static bool IsLayout(string url) => Path.GetExtension(url.Split('?', 2)[0]).ToLowerInvariant() is ".smil" or ".xml";
}
