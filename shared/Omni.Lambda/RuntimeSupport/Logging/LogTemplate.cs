using System.Globalization;
using System.Text;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>A message with its template's arguments filled in, and those that have a name.</summary>
internal sealed record LogTemplate(string Message, IReadOnlyList<KeyValuePair<string, object>> Named)
{
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
            if (index >= args.Length)
            {
                message.Append('{').Append(hole).Append('}');
                continue;
            }

            message.Append(Text(args[index], format));
            if (!positional) named.Add(new(name, args[index]));
        }

        return new(message.ToString(), named);
    }

    /// <summary>The argument as text, by its format if it has one.</summary>
    public static string Text(object value, string format = null) =>
        value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString();

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
        return colon < 0 ? (hole.TrimStart('@'), null) : (hole[..colon].TrimStart('@'), hole[(colon + 1)..]);
    }

    private static IEnumerable<(string Text, string Hole)> Parts(string template)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var c = template[i];
            var close = c == '{' ? template.IndexOf('}', i) : -1;
            if (c is '{' or '}' && i + 1 < template.Length && template[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (close > 0)
            {
                yield return (text.ToString(), template[(i + 1)..close]);
                text.Clear();
                i = close;
            }
            else
            {
                text.Append(c);
            }
        }

        yield return (text.ToString(), null);
    }
}
