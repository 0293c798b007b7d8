using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>The kinds of content. The set is closed; each carrier's catalogue entry names those that it carries.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ContentType>))]
public enum ContentType
{
    /// <summary><see cref="TextContent"/>.</summary>
    Text,

    /// <summary><see cref="ImageContent"/>.</summary>
    Image,

    /// <summary><see cref="VideoContent"/>.</summary>
    Video,

    /// <summary><see cref="AudioContent"/>.</summary>
    Audio,

    /// <summary><see cref="DocumentContent"/>.</summary>
    Document,

    /// <summary><see cref="StickerContent"/>.</summary>
    Sticker,

    /// <summary><see cref="LocationContent"/>.</summary>
    Location,

    /// <summary><see cref="ContactsContent"/>.</summary>
    Contacts,

    /// <summary><see cref="TemplateContent"/>.</summary>
    Template,

    /// <summary><see cref="InteractiveContent"/>.</summary>
    Interactive,

    /// <summary><see cref="ReactionContent"/>.</summary>
    Reaction,

    /// <summary><see cref="UnsupportedContent"/>: inbound only.</summary>
    Unsupported,
}

/// <summary>What a message says, in one of a closed set of kinds told apart by <c>type</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextContent), "text")]
[JsonDerivedType(typeof(ImageContent), "image")]
[JsonDerivedType(typeof(VideoContent), "video")]
[JsonDerivedType(typeof(AudioContent), "audio")]
[JsonDerivedType(typeof(DocumentContent), "document")]
[JsonDerivedType(typeof(StickerContent), "sticker")]
[JsonDerivedType(typeof(LocationContent), "location")]
[JsonDerivedType(typeof(ContactsContent), "contacts")]
[JsonDerivedType(typeof(TemplateContent), "template")]
[JsonDerivedType(typeof(InteractiveContent), "interactive")]
[JsonDerivedType(typeof(ReactionContent), "reaction")]
[JsonDerivedType(typeof(UnsupportedContent), "unsupported")]
public abstract record Content
{
    private protected Content() { }

    /// <summary>The kind of this content.</summary>
    [JsonIgnore]
    public abstract ContentType Type { get; }
}

/// <summary>Plain text.</summary>
public sealed record TextContent : Content
{
    /// <summary>The text, any Unicode.</summary>
    public required string Body { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Text;
}

/// <summary>One file of a message.</summary>
public record MediaItem
{
    /// <summary>Where the file can be fetched: an absolute https address (http only on loopback).</summary>
    public Uri? MediaUrl { get; init; }

    /// <summary>A file that Omni or the carrier holds already.</summary>
    public string? MediaId { get; init; }

    /// <summary>The name that the person sees.</summary>
    public string? Filename { get; init; }

    /// <summary>The type that the sender claims; what the bytes are is decided from the bytes.</summary>
    public string? MimeType { get; init; }

    /// <summary>Inbound only: the SHA-256 of the bytes as the carrier tells it, lower-case hex.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>
/// A file with an optional caption. MMS carries several: the first is the content itself, the rest are <see cref="More"/>.
/// </summary>
public abstract record MediaContent : Content
{
    private protected MediaContent() { }

    /// <summary>Where the file can be fetched: an absolute https address (http only on loopback).</summary>
    public Uri? MediaUrl { get; init; }

    /// <summary>A file that Omni or the carrier holds already; either this or <see cref="MediaUrl"/>.</summary>
    public string? MediaId { get; init; }

    /// <summary>Text beside the file.</summary>
    public string? Caption { get; init; }

    /// <summary>The name that the person sees.</summary>
    public string? Filename { get; init; }

    /// <summary>The type that the sender claims; what the bytes are is decided from the bytes.</summary>
    public string? MimeType { get; init; }

    /// <summary>Inbound only: the SHA-256 of the bytes as the carrier tells it, lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Further files of the same message; most carriers allow none.</summary>
    public IReadOnlyList<MediaItem>? More { get; init; }

    /// <summary>Inbound: files as content of the kind that the first one is (<see cref="MediaTypes.KindOf"/>).</summary>
    /// <param name="files">The files, at least one.</param>
    /// <param name="caption">The text beside them; empty for none.</param>
    public static MediaContent Of(IReadOnlyList<MediaItem> files, string? caption = null)
    {
        var first = files[0];
        MediaContent content = MediaTypes.KindOf(first) switch
        {
            ContentType.Image => new ImageContent(),
            ContentType.Video => new VideoContent(),
            ContentType.Audio => new AudioContent(),
            _ => new DocumentContent(),
        };
        return content with
        {
            MediaUrl = first.MediaUrl,
            MediaId = first.MediaId,
            Filename = first.Filename,
            MimeType = first.MimeType,
            Sha256 = first.Sha256,
            Caption = string.IsNullOrEmpty(caption) ? null : caption,
            More = files.Count > 1 ? [.. files.Skip(1)] : null,
        };
    }

    /// <summary>All files: the content's own, then <see cref="More"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<MediaItem> Files =>
        [new() { MediaUrl = MediaUrl, MediaId = MediaId, Filename = Filename, MimeType = MimeType, Sha256 = Sha256 }, .. More ?? []];
}

/// <summary>A picture.</summary>
public sealed record ImageContent : MediaContent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Image;
}

/// <summary>A film.</summary>
public sealed record VideoContent : MediaContent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Video;
}

/// <summary>A sound.</summary>
public sealed record AudioContent : MediaContent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Audio;
}

/// <summary>Any other file.</summary>
public sealed record DocumentContent : MediaContent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Document;
}

/// <summary>A sticker.</summary>
public sealed record StickerContent : MediaContent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Sticker;
}

/// <summary>A place.</summary>
public sealed record LocationContent : Content
{
    /// <summary>Degrees north, −90 to 90.</summary>
    public required double Latitude { get; init; }

    /// <summary>Degrees east, −180 to 180.</summary>
    public required double Longitude { get; init; }

    /// <summary>The name of the place.</summary>
    public string? Name { get; init; }

    /// <summary>Its postal address.</summary>
    public string? Address { get; init; }

    /// <summary>Whether the degrees are those of a place: inbound ones may be anything.</summary>
    [JsonIgnore]
    public bool IsOfThisWorld => Latitude is >= -90 and <= 90 && Longitude is >= -180 and <= 180;

    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Location;
}

/// <summary>Contact cards.</summary>
public sealed record ContactsContent : Content
{
    /// <summary>The cards, at least one.</summary>
    public required IReadOnlyList<Contact> Contacts { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Contacts;
}

/// <summary>One contact card.</summary>
public sealed record Contact
{
    /// <summary>The full name as shown.</summary>
    public required string Name { get; init; }

    /// <summary>Phone numbers.</summary>
    public IReadOnlyList<string> Phones { get => field ?? []; init; }

    /// <summary>E-mail addresses.</summary>
    public IReadOnlyList<string> Emails { get => field ?? []; init; }

    /// <summary>The company.</summary>
    public string? Organization { get; init; }
}

/// <summary>A template that the carrier holds, with the values for its variables.</summary>
public sealed record TemplateContent : Content
{
    /// <summary>The template's name at the carrier (Twilio: its <c>ContentSid</c>).</summary>
    public required string Name { get; init; }

    /// <summary>The language to pick, where the carrier keeps several under one name.</summary>
    public string? Language { get; init; }

    /// <summary>Values by variable name (<c>1</c>, <c>2</c>, … where the carrier numbers them).</summary>
    public IReadOnlyDictionary<string, string> Variables
    {
        get => field ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
        init;
    }

    /// <summary>What goes into the template's header, where it has a variable one.</summary>
    public TemplateHeader? Header { get; init; }

    /// <summary>What goes into the template's buttons, where they have variables.</summary>
    public IReadOnlyList<TemplateButton>? Buttons { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Template;
}

/// <summary>The variable header of a template: exactly one of its members is set.</summary>
public sealed record TemplateHeader
{
    /// <summary>The value of a text header's variable.</summary>
    public string? Text { get; init; }

    /// <summary>A picture.</summary>
    public MediaItem? Image { get; init; }

    /// <summary>A film.</summary>
    public MediaItem? Video { get; init; }

    /// <summary>Any other file.</summary>
    public MediaItem? Document { get; init; }
}

/// <summary>The value of a template button's variable.</summary>
/// <param name="Index">Which button, from 0.</param>
/// <param name="Type">What kind of button it is.</param>
/// <param name="Value">The end of the link, the payload that comes back, or the code to copy.</param>
public sealed record TemplateButton(int Index, TemplateButtonType Type, string Value);

/// <summary>The kinds of template buttons that take a value.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<TemplateButtonType>))]
public enum TemplateButtonType
{
    /// <summary>Opens a page.</summary>
    Url,

    /// <summary>Sends an answer back.</summary>
    QuickReply,

    /// <summary>Copies a code.</summary>
    CopyCode,
}

/// <summary>The kinds of choices of <see cref="InteractiveContent"/>.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ChoiceKind>))]
public enum ChoiceKind
{
    /// <summary><see cref="InteractiveContent.Buttons"/>.</summary>
    Buttons,

    /// <summary><see cref="InteractiveContent.List"/>.</summary>
    List,

    /// <summary><see cref="InteractiveContent.CtaUrl"/>.</summary>
    CtaUrl,

    /// <summary><see cref="InteractiveContent.QuickReplies"/>.</summary>
    QuickReplies,

    /// <summary><see cref="InteractiveContent.Cards"/>.</summary>
    Cards,
}

/// <summary>A text with choices. Exactly one of the kinds of choice is set, or <see cref="Reply"/> when a person chose.</summary>
public sealed record InteractiveContent : Content
{
    /// <summary>The text above the choices.</summary>
    public string Body { get => field ?? ""; init; }

    /// <summary>A headline.</summary>
    public string? Header { get; init; }

    /// <summary>Small print.</summary>
    public string? Footer { get; init; }

    /// <summary>Reply buttons under the text.</summary>
    public IReadOnlyList<Choice>? Buttons { get; init; }

    /// <summary>A list that opens on a tap.</summary>
    public ChoiceList? List { get; init; }

    /// <summary>One button that opens a page.</summary>
    public CtaUrl? CtaUrl { get; init; }

    /// <summary>Suggestions that vanish once used.</summary>
    public IReadOnlyList<Choice>? QuickReplies { get; init; }

    /// <summary>Cards side by side, each with its own buttons.</summary>
    public IReadOnlyList<Card>? Cards { get; init; }

    /// <summary>Inbound only: what the person chose, or filled in.</summary>
    public ChoiceReply? Reply { get; init; }

    /// <summary>Which kind of choice it offers; null when it offers none.</summary>
    [JsonIgnore]
    public ChoiceKind? Kind => this switch
    {
        { Buttons: not null } => ChoiceKind.Buttons,
        { List: not null } => ChoiceKind.List,
        { CtaUrl: not null } => ChoiceKind.CtaUrl,
        { QuickReplies: not null } => ChoiceKind.QuickReplies,
        { Cards: not null } => ChoiceKind.Cards,
        _ => null,
    };

    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Interactive;
}

/// <summary>Something to choose.</summary>
/// <param name="Id">Our name for it; comes back when it is chosen.</param>
/// <param name="Title">What the person sees.</param>
/// <param name="Description">A second line, in lists.</param>
public sealed record Choice(string Id, string Title, string? Description = null);

/// <summary>What a person chose, or filled in.</summary>
/// <param name="Id">Our name for what was chosen; of what has none, such as a form or an order, the carrier's word for its kind.</param>
/// <param name="Title">What the person saw.</param>
/// <param name="Description">The second line that they saw, in lists.</param>
/// <param name="Data">
/// What they filled in or ordered: an object of the carrier's. None where there is none, or more than is kept of it.
/// </param>
public sealed record ChoiceReply(string Id, string Title, string? Description = null, JsonElement? Data = null);

/// <summary>A list of choices.</summary>
/// <param name="Button">The text of the button that opens it.</param>
/// <param name="Sections">Its sections, at least one.</param>
public sealed record ChoiceList(string Button, IReadOnlyList<ChoiceSection> Sections);

/// <summary>A section of a list.</summary>
/// <param name="Rows">Its choices, at least one.</param>
/// <param name="Title">Its headline.</param>
public sealed record ChoiceSection(IReadOnlyList<Choice> Rows, string? Title = null);

/// <summary>A button that opens a page.</summary>
/// <param name="Title">The button's text.</param>
/// <param name="Url">The page.</param>
public sealed record CtaUrl(string Title, Uri Url);

/// <summary>A card: a headline with a picture and buttons.</summary>
/// <param name="Title">Its headline.</param>
/// <param name="Buttons">Its buttons.</param>
/// <param name="Subtitle">A second line.</param>
/// <param name="ImageUrl">Its picture: an absolute https address.</param>
public sealed record Card(string Title, IReadOnlyList<CardButton> Buttons, string? Subtitle = null, Uri? ImageUrl = null);

/// <summary>A button of a card: opens <paramref name="Url"/> if there is one, else sends its title back.</summary>
/// <param name="Id">Our name for it; comes back when it is chosen.</param>
/// <param name="Title">What the person sees.</param>
/// <param name="Url">The page it opens.</param>
public sealed record CardButton(string Id, string Title, Uri? Url = null);

/// <summary>An emoji on an earlier message.</summary>
public sealed record ReactionContent : Content
{
    /// <summary>The message reacted to: the carrier's id of it. The API takes ours as well, and puts the carrier's in its place.</summary>
    public required string MessageId { get; init; }

    /// <summary>The emoji; empty takes an earlier reaction back.</summary>
    public required string Emoji { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Reaction;
}

/// <summary>Inbound only: something that the carrier knows and this version does not. Its raw form is kept beside the message.</summary>
public sealed record UnsupportedContent : Content
{
    /// <summary>The carrier's word for it.</summary>
    public required string Kind { get; init; }

    /// <summary>What of it can be read as text.</summary>
    public string? Text { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ContentType Type => ContentType.Unsupported;
}
