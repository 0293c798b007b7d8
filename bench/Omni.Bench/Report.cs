using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Omni.Bench;

/// <summary>A table of results.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">The heads of its columns.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Words">How many of its columns, from the left, are words; figures stand on the right.</param>
internal sealed record Sheet(string Title, string[] Columns, IReadOnlyList<string[]> Rows, int Words = 1);

/// <summary>A figure beside its target.</summary>
/// <param name="What">What is measured, and how.</param>
/// <param name="Value">The figure.</param>
/// <param name="Limit">The most that it may be.</param>
/// <param name="IsGate">Whether the run fails above it; other targets are aims that the page comments on.</param>
internal sealed record Target(string What, double Value, double Limit, bool IsGate = false)
{
    public bool IsMet => Value <= Limit;
}

/// <summary>Results on the screen, and in <c>docs/performance.md</c>.</summary>
internal sealed class Report(IAnsiConsole screen, string section = "results")
{
    private string Start => $"<!-- {section}: written by bench/Omni.Bench -->";

    private string End => $"<!-- end of {section} -->";

    private readonly StringBuilder _page = new();

    public static string Number(double value, int digits = 1) => value.ToString("F" + digits, CultureInfo.InvariantCulture);

    public void Say(string line)
    {
        screen.WriteLine(line);
        _page.AppendLine(line).AppendLine();
    }

    public void Add(Sheet sheet)
    {
        var table = new Table { Title = new(Markup.Escape(sheet.Title)), Border = TableBorder.Simple };
        foreach (var (i, column) in sheet.Columns.Index())
        {
            table.AddColumn(
                new TableColumn(Markup.Escape(column)) { Alignment = i < sheet.Words ? Justify.Left : Justify.Right, NoWrap = true });
        }

        foreach (var row in sheet.Rows) table.AddRow([.. row.Select(Markup.Escape)]);
        screen.Write(table);

        _page.AppendLine(CultureInfo.InvariantCulture, $"### {sheet.Title}").AppendLine();
        _page.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", sheet.Columns)} |");
        _page.AppendLine(
            CultureInfo.InvariantCulture, $"|{string.Concat(sheet.Columns.Select((_, i) => i < sheet.Words ? "---|" : "--:|"))}");
        foreach (var row in sheet.Rows) _page.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |");
        _page.AppendLine();
    }

    public void Add(IReadOnlyList<Target> targets) => Add(new Sheet(
        "Targets",
        ["target", "limit", "measured", ""],
        [.. targets.Select(t => new[] { t.What, Number(t.Limit, 2), Number(t.Value, t.Limit < 1 ? 3 : 2), t.IsMet ? "met" : "missed" })]));

    /// <summary>Puts the results into the page, between its two marks.</summary>
    public void WriteInto(string file)
    {
        var page = File.ReadAllText(file);
        var (start, end) = (page.IndexOf(Start, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (start < 0 || end < start) throw new BenchException($"{file} has not the marks that the results go between.");

        File.WriteAllText(file, $"{page[..(start + Start.Length)]}\n\n{_page.ToString().TrimEnd()}\n\n{page[end..]}");
        screen.WriteLine($"Written into {Path.GetFileName(file)}.");
    }
}
