using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Inbound;

/// <summary>What a person wrote in a channel. https://developers.messagebird.com/api/conversations/#message-content-object</summary>
internal static class MessageBirdContent
{
    /// <summary>The content of a message; of a kind or a form that we do not know, what of it is text.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="content">Its content.</param>
    public static Content Of(string type, JsonElement content)
    {
        try
        {
            return type switch
            {
                "text" => new TextContent { Body = Text(content, "text") ?? throw new FormatException() },
                "whatsappText" =>
                    new TextContent { Body = Text(content.GetProperty(type).GetProperty("text"), "body") ?? throw new FormatException() },
                "image" => File(new ImageContent(), content.GetProperty(type)),
                "video" => File(new VideoContent(), content.GetProperty(type)),
                "audio" => File(new AudioContent(), content.GetProperty(type)),
                "file" => File(new DocumentContent(), content.GetProperty(type)),
                "whatsappSticker" => new StickerContent { MediaUrl = Address(content.GetProperty(type), "link") },
                "location" => Place(content.GetProperty(type)),
                "interactive" => Reply(content.GetProperty(type).GetProperty("reply"), "id"),
                // of a template: not documented, so read as WhatsApp itself writes it
                "button" => Reply(content.GetProperty(type), "payload"),
                _ => Unsupported(type, content),
            };
        }
        catch (Exception unknown) when (unknown is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return Unsupported(type, content); // it came all the same, and its own words are kept beside it
        }
    }

    /// <summary>The message that is quoted; null when there is none.</summary>
    /// <param name="content">The content.</param>
    public static string? Quoted(JsonElement content) =>
        Member(Member(content, "whatsappText") ?? content, "context") is { } context ? Text(context, "id") : null;

    private static MediaContent File(MediaContent kind, JsonElement file) => kind with
    {
        MediaUrl = Address(file, "url"),
        Caption = Text(file, "caption") is { Length: > 0 } caption ? caption : null,
    };

    private static LocationContent Place(JsonElement place) =>
        new() { Latitude = place.GetProperty("latitude").GetDouble(), Longitude = place.GetProperty("longitude").GetDouble() };

    private static Uri Address(JsonElement file, string name) =>
        InboundFiles.Find(Text(file, name))?.MediaUrl ?? throw new FormatException();

    private static InteractiveContent Reply(JsonElement reply, string id)
    {
        var text = Text(reply, "text") ?? throw new FormatException();
        return new() { Reply = new(Text(reply, id) ?? text, text, Text(reply, "description")) };
    }

    private static UnsupportedContent Unsupported(string type, JsonElement content) =>
        new() { Kind = type, Text = Text(content, "text") ?? (Member(content, type) is { } own ? Text(own, "text") : null) };

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;
}
