using Omni.Local.Functions;
using Omni.Shared;
using Spectre.Console;

namespace Omni.Bench;

/// <summary>
/// Full speed, and not refused: the cases that the limiter must stand, in real time, side by side where they do not disturb each other.
/// </summary>
internal sealed class Limits(IAnsiConsole screen, bool writes)
{
    /// <summary>Plays all of them.</summary>
    /// <returns>0 when every goal is met; otherwise 1.</returns>
    public async Task<int> PlayAsync(CancellationToken cancellation)
    {
        var progress = new Run.Lines(screen);
        var cases = new List<LimitCase>();
        void Add(params IEnumerable<LimitCase> played)
        {
            foreach (var one in played)
            {
                cases.Add(one);
                progress.Report($"{one.Name}: {one.Measured}");
            }
        }

        progress.Report("backlogs of a minute, 1 to 80 a second (a minute)");
        double[] rates = [1, 10, 30, 80];
        Add(await Task.WhenAll(rates.Select(rate => FleetLimits.BacklogAsync(rate, cancellation))));

        // The slow carriers take nine minutes and, for the first five of them, next to no work.
        progress.Report("carriers slower than declared (nine minutes); meanwhile a backlog of a minute at 400 a second");
        (double Rate, double Share)[] slow = [(80, 0.1), (400, 0.1), (400, 0.01)];
        var slower = Task.WhenAll(slow.Select(c => FleetLimits.SlowerAsync(c.Rate, c.Share, cancellation)));
        Add(await FleetLimits.BacklogAsync(400, cancellation));
        progress.Report("urgent messages into floods");
        Add(await Task.WhenAll(
            FleetLimits.UrgentAsync(30, Priority.Normal, cancellation), FleetLimits.UrgentAsync(30, Priority.Bulk, cancellation)));
        progress.Report("the whole pipeline, six carriers at once");
        Add(await PipelineLimits.PlayAsync(progress, cancellation));
        Add((await slower).SelectMany(played => played));
        progress.Report("80 a second beside busy processors");
        Add(await FleetLimits.BusyAsync(80, cancellation));

        var report = new Report(screen, "limits");
        report.Say(Run.Machine);
        report.Add(new Sheet(
            "Limits",
            ["case", "goal", "measured", ""],
            [.. cases.Select(c => new[] { c.Name, c.Goal, c.Measured, c.IsMet ? "met" : "missed" })],
            Words: 4));
        if (writes) report.WriteInto(Path.Combine(FunctionExecutable.Root, "docs", "performance.md"));
        return cases.All(c => c.IsMet) ? 0 : 1;
    }
}
