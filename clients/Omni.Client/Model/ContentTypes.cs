using System.Text.Json;

namespace Omni.Client;

/// <summary>A text.</summary>
public sealed record TextContent : Content
{
    /// <summary>The text, any Unicode.</summary>
    public required string Body { get; init; }
}

/// <summary>A file, and further ones of its kind.</summary>
public abstract record MediaContent : Content
{
    /// <summary>Where the file can be fetched: https.</summary>
    public Uri? MediaUrl { get; init; }

    /// <summary>A file that Omni or the carrier holds; either this or mediaUrl.</summary>
    public string? MediaId { get; init; }

    /// <summary>The name that the person sees.</summary>
    public string? Filename { get; init; }

    /// <summary>The claimed type; the bytes decide.</summary>
    public string? MimeType { get; init; }

    /// <summary>Further files of the same message, where the carrier takes several.</summary>
    public IReadOnlyList<MediaItem>? More { get; init; }

    /// <summary>Inbound only: the SHA-256 of the bytes as the carrier tells it, lower-case hex.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>A file that may have text beside it.</summary>
public abstract record CaptionedContent : MediaContent
{
    /// <summary>Text beside the file; where the carrier cannot put it there, it follows as parts of its own.</summary>
    public string? Caption { get; init; }
}

/// <summary>A picture.</summary>
public sealed record ImageContent : CaptionedContent;

/// <summary>A film.</summary>
public sealed record VideoContent : CaptionedContent;

/// <summary>A sound.</summary>
public sealed record AudioContent : CaptionedContent;

/// <summary>A document.</summary>
public sealed record DocumentContent : CaptionedContent;

/// <summary>A sticker.</summary>
public sealed record StickerContent : MediaContent;

/// <summary>A file.</summary>
public sealed record MediaItem
{
    /// <summary>Where the file can be fetched: https.</summary>
    public Uri? MediaUrl { get; init; }

    /// <summary>A file that Omni or the carrier holds; either this or mediaUrl.</summary>
    public string? MediaId { get; init; }

    /// <summary>The name that the person sees.</summary>
    public string? Filename { get; init; }

    /// <summary>The claimed type; the bytes decide.</summary>
    public string? MimeType { get; init; }

    /// <summary>Inbound only: the SHA-256 of the bytes as the carrier tells it, lower-case hex.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>A place.</summary>
public sealed record LocationContent : Content
{
    /// <summary>Degrees north.</summary>
    public required double Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    public required double Longitude { get; init; }

    /// <summary>The name of the place.</summary>
    public string? Name { get; init; }

    /// <summary>Its postal address.</summary>
    public string? Address { get; init; }
}

/// <summary>Cards of people.</summary>
public sealed record ContactsContent : Content
{
    /// <summary>The cards.</summary>
    public required IReadOnlyList<Contact> Contacts { get; init; }
}

/// <summary>A card of a person or business.</summary>
public sealed record Contact
{
    /// <summary>The full name.</summary>
    public required string Name { get; init; }

    /// <summary>Phone numbers.</summary>
    public IReadOnlyList<string>? Phones { get; init; }

    /// <summary>E-mail addresses.</summary>
    public IReadOnlyList<string>? Emails { get; init; }

    /// <summary>The company.</summary>
    public string? Organization { get; init; }
}

/// <summary>A template that the carrier approved.</summary>
public sealed record TemplateContent : Content
{
    /// <summary>The template's name at the carrier; at Twilio its ContentSid.</summary>
    public required string Name { get; init; }

    /// <summary>The language to pick.</summary>
    public string? Language { get; init; }

    /// <summary>Values by variable name.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>What goes into the header of a template: exactly one of these, where the carrier has templateComponents.</summary>
    public TemplateHeader? Header { get; init; }

    /// <summary>Values for its buttons, one a button, where the carrier has templateComponents.</summary>
    public IReadOnlyList<TemplateButton>? Buttons { get; init; }
}

/// <summary>What goes into the header of a template: exactly one of these, where the carrier has templateComponents.</summary>
public sealed record TemplateHeader
{
    /// <summary>The value of a text header's variable.</summary>
    public string? Text { get; init; }

    /// <summary>A picture.</summary>
    public MediaItem? Image { get; init; }

    /// <summary>A film.</summary>
    public MediaItem? Video { get; init; }

    /// <summary>A document.</summary>
    public MediaItem? Document { get; init; }
}

/// <summary>A value for a button of a template.</summary>
public sealed record TemplateButton
{
    /// <summary>Which button, from 0.</summary>
    public required int Index { get; init; }

    /// <summary></summary>
    public required string Type { get; init; }

    /// <summary>The end of the link, the payload that comes back, or the code to copy.</summary>
    public required string Value { get; init; }
}

/// <summary>
/// A text with exactly one of buttons, list, ctaUrl, quickReplies and cards. Ids are unique in a message, titles among the choices beside
/// each other.
/// </summary>
public sealed record InteractiveContent : Content
{
    /// <summary>The text above the choices; only cards can be without.</summary>
    public string? Body { get; init; }

    /// <summary>A headline.</summary>
    public string? Header { get; init; }

    /// <summary>Small print.</summary>
    public string? Footer { get; init; }

    /// <summary>Buttons to tap.</summary>
    public IReadOnlyList<Choice>? Buttons { get; init; }

    /// <summary>A list to choose from.</summary>
    public ChoiceList? List { get; init; }

    /// <summary>A button that opens an address.</summary>
    public CtaUrl? CtaUrl { get; init; }

    /// <summary>Answers to tap, which go away after.</summary>
    public IReadOnlyList<Choice>? QuickReplies { get; init; }

    /// <summary>Cards beside each other.</summary>
    public IReadOnlyList<Card>? Cards { get; init; }

    /// <summary>Inbound only: what the person chose, or filled in.</summary>
    public ChoiceReply? Reply { get; init; }
}

/// <summary>Something to choose.</summary>
public sealed record Choice
{
    /// <summary>Comes back when it is chosen.</summary>
    public required string Id { get; init; }

    /// <summary>What the person sees.</summary>
    public required string Title { get; init; }

    /// <summary>A second line, in lists.</summary>
    public string? Description { get; init; }
}

/// <summary>A list that a button opens.</summary>
public sealed record ChoiceList
{
    /// <summary>The text of the button that opens it.</summary>
    public required string Button { get; init; }

    /// <summary>Its sections.</summary>
    public required IReadOnlyList<ChoiceSection> Sections { get; init; }
}

/// <summary>A section of a list.</summary>
public sealed record ChoiceSection
{
    /// <summary>Its headline.</summary>
    public string? Title { get; init; }

    /// <summary>Its rows.</summary>
    public required IReadOnlyList<Choice> Rows { get; init; }
}

/// <summary>A button that opens an address.</summary>
public sealed record CtaUrl
{
    /// <summary>The button's text.</summary>
    public required string Title { get; init; }

    /// <summary>The page.</summary>
    public required Uri Url { get; init; }
}

/// <summary>A card with a title, a picture and buttons.</summary>
public sealed record Card
{
    /// <summary>Its headline.</summary>
    public required string Title { get; init; }

    /// <summary>A second line.</summary>
    public string? Subtitle { get; init; }

    /// <summary>Its picture: https.</summary>
    public Uri? ImageUrl { get; init; }

    /// <summary>Its buttons.</summary>
    public IReadOnlyList<CardButton>? Buttons { get; init; }
}

/// <summary>A button of a card.</summary>
public sealed record CardButton
{
    /// <summary>Comes back when it is chosen.</summary>
    public required string Id { get; init; }

    /// <summary>What the person sees.</summary>
    public required string Title { get; init; }

    /// <summary>The page that it opens; left out: it sends its title back.</summary>
    public Uri? Url { get; init; }
}

/// <summary>What a person chose.</summary>
public sealed record ChoiceReply
{
    /// <summary>The id of what was chosen; of what has none, such as a form or an order, the carrier's word for its kind.</summary>
    public required string Id { get; init; }

    /// <summary>What the person saw.</summary>
    public required string Title { get; init; }

    /// <summary>The second line that they saw, in lists.</summary>
    public string? Description { get; init; }

    /// <summary>What they filled in or ordered, under the carrier's names. Missing where there is none, or more than 32 KB of it.</summary>
    public JsonElement? Data { get; init; }
}

/// <summary>An emoji on an earlier message.</summary>
public sealed record ReactionContent : Content
{
    /// <summary>The message reacted to: its id here, or the carrier's. It comes back as the carrier's.</summary>
    public required string MessageId { get; init; }

    /// <summary>One emoji; empty takes an earlier reaction back.</summary>
    public required string Emoji { get; init; }
}

/// <summary>What a person sent and Omni has no kind for.</summary>
public sealed record UnsupportedContent : Content
{
    /// <summary>The carrier's word for it.</summary>
    public required string Kind { get; init; }

    /// <summary>What of it can be read as text.</summary>
    public string? Text { get; init; }
}
