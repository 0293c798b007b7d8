namespace Omni.Cli;

/// <summary>Tells people or programs: words and tables, or one JSON value a line. What is on the way goes to the error stream.</summary>
internal sealed class Screen(World world, bool isJson)
{
    public bool IsJson => isJson;

    /// <summary>A thing: as JSON, or in the words for people.</summary>
    public void Show<T>(T value, Action words)
    {
        if (isJson) world.Output.WriteLine(JsonLine.Of(value));
        else words();
    }

    /// <summary>Words for people.</summary>
    public void Line(string text) => world.Output.WriteLine(text);

    /// <summary>Names and values, without those that are null.</summary>
    public void Fields(params (string Name, object? Value)[] fields)
    {
        var shown = fields.Where(field => field.Value is not null and not "").ToArray();
        var width = shown.Length == 0 ? 0 : shown.Max(field => field.Name.Length);
        foreach (var (name, value) in shown) Line($"{name.PadRight(width)}  {Text(value!)}");
    }

    /// <summary>A list: a JSON value a line, or a table.</summary>
    public void Table<T>(IReadOnlyList<T> items, string none, params (string Name, Func<T, object?> Value)[] columns)
    {
        if (isJson)
        {
            foreach (var item in items) world.Output.WriteLine(JsonLine.Of(item));
            return;
        }

        if (items.Count == 0)
        {
            Note(none);
            return;
        }

        string[][] rows = [[.. columns.Select(c => c.Name)], .. items.Select(i => (string[])[.. columns.Select(c => Text(c.Value(i)))])];
        var widths = columns.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows) Line(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>What is said beside the result.</summary>
    public void Note(string text) => world.Error.WriteLine(text);

    /// <summary>How far it is: one line that is written over, where somebody watches.</summary>
    public void Progress(string text, bool isLast = false)
    {
        if (!world.IsTerminal) return;

        world.Error.Write("\r" + text.PadRight(78));
        if (isLast) world.Error.WriteLine();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        DateTimeOffset time => Time(time),
        bool flag => flag ? "yes" : "no",
        DateOnly day => day.ToString("yyyy-MM-dd", null),
        IEnumerable<object> many => string.Join(", ", many),
        IFormattable formattable => formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!.ReplaceLineEndings(" "),
    };

    /// <summary>A time, in UTC.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}
