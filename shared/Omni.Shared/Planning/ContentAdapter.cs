using System.Globalization;
using System.Text;

namespace Omni.Shared;

/// <summary>
/// The explicit rules by which content is degraded to text when the client set <c>adapt: true</c>. Whatever has no rule is refused.
/// </summary>
public static class ContentAdapter
{
    /// <summary>
    /// Content as text: choices and cards become a numbered list, a place its name and a map link, contacts their names and numbers. Null
    /// when there is no rule for it.
    /// </summary>
    /// <param name="content">The content.</param>
    public static TextContent? ToText(Content content) => content switch
    {
        InteractiveContent interactive => new() { Body = Numbered(interactive) },
        LocationContent place => new() { Body = Place(place) },
        ContactsContent contacts => new() { Body = string.Join("\n\n", contacts.Contacts.Select(Card)) },
        _ => null,
    };

    /// <summary>
    /// What goes in place of files that the carrier does not carry, by the client's wish: the caption, and links to them. Null when nothing
    /// is left.
    /// </summary>
    /// <param name="content">The content with the files.</param>
    /// <param name="fallback">The wish.</param>
    /// <param name="links">The links to the files.</param>
    public static TextContent? ToText(MediaContent content, MediaFallback? fallback, IReadOnlyList<FileLink>? links)
    {
        var text = Lines(fallback switch
        {
            MediaFallback.Link => [content.Caption, .. (links ?? []).Select(link => link.Url.OriginalString)],
            MediaFallback.Text => [content.Caption],
            _ => [],
        });
        return text.Length > 0 ? new() { Body = text } : null;
    }

    private static string Numbered(InteractiveContent content)
    {
        var text = new StringBuilder();
        void Line(string? line)
        {
            if (!string.IsNullOrEmpty(line)) text.Append(line).Append('\n');
        }

        var number = 0;
        void Choice(string title, string? more) =>
            Line(string.IsNullOrEmpty(more)
                ? string.Create(CultureInfo.InvariantCulture, $"{++number}. {title}")
                : string.Create(CultureInfo.InvariantCulture, $"{++number}. {title}: {more}"));

        Line(content.Header);
        Line(content.Body);
        foreach (var choice in content.Buttons ?? content.QuickReplies ?? []) Choice(choice.Title, choice.Description);
        foreach (var section in content.List?.Sections ?? [])
        {
            Line(section.Title);
            foreach (var row in section.Rows) Choice(row.Title, row.Description);
        }

        foreach (var card in content.Cards ?? [])
        {
            Line(card.Title);
            Line(card.Subtitle);
            Line(card.ImageUrl?.OriginalString);
            foreach (var button in card.Buttons) Choice(button.Title, button.Url?.OriginalString);
        }

        if (content.CtaUrl is { } link) Line($"{link.Title}: {link.Url.OriginalString}");
        Line(content.Footer);
        return text.ToString().TrimEnd('\n');
    }

    private static string Place(LocationContent place)
    {
        var coordinates = string.Create(CultureInfo.InvariantCulture, $"{place.Latitude:0.######},{place.Longitude:0.######}");
        return Lines([place.Name, place.Address, $"https://www.google.com/maps?q={coordinates}"]);
    }

    private static string Card(Contact contact) => Lines([contact.Name, contact.Organization, .. contact.Phones, .. contact.Emails]);

    private static string Lines(IEnumerable<string?> lines) => string.Join('\n', lines.Where(line => !string.IsNullOrEmpty(line)));
}
