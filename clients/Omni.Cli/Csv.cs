using System.Text;

namespace Omni.Cli;

/// <summary>Rows of a file with commas between the fields, by RFC 4180: https://www.rfc-editor.org/rfc/rfc4180</summary>
internal static class Csv
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>Reads all rows with the line on which each begins. Empty lines are passed over.</summary>
    /// <param name="text">The file.</param>
    /// <exception cref="UsageException">A quote is not closed.</exception>
    public static IEnumerable<(int Line, string[] Fields)> Read(string text)
    {
        var separator = SeparatorOf(text);
        var (fields, field, line, begun, isQuoted) = (new List<string>(), new StringBuilder(), 1, 1, false);
        for (var i = 0; i < text.Length; i++)
        {
            var one = text[i];
            if (one == '\n') line++;
            if (isQuoted)
            {
                if (one != '"') field.Append(one);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
                else isQuoted = false;
            }
            else if (one == '"' && field.Length == 0)
            {
                isQuoted = true;
            }
            else if (one == separator)
            {
                End();
            }
            else if (one == '\n')
            {
                End();
                if (fields is not [""]) yield return (begun, [.. fields]);
                fields.Clear();
                begun = line;
            }
            else if (one != '\r')
            {
                field.Append(one);
            }
        }

        if (isQuoted) throw new UsageException($"Line {begun}: a quote is not closed.");
        End();
        if (fields is not [""]) yield return (begun, [.. fields]);

        void End()
        {
            fields.Add(field.ToString().Trim());
            field.Clear();
        }
    }

    // What spreadsheets write differs from country to country.
    private static char SeparatorOf(string text)
    {
        var header = text.AsSpan();
        var end = header.IndexOf('\n');
        if (end >= 0) header = header[..end];
        var best = Separators[0];
        foreach (var separator in Separators)
        {
            if (header.Count(separator) > header.Count(best)) best = separator;
        }

        return best;
    }
}
