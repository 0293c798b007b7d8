using System.Text.Json;
using Omni.Shared;

namespace Omni.Api;

/// <summary>Reads the content of a request, one method a kind. What a carrier makes of it is for the planner to say.</summary>
internal static class ContentReader
{
    private const int MaxName = 256;
    private const int MaxText = 1024;
    private const int MaxUrl = 2048;

    // Kinds that only people send us.
    private static readonly string Kinds =
        string.Join(", ", Enum.GetValues<ContentType>().Where(type => type != ContentType.Unsupported).Select(type => type.Word()));

    /// <summary>The content; null when it cannot be read, and then the errors tell why.</summary>
    public static Content? Read(JsonFields request)
    {
        if (request.Object("content", required: true) is not { } fields) return null;
        if (fields.Text("type", required: true) is not { } type) return null;

        Content? content = EnumWords.FromWord<ContentType>(type) switch
        {
            ContentType.Text => new TextContent { Body = fields.Text("body", required: true) ?? "" },
            ContentType.Image => Media(new ImageContent(), fields),
            ContentType.Video => Media(new VideoContent(), fields),
            ContentType.Audio => Media(new AudioContent(), fields),
            ContentType.Document => Media(new DocumentContent(), fields),
            ContentType.Sticker => Media(new StickerContent(), fields),
            ContentType.Location => Location(fields),
            ContentType.Contacts => new ContactsContent { Contacts = fields.Objects("contacts", Contact, required: true) ?? [] },
            ContentType.Template => Template(fields),
            ContentType.Interactive => Interactive(fields),
            ContentType.Reaction => new ReactionContent
            {
                MessageId = fields.Text("messageId", required: true, max: MaxName) ?? "",
                Emoji = fields.Text("emoji", required: true, min: 0, max: 64) ?? "",
            },
            _ => null,
        };
        if (content is null) fields.Refuse("type", "invalid_value", $"It is one of {Kinds}.");
        else fields.RefuseOthers();
        return content;
    }

    private static MediaContent Media(MediaContent kind, JsonFields fields) => kind with
    {
        MediaUrl = fields.Url("mediaUrl"),
        MediaId = fields.Text("mediaId", max: MaxName),
        Caption = kind is StickerContent ? null : fields.Text("caption", min: 0),
        Filename = fields.Text("filename", max: MaxName),
        MimeType = fields.Text("mimeType", max: MaxName),
        More = fields.Objects("more", File),
    };

    private static MediaItem File(JsonFields fields)
    {
        var file = new MediaItem
        {
            MediaUrl = fields.Url("mediaUrl"),
            MediaId = fields.Text("mediaId", max: MaxName),
            Filename = fields.Text("filename", max: MaxName),
            MimeType = fields.Text("mimeType", max: MaxName),
        };
        fields.RefuseOthers();
        return file;
    }

    private static LocationContent Location(JsonFields fields) => new()
    {
        Latitude = fields.Number("latitude", -90, 90) ?? 0,
        Longitude = fields.Number("longitude", -180, 180) ?? 0,
        Name = fields.Text("name", max: MaxText),
        Address = fields.Text("address", max: MaxText),
    };

    private static Contact Contact(JsonFields fields)
    {
        var contact = new Contact
        {
            Name = fields.Text("name", required: true, max: MaxName) ?? "",
            Phones = fields.Texts("phones") ?? [],
            Emails = fields.Texts("emails") ?? [],
            Organization = fields.Text("organization", max: MaxName),
        };
        fields.RefuseOthers();
        return contact;
    }

    private static TemplateContent Template(JsonFields fields) => new()
    {
        Name = fields.Text("name", required: true, max: 512) ?? "",
        Language = fields.Text("language", max: 35),
        Variables = fields.Map("variables") ?? new SortedDictionary<string, string>(),
        Header = fields.Object("header") is { } header ? Header(header) : null,
        Buttons = fields.Objects("buttons", TemplateButton),
    };

    private static TemplateHeader Header(JsonFields fields)
    {
        MediaItem? FileOf(string kind) => fields.Object(kind) is { } file ? File(file) : null;

        var header = new TemplateHeader
        {
            Text = fields.Text("text", max: MaxText), Image = FileOf("image"), Video = FileOf("video"), Document = FileOf("document"),
        };
        fields.RefuseOthers();
        return header;
    }

    private static TemplateButton TemplateButton(JsonFields fields)
    {
        var button = new TemplateButton(
            fields.Whole("index", 0, 9, required: true) ?? 0, fields.Word<TemplateButtonType>("type", required: true) ?? default,
            fields.Text("value", required: true, max: MaxUrl) ?? "");
        fields.RefuseOthers();
        return button;
    }

    private static InteractiveContent Interactive(JsonFields fields)
    {
        var content = new InteractiveContent
        {
            // Cards may stand alone; everything else hangs under a text.
            Body = fields.Text("body", required: fields.Member("cards") is null) ?? "",
            Header = fields.Text("header"),
            Footer = fields.Text("footer"),
            Buttons = fields.Objects("buttons", Choice),
            List = List(fields.Object("list")),
            CtaUrl = CtaUrl(fields.Object("ctaUrl")),
            QuickReplies = fields.Objects("quickReplies", Choice),
            Cards = fields.Objects("cards", Card),
        };
        JsonElement?[] choices =
            [
                fields.Member("buttons"),
                fields.Member("list"),
                fields.Member("ctaUrl"),
                fields.Member("quickReplies"),
                fields.Member("cards")
            ];
        if (choices.Count(choice => choice is not null) != 1)
        {
            fields.Refuse("buttons", "required", "Give exactly one of buttons, list, ctaUrl, quickReplies and cards.");
        }

        return content;
    }

    private static Choice Choice(JsonFields fields)
    {
        var choice = new Choice(
            fields.Text("id", required: true, max: MaxName) ?? "",
            fields.Text("title", required: true, max: MaxName) ?? "",
            fields.Text("description", max: MaxName));
        fields.RefuseOthers();
        return choice;
    }

    private static Card Card(JsonFields fields)
    {
        var card = new Card(
            fields.Text("title", required: true, max: MaxName) ?? "",
            fields.Objects("buttons", CardButton) ?? [],
            fields.Text("subtitle", max: MaxText),
            fields.Url("imageUrl"));
        fields.RefuseOthers();
        return card;
    }

    private static CardButton CardButton(JsonFields fields)
    {
        var button = new CardButton(
            fields.Text("id", required: true, max: MaxName) ?? "",
            fields.Text("title", required: true, max: MaxName) ?? "",
            fields.Url("url"));
        fields.RefuseOthers();
        return button;
    }

    private static ChoiceList? List(JsonFields? fields)
    {
        if (fields is null) return null;

        var list = new ChoiceList(
            fields.Text("button", required: true, max: MaxName) ?? "", fields.Objects("sections", Section, required: true) ?? []);
        fields.RefuseOthers();
        return list;
    }

    private static ChoiceSection Section(JsonFields fields)
    {
        var section = new ChoiceSection(fields.Objects("rows", Choice, required: true) ?? [], fields.Text("title", max: MaxName));
        fields.RefuseOthers();
        return section;
    }

    private static CtaUrl? CtaUrl(JsonFields? fields)
    {
        if (fields is null) return null;

        var title = fields.Text("title", required: true, max: MaxName);
        var url = fields.Url("url", required: true);
        fields.RefuseOthers();
        return title is not null && url is not null ? new(title, url) : null;
    }
}
