using Omni.Client;

namespace Omni.WebConsole;

/// <summary>What the API says, for people.</summary>
internal static class Words
{
    /// <summary>The statuses that a list can be filtered by, in rising order.</summary>
    public static readonly string[] Statuses =
    [
        MessageStatus.Accepted, MessageStatus.Scheduled, MessageStatus.Queued, MessageStatus.Sending, MessageStatus.Unknown,
        MessageStatus.Sent, MessageStatus.Canceled, MessageStatus.Rejected, MessageStatus.Expired, MessageStatus.Failed,
        MessageStatus.Undelivered, MessageStatus.Delivered, MessageStatus.Read, MessageStatus.Received,
    ];

    /// <summary>A content in one line.</summary>
    public static string Of(Content? content) => content switch
    {
        TextContent text => text.Body,
        InteractiveContent { Reply: { } reply } => reply.Title,
        InteractiveContent interactive => interactive.Body ?? interactive.Header ?? "Choices",
        CaptionedContent { Caption: { Length: > 0 } caption } => caption,
        MediaContent media => media.Filename ?? Kind(media),
        LocationContent place => place.Name ?? place.Address ?? "A place",
        ContactsContent contacts => string.Join(", ", contacts.Contacts.Select(contact => contact.Name)),
        TemplateContent template => $"Template {template.Name}",
        ReactionContent reaction => reaction.Emoji,
        UnsupportedContent unknown => unknown.Text ?? unknown.Kind,
        _ => "",
    };

    /// <summary>A content's kind.</summary>
    public static string Kind(Content? content) => content switch
    {
        TextContent => ContentType.Text,
        ImageContent => ContentType.Image,
        VideoContent => ContentType.Video,
        AudioContent => ContentType.Audio,
        DocumentContent => ContentType.Document,
        StickerContent => ContentType.Sticker,
        LocationContent => ContentType.Location,
        ContactsContent => ContentType.Contacts,
        TemplateContent => ContentType.Template,
        InteractiveContent => ContentType.Interactive,
        ReactionContent => ContentType.Reaction,
        _ => ContentType.Unsupported,
    };

    /// <summary>The files of a message that the API keeps: those that came, or those that a content names.</summary>
    public static IEnumerable<(string MediaId, string Type)> Files(Message message) => message.Direction == Direction.Inbound
        ? (message.Files ?? []).Where(file => file.MediaId is not null).Select(file => (file.MediaId!, file.MimeType ?? ""))
        : message.Content is MediaContent { MediaId: { } id } media && id.StartsWith("med_", StringComparison.Ordinal)
            ? [(id, media.MimeType ?? (media is ImageContent ? "image/jpeg" : ""))]
            : [];

    /// <summary>What can be tapped in a message of ours.</summary>
    public static IEnumerable<string> Choices(Content? content) => content is InteractiveContent interactive
        ?
        [
            .. (interactive.Buttons ?? []).Select(choice => choice.Title),
            .. (interactive.QuickReplies ?? []).Select(choice => choice.Title),
            .. interactive.List?.Sections.SelectMany(section => section.Rows).Select(row => row.Title) ?? [],
            .. (interactive.Cards ?? []).Select(card => card.Title),
            .. interactive.CtaUrl is { } link ? (string[])[link.Title] : [],
        ]
        : [];

    /// <summary>A span of time in one unit.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => $"{span.TotalMilliseconds:0} ms",
        { TotalMinutes: < 1 } => $"{span.TotalSeconds:0.0} s",
        { TotalHours: < 1 } => $"{span.TotalMinutes:0} min",
        { TotalDays: < 2 } => $"{span.TotalHours:0} h",
        _ => $"{span.TotalDays:0} days",
    };

    /// <summary>An answer with choices, from what somebody typed: one in a line.</summary>
    public static IReadOnlyList<Choice> ChoicesOf(string lines) =>
    [
        .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select((line, i) => new Choice { Id = $"choice_{i + 1}", Title = line }),
    ];
}
