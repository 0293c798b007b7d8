using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>What a part becomes in Meta's JSON. Pure: files have their places already.</summary>
internal static class WhatsAppRequest
{
    private static readonly string[] Links = ["https://", "http://"];

    /// <summary>The request for a part; null when WhatsApp cannot carry its content.</summary>
    /// <param name="part">The part.</param>
    /// <param name="file">Where the part's file is; null when it has none.</param>
    public static SendBody? For(OutboundPart part, MediaBody? file)
    {
        var message = part.Message;
        var body = new SendBody { CallbackData = part.Reference.ToString() };
        body = message.To.Type == AddressType.Phone ? body with { To = message.To.Value } : body with { Recipient = message.To.Value };

        // Of a long text only the first part quotes: the others follow it.
        if (message.ReplyTo is { } quoted && part.Index == 0 && part.Content is not ReactionContent)
            body = body with { Context = new(quoted) };

        return part.Content switch
        {
            TextContent text => body with
            {
                Text = new(text.Body, Links.Any(link => text.Body.Contains(link, StringComparison.OrdinalIgnoreCase)) ? true : null)
            },
            MediaContent media when file is not null => Media(body, media, file),
            LocationContent place =>
                body with { Type = "location", Location = new(place.Latitude, place.Longitude, place.Name, place.Address) },
            ContactsContent cards => body with { Type = "contacts", Contacts = [.. cards.Contacts.Select(Card)] },
            ReactionContent reaction => body with { Type = "reaction", Reaction = new(reaction.MessageId, reaction.Emoji) },
            TemplateContent { Language: { } language } template =>
                body with { Type = "template", Template = WhatsAppTemplate.For(template, language, file) },
            InteractiveContent interactive when WhatsAppInteractive.For(interactive) is { } choices =>
                body with { Type = "interactive", Interactive = choices },
            _ => null,
        };
    }

    // A caption of a sound or a sticker is a part of its own: see CaptionTypes in the catalogue.
    private static SendBody? Media(SendBody body, MediaContent media, MediaBody file)
    {
        var captioned = file with { Caption = media.Caption is { Length: > 0 } caption ? caption : null };
        return media switch
        {
            ImageContent => body with { Type = "image", Image = captioned },
            VideoContent => body with { Type = "video", Video = captioned },
            DocumentContent => body with { Type = "document", Document = captioned with { Filename = media.Filename } },
            AudioContent when captioned.Caption is null => body with { Type = "audio", Audio = file },
            StickerContent when captioned.Caption is null => body with { Type = "sticker", Sticker = file },
            _ => null,
        };
    }

    private static ContactBody Card(Contact contact) => new(
        new(contact.Name, contact.Name),
        contact.Phones.Count > 0 ? [.. contact.Phones.Select(phone => new PhoneBody(phone))] : null,
        contact.Emails.Count > 0 ? [.. contact.Emails.Select(email => new EmailBody(email))] : null,
        contact.Organization is { } company ? new(company) : null);
}
