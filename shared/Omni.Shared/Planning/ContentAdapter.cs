using System.Globalization;
using System.Text;

namespace Omni.Shared;

/// <summary>The explicit rules by which content is degraded to text when the client set <c>adapt: true</c>. Whatever has no rule is refused.</summary>
public static class ContentAdapter
{
    /// <summary>Content as text: choices become a numbered list, a place its name and a map link. Null when there is no rule for it.</summary>
    /// <param name="content">The content.</param>
    public static TextContent? ToText(Content content) => content switch
    {
        InteractiveContent interactive => new() { Body = Numbered(interactive) },
        LocationContent place => new() { Body = Place(place) },
        _ => null,
    };

    private static string Numbered(InteractiveContent content)
    {
        var text = new StringBuilder();
        foreach (var line in (string?[])[content.Header, content.Body])
        {
            if (!string.IsNullOrEmpty(line)) text.Append(line).Append('\n');
        }

        IEnumerable<Choice> choices = content.Buttons ?? content.QuickReplies ?? content.List?.Sections.SelectMany(s => s.Rows) ?? [];
        foreach (var (number, choice) in choices.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"{number + 1}. {choice.Title}");
            if (choice.Description is { Length: > 0 } description) text.Append(": ").Append(description);
            text.Append('\n');
        }

        if (content.CtaUrl is { } link) text.Append(CultureInfo.InvariantCulture, $"{link.Title}: {link.Url.AbsoluteUri}\n");
        if (!string.IsNullOrEmpty(content.Footer)) text.Append(content.Footer).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    private static string Place(LocationContent place)
    {
        var coordinates = string.Create(CultureInfo.InvariantCulture, $"{place.Latitude:0.######},{place.Longitude:0.######}");
        string?[] lines = [place.Name, place.Address, $"https://www.google.com/maps?q={coordinates}"];
        return string.Join('\n', lines.Where(line => !string.IsNullOrEmpty(line)));
    }
}
