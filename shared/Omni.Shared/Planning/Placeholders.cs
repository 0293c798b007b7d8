using System.Text.RegularExpressions;

namespace Omni.Shared;

/// <summary>What is wrong with a placeholder in content.</summary>
/// <param name="Field">Where it stands, such as <c>content.body</c>.</param>
/// <param name="Text">The placeholder as it is written, or its beginning.</param>
/// <param name="Name">The name that the recipient lacks; null when it cannot be read.</param>
public sealed record PlaceholderProblem(string Field, string Text, string? Name);

/// <summary>
/// Fills content with what is a recipient's own: <c>{{name}}</c>, or <c>{{name|fallback}}</c> for those without it. They may stand in
/// texts, captions and the variables of templates. Nothing is ever left open in silence.
/// </summary>
public static partial class Placeholders
{
    private const string Start = "{{";
    private const int ShownCharacters = 40;

    /// <summary>Fills content for one recipient.</summary>
    /// <param name="content">The content.</param>
    /// <param name="values">The recipient's values, by name.</param>
    /// <param name="problems">Takes what is wrong; the content is not to be sent then.</param>
    public static Content Fill(Content content, IReadOnlyDictionary<string, string> values, ICollection<PlaceholderProblem> problems)
    {
        string FillText(string field, string text) => Fill(field, text, values, problems);

        return content switch
        {
            TextContent text when Holds(text.Body) => text with { Body = FillText("content.body", text.Body) },
            MediaContent { Caption: { } caption } media when Holds(caption) =>
                media with { Caption = FillText("content.caption", caption) },
            TemplateContent template when template.Variables.Values.Any(Holds) => template with
            {
                Variables = new SortedDictionary<string, string>(
                    template.Variables.ToDictionary(v => v.Key, v => FillText($"content.variables.{v.Key}", v.Value)),
                    StringComparer.Ordinal),
            },
            _ => content,
        };
    }

    private static bool Holds(string text) => text.Contains(Start, StringComparison.Ordinal);

    private static string Fill(
        string field, string text, IReadOnlyDictionary<string, string> values, ICollection<PlaceholderProblem> problems)
    {
        // What begins like a placeholder and is none would be sent as it stands.
        var unreadable = Placeholder().Replace(text, "").IndexOf(Start, StringComparison.Ordinal);
        if (unreadable >= 0)
        {
            var rest = Placeholder().Replace(text, "")[unreadable..];
            problems.Add(new(field, rest.Length > ShownCharacters ? rest[..ShownCharacters] : rest, null));
            return text;
        }

        return Placeholder().Replace(text, found =>
        {
            var name = found.Groups["name"].Value;
            if (values.TryGetValue(name, out var value)) return value;
            if (found.Groups["fallback"] is { Success: true } fallback) return fallback.Value;

            problems.Add(new(field, found.Value, name));
            return found.Value;
        });
    }

    [GeneratedRegex(@"\{\{ *(?<name>[A-Za-z0-9_.-]{1,64}) *(\|(?<fallback>[^{}]*))?\}\}")]
    private static partial Regex Placeholder();
}
