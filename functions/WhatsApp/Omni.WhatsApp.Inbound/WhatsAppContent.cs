using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Inbound;

/// <summary>
/// What a person sent, out of Meta's shapes.
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
/// </summary>
internal static class WhatsAppContent
{
    private const int Sha256Bytes = 32;

    /// <summary>The content of a message. A kind that we have no shape for keeps its name, and what of it is text.</summary>
    /// <param name="message">The message.</param>
    public static Content Of(WireMessage message) => message switch
    {
        { Type: "text", Text.Body: { } body } => new TextContent { Body = body },
        { Type: "image", Image.Id: not null } => Media(new ImageContent(), message.Image),
        { Type: "video", Video.Id: not null } => Media(new VideoContent(), message.Video),
        { Type: "audio", Audio.Id: not null } => Media(new AudioContent(), message.Audio),
        { Type: "voice", Voice.Id: not null } => Media(new AudioContent(), message.Voice),
        { Type: "document", Document.Id: not null } => Media(new DocumentContent(), message.Document),
        { Type: "sticker", Sticker.Id: not null } => Media(new StickerContent(), message.Sticker),
        { Type: "location", Location: { Latitude: { } latitude, Longitude: { } longitude } place } =>
            new LocationContent { Latitude = latitude, Longitude = longitude, Name = place.Name, Address = place.Address },
        { Type: "contacts", Contacts: [_, ..] cards } => new ContactsContent { Contacts = [.. cards.Select(Card)] },
        { Type: "interactive", Interactive: { } interactive } => Answer(interactive),
        { Type: "button", Button: { Text: { } text } button } => new InteractiveContent { Reply = new(button.Payload ?? text, text) },
        { Type: "reaction", Reaction: { MessageId: { } target } reaction } =>
            new ReactionContent { MessageId = target, Emoji = reaction.Emoji ?? "" },
        { Type: "order", Order: { ValueKind: JsonValueKind.Object } order } => new InteractiveContent
        {
            Reply = Filled("order", WebhookJson.Read(order, WhatsAppJson.Default.WireOrder)?.Text, order),
        },
        { Type: "edit", Edit.Message: { } edited } => new UnsupportedContent { Kind = "edit", Text = TextOf(Of(edited)) },
        { Type: "unsupported", Unsupported.Type: { } kind } => new UnsupportedContent { Kind = kind },
        _ => new UnsupportedContent { Kind = message.Type ?? "unknown" },
    };

    private static T Media<T>(T content, WireMedia file) where T : MediaContent => content with
    {
        MediaId = file.Id, MimeType = file.MimeType, Sha256 = Hash(file.Sha256), Caption = file.Caption, Filename = file.Filename,
    };

    // Base64 in webhooks; hex has been seen in look-ups. Anything else is no hash to check a file against.
    private static string? Hash(string? text)
    {
        Span<byte> bytes = stackalloc byte[Sha256Bytes];
        return text switch
        {
            null => null,
            { Length: 2 * Sha256Bytes } when text.All(char.IsAsciiHexDigit) => text.ToLowerInvariant(),
            _ => Convert.TryFromBase64String(text, bytes, out var length) && length == Sha256Bytes ? Convert.ToHexStringLower(bytes) : null,
        };
    }

    private static Contact Card(WireCard card)
    {
        string[] phones =
            [.. (card.Phones ?? []).Select(phone => phone.Phone ?? (phone.WaId is { } waId ? $"+{waId}" : null)).OfType<string>()];
        string[] emails = [.. (card.Emails ?? []).Select(email => email.Email).OfType<string>()];
        var name = card.Name?.FormattedName ?? string.Join(' ', new[] { card.Name?.FirstName, card.Name?.LastName }.OfType<string>());
        return new()
        {
            Name = name.Length > 0 ? name : card.Org?.Company ?? phones.Concat(emails).FirstOrDefault() ?? "",
            Phones = phones,
            Emails = emails,
            Organization = card.Org?.Company,
        };
    }

    private static Content Answer(WireInteractive interactive) => interactive switch
    {
        { ButtonReply: { Id: { } id } chosen } => new InteractiveContent { Reply = new(id, chosen.Title ?? id) },
        { ListReply: { Id: { } id } chosen } => new InteractiveContent { Reply = new(id, chosen.Title ?? id, chosen.Description) },

        { FormReply: { } form } => new InteractiveContent
        {
            Reply = Filled(form.Name ?? "flow", form.Body, WebhookJson.Data("response_json", form.Response)),
        },
        { CallPermissionReply: { } permission } => new UnsupportedContent { Kind = "call_permission_reply", Text = permission.Response },
        _ => new UnsupportedContent { Kind = interactive.Type ?? "interactive" },
    };

    // Neither has a name of ours: the carrier's word for its kind stands there.
    private static ChoiceReply Filled(string kind, string? title, JsonElement? data) =>
        new(kind, title is { Length: > 0 } ? title : kind, Description: null, data);

    private static string? TextOf(Content content) => content switch
    {
        TextContent text => text.Body,
        MediaContent media => media.Caption,
        UnsupportedContent other => other.Text,
        _ => null,
    };
}
