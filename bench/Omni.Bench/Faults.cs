using System.Globalization;
using Omni.Local.Functions;
using Spectre.Console;

namespace Omni.Bench;

/// <summary>What a carrier's faults cost: texts to it while it loses answers, answers 500 and 429, and mixes up its receipts.</summary>
internal sealed class Faults(IAnsiConsole screen, bool writes)
{
    /// <summary>Plays one carrier, or all one after the other.</summary>
    /// <returns>0 when nothing was lost or doubled, and nothing is held where one can find out; otherwise 1.</returns>
    public async Task<int> PlayAsync(string carrier, int texts, CancellationToken cancellation)
    {
        var progress = new Run.Lines(screen);
        var results = new List<FaultResult>();
        foreach (var scene in FaultScene.Of(carrier)) results.Add(await new FaultRun(scene, texts, progress).PlayAsync(cancellation));

        string[] columns = ["carrier", "texts", "sent", "doubled", "lost", "held", "open", "refusals", "seconds", ""];
        var report = new Report(screen, "faults");
        report.Say(Run.Machine);
        report.Add(new Sheet("Faults", columns, [.. results.Select(Row)]));
        if (writes) report.WriteInto(Path.Combine(FunctionExecutable.Root, "docs", "performance.md"));
        return results.All(result => result.IsMet) ? 0 : 1;
    }

    private static string[] Row(FaultResult result)
    {
        int[] numbers =
        [
            result.Texts, result.Taken, result.Doubled, result.Lost, result.Held, result.Open, result.Refusals,
            (int)result.Took.TotalSeconds,
        ];
        var cells = numbers.Select(number => number.ToString(CultureInfo.InvariantCulture));
        return [result.Scene.Carrier, .. cells, result.IsMet ? "met" : "missed"];
    }
}
