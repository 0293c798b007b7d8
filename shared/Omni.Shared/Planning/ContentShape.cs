using System.Globalization;

namespace Omni.Shared;

/// <summary>What is wrong with content whoever carries it.</summary>
internal static class ContentShape
{
    // Templates have at most ten buttons, at every carrier that has them.
    private const int LastTemplateButton = 9;

    private const string NeedsText = "It needs a text.";

    public static IEnumerable<PlanProblem> Problems(Content content) => content switch
    {
        TextContent text => Needed("content.body", text.Body, "The text is empty."),
        MediaContent media => Media(media),
        LocationContent place => Place(place),
        ContactsContent contacts => Contacts(contacts),
        TemplateContent template => Template(template),
        InteractiveContent interactive => ChoiceShape.Problems(interactive),
        ReactionContent reaction => Reaction(reaction),
        _ => [],
    };

    /// <summary>A text that must be there.</summary>
    internal static IEnumerable<PlanProblem> Needed(string field, string? text, string detail = NeedsText)
    {
        if (string.IsNullOrWhiteSpace(text)) yield return new(field, "required", detail);
    }

    /// <summary>Things of which no two may be the same.</summary>
    internal static IEnumerable<PlanProblem> Unique<T>(IEnumerable<(string Field, T Value)> fields, string detail)
    {
        var seen = new HashSet<T>();
        foreach (var (field, value) in fields)
        {
            if (!seen.Add(value)) yield return new(field, "duplicate", detail);
        }
    }

    private static IEnumerable<PlanProblem> Media(MediaContent content)
    {
        foreach (var problem in ContentFiles.Of(content).SelectMany(File)) yield return problem;

        if (content is StickerContent { Caption.Length: > 0 })
            yield return new("content.caption", "not_carried", "A sticker has no caption.");
        else if (content.Caption is { Length: > 0 } caption && string.IsNullOrWhiteSpace(caption))
            yield return new("content.caption", "required", "The caption is blank; leave it out.");
    }

    private static IEnumerable<PlanProblem> File(NamedFile named)
    {
        var (path, _, file) = named;
        if (file.MediaUrl is null == file.MediaId is null)
        {
            yield return new($"{path}.mediaUrl", "required", "Name the file by exactly one of mediaUrl and mediaId.");
        }

        if (file.MediaUrl is { } url && !IsFetchable(url))
            yield return new($"{path}.mediaUrl", "invalid_url", "The file's address must be an absolute https URL.");
    }

    /// <summary>Carriers fetch the file themselves, over https; on one machine the simulators and the files stand on loopback.</summary>
    internal static bool IsFetchable(Uri url) =>
        url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    private static IEnumerable<PlanProblem> Place(LocationContent content)
    {
        // Written so that NaN is out of range too.
        if (content.Latitude is not (>= -90 and <= 90)) yield return new("content.latitude", "out_of_range", "It is −90 to 90 degrees.");
        if (content.Longitude is not (>= -180 and <= 180))
            yield return new("content.longitude", "out_of_range", "It is −180 to 180 degrees.");
    }

    private static IEnumerable<PlanProblem> Contacts(ContactsContent content) =>
        content.Contacts.Count == 0
            ? [new("content.contacts", "required", "There are no contacts in it.")]
            : content.Contacts.Index().SelectMany(contact => (IEnumerable<PlanProblem>)
            [
                .. Needed($"content.contacts[{contact.Index}].name", contact.Item.Name),
                .. contact.Item.Phones.Index().SelectMany(
                    phone => Needed($"content.contacts[{contact.Index}].phones[{phone.Index}]", phone.Item)),
                .. contact.Item.Emails.Index().SelectMany(
                    email => Needed($"content.contacts[{contact.Index}].emails[{email.Index}]", email.Item)),
            ]);

    private static IEnumerable<PlanProblem> Template(TemplateContent content) =>
    [
        .. Needed("content.name", content.Name, "A template needs its name."),
        .. content.Header is { } header ? Header(content, header) : [],
        .. (content.Buttons ?? []).Index().SelectMany(button => Button($"content.buttons[{button.Index}]", button.Item)),
        .. Unique(
            (content.Buttons ?? []).Index().Select(b => ($"content.buttons[{b.Index}].index", b.Item.Index)),
            "Another value is for this button already."),
    ];

    private static IEnumerable<PlanProblem> Header(TemplateContent content, TemplateHeader header)
    {
        NamedFile[] files = [.. ContentFiles.Of(content)];
        if (files.Length + (header.Text is null ? 0 : 1) != 1)
        {
            yield return new("content.header", "required", "A header has exactly one of text, image, video and document.");
        }

        if (header.Text is { } text)
        {
            foreach (var problem in Needed("content.header.text", text)) yield return problem;
        }

        foreach (var problem in files.SelectMany(File)) yield return problem;
    }

    private static IEnumerable<PlanProblem> Button(string path, TemplateButton button)
    {
        if (button.Index is < 0 or > LastTemplateButton)
            yield return new($"{path}.index", "out_of_range", $"It is 0 to {LastTemplateButton}.");
        foreach (var problem in Needed($"{path}.value", button.Value)) yield return problem;
    }

    private static IEnumerable<PlanProblem> Reaction(ReactionContent content)
    {
        foreach (var problem in Needed("content.messageId", content.MessageId, "A reaction names the message reacted to."))
            yield return problem;
        if (new StringInfo(content.Emoji).LengthInTextElements > 1)
            yield return new("content.emoji", "invalid_value", "It is one emoji, or empty to take an earlier one back.");
    }
}
