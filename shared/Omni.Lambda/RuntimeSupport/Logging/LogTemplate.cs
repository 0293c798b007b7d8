using System.Collections;
using System.Globalization;
using System.Text;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>A message with its template's arguments filled in, and those arguments under their names in the template.</summary>
/// <param name="Message">The text. What has no argument, or a list for one, stays as the template has it.</param>
/// <param name="Named">In the template's order, without those that are null.</param>
internal sealed record LogTemplate(string Message, IReadOnlyList<KeyValuePair<string, object>> Named)
{
    // Times are written as they are, with a Z: nothing is converted.
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Without arguments the message is text, braces and all.</summary>
    public static LogTemplate Render(string template, object[] args)
    {
        if (template is null || args is not { Length: > 0 }) return new(template ?? "", []);

        var message = new StringBuilder();
        var named = new List<KeyValuePair<string, object>>();
        var positional = IsPositional(template);
        var used = 0;
        foreach (var (text, hole) in Parts(template))
        {
            message.Append(text);
            if (hole is null) continue;

            var (name, format) = Split(hole);
            var index = positional ? int.Parse(name, CultureInfo.InvariantCulture) : used++;
            var value = index < args.Length ? args[index] : null;
            if (value is null || IsList(value)) message.Append('{').Append(hole).Append('}');
            else message.Append(Text(value, format));
            if (value is not null) named.Add(new(name, format is null ? value : Text(value, format)));
        }

        return new(message.ToString(), named);
    }

    /// <summary>The argument as text, by its format if it has one.</summary>
    public static string Text(object value, string format = null) => value switch
    {
        DateTime or DateTimeOffset when format is null => ((IFormattable)value).ToString(TimeFormat, CultureInfo.InvariantCulture),
        DateOnly day when format is null => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time when format is null => time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
        _ => value?.ToString(),
    };

    /// <summary>Whether it is written as a list, or a map, and so by JSON alone.</summary>
    public static bool IsList(object value) => value is IEnumerable and not string and not byte[];

    // Holes are positions when their names are the numbers from 0 on, without a gap.
    private static bool IsPositional(string template)
    {
        var names = Parts(template).Where(part => part.Hole is not null).Select(part => Split(part.Hole).Name).ToHashSet();
        return Enumerable.Range(0, names.Count).All(position => names.Contains(position.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>{name:format}; the @ of {@name} asks for JSON, which needs reflection: such an argument is text here.</summary>
    private static (string Name, string Format) Split(string hole)
    {
        var colon = hole.IndexOf(':', StringComparison.Ordinal);
        var name = (colon < 0 ? hole : hole[..colon]).Trim().TrimStart('@');
        return (name, colon < 0 ? null : hole[(colon + 1)..]);
    }

    /// <summary>Braces that are doubled or empty are text, and stay as they are.</summary>
    private static IEnumerable<(string Text, string Hole)> Parts(string template)
    {
        var start = 0;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] is not ('{' or '}')) continue;

            var isDoubled = i + 1 < template.Length && template[i + 1] == template[i];
            var close = template[i] == '{' && !isDoubled ? template.IndexOf('}', i) : -1;
            if (isDoubled) i++;
            if (close <= i + 1) continue;

            yield return (template[start..i], template[(i + 1)..close]);
            (start, i) = (close + 1, close);
        }

        yield return (template[start..], null);
    }
}
