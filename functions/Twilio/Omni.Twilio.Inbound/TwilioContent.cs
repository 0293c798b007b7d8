using System.Globalization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio.Inbound;

/// <summary>What a person wrote, out of Twilio's form.</summary>
internal static class TwilioContent
{
    /// <summary>The content of a message.</summary>
    /// <param name="form">The form.</param>
    public static Content Of(TwilioFields form)
    {
        var text = form.Find("Body") ?? "";
        return Media(form) switch
        {
            { Length: > 0 } files => InboundFiles.Content(files, text),
            _ when Place(form) is { } place => place,
            _ when Reply(form, text) is { } reply => reply,
            _ => new TextContent { Body = text },
        };
    }

    // NumMedia counts them; the addresses themselves say the same and cannot disagree with what is there.
    private static MediaItem?[] Media(TwilioFields form)
    {
        var files = new List<MediaItem?>();
        while (form.Find(Numbered("MediaUrl")) is { } url)
        {
            files.Add(InboundFiles.Find(url) is { } file ? file with { MimeType = form.Find(Numbered("MediaContentType")) } : null);
        }

        return [.. files];

        string Numbered(string name) => string.Create(CultureInfo.InvariantCulture, $"{name}{files.Count}");
    }

    // WhatsApp only, as are the replies to buttons.
    private static LocationContent? Place(TwilioFields form) =>
        Degrees(form.Find("Latitude")) is { } latitude && Degrees(form.Find("Longitude")) is { } longitude
            ? new() { Latitude = latitude, Longitude = longitude, Name = form.Find("Label"), Address = form.Find("Address") }
            : null;

    // A button of a template that was made without a payload tells its text alone. How the fields of a list's row are called, Twilio's
    // pages do not say; what of a form was filled in comes as JSON.
    private static InteractiveContent? Reply(TwilioFields form, string text)
    {
        var data = WebhookJson.Data("FlowData", form.Find("FlowData")) ?? WebhookJson.Data("InteractiveData", form.Find("InteractiveData"));
        var title = form.Find("ButtonText") ?? form.Find("ListTitle");
        return (form.Find("ButtonPayload") ?? form.Find("ListId") ?? title ?? (data is null ? null : "flow")) is { } id
            ? new() { Reply = new(id, title ?? (text.Length > 0 ? text : id), form.Find("ListDescription"), data) }
            : null;
    }

    private static double? Degrees(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees)
            ? degrees
            : null;
}
