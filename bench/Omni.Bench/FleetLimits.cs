using System.Diagnostics;
using System.Globalization;
using Omni.Shared;
using Omni.Testing.Simulation;

namespace Omni.Bench;

/// <summary>How a case of the limits ended.</summary>
/// <param name="Name">The case.</param>
/// <param name="Goal">What is asked.</param>
/// <param name="Measured">What came out.</param>
/// <param name="IsMet">Whether that is enough.</param>
internal sealed record LimitCase(string Name, string Goal, string Measured, bool IsMet);

/// <summary>
/// The senders alone, in real time: each a process of its own as far as the limiter can tell, fed in batches of ten from a FIFO queue, with
/// tables in memory that answer as late as real ones. The emulators carry no more than some 70 texts a second.
/// </summary>
internal static class FleetLimits
{
    private static readonly TimeSpan Backlog = TimeSpan.FromSeconds(60);

    /// <summary>A backlog of a minute at a declared rate.</summary>
    public static async Task<LimitCase> BacklogAsync(double rate, CancellationToken cancellation)
    {
        var (fleet, count) = (NewFleet(rate), (int)(rate * Backlog.TotalSeconds));
        for (var i = 0; i < count; i++) fleet.Send(i);

        // The senders run, and their first calls are made: that start is not counted.
        fleet.Start(Fleet.LanesOf(rate));
        await WaitAsync(() => fleet.Taken > rate, Backlog, cancellation);
        var (began, before) = (TimeProvider.System.GetUtcNow(), fleet.Taken);
        await WaitAsync(() => fleet.Taken == count, 2 * Backlog, cancellation);
        fleet.Stop();
        if (fleet.Fault is { } fault) throw new BenchException($"A sender broke: {fault}");

        var took = fleet.Arrivals[^1].At - began;
        var (share, refused, missing) = ((fleet.Taken - before) / took.TotalSeconds / rate, Refused(fleet), count - fleet.Taken);
        return new(
            $"{Number(rate)}/s declared",
            "≥ 95 % of the rate, < 0.1 % refused",
            $"{Percent(share)}, {Percent(refused)} refused{(missing > 0 ? $", {missing} not sent" : "")}",
            share >= 0.95 && refused < 0.001 && missing == 0);
    }

    /// <summary>The same beside loops that keep all processors busy.</summary>
    public static async Task<LimitCase> BusyAsync(double rate, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Thread[] loops = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => Spin(over.Token)))];
        foreach (var loop in loops) loop.Start();
        try
        {
            var quiet = await BacklogAsync(rate, cancellation);
            var (share, refused) = (Figure(quiet.Measured, 0), Figure(quiet.Measured, 1));
            return quiet with
            {
                Name = $"{quiet.Name}, all processors busy", Goal = "≥ 90 %, < 1 % refused", IsMet = share >= 90 && refused < 1
            };
        }
        finally
        {
            await over.CancelAsync();
            foreach (var loop in loops) loop.Join();
        }
    }

    /// <summary>A carrier that is slower than it was said to be, for five minutes, and then is not.</summary>
    public static async Task<IReadOnlyList<LimitCase>> SlowerAsync(double rate, double share, CancellationToken cancellation)
    {
        var fleet = NewFleet(rate);
        var real = rate * share;
        for (var i = 0; i < (real * 300) + (rate * 240); i++) fleet.Send(i);
        fleet.Hold(real);
        fleet.Start(Fleet.LanesOf(rate));

        await Task.Delay(TimeSpan.FromMinutes(1), cancellation);
        var afterMinute = fleet.Taken;
        await Task.Delay(TimeSpan.FromMinutes(4), cancellation);
        var (kept, refused, first) = ((fleet.Taken - afterMinute) / 240.0 / real, Refused(fleet), FirstSeconds(fleet, 2));
        fleet.Hold(rate);
        var began = Stopwatch.GetTimestamp();
        var took = await FullSpeedAsync(fleet, rate, began, cancellation);
        fleet.Stop();

        var name = $"{Number(rate)}/s declared, {Number(real)}/s real";
        return
        [
            new(
                name, "≥ 90 % of the real rate after 60 s, < 2 % refused in 5 min",
                $"{Percent(kept)}, {Percent(refused)} refused ({first} of them before all senders knew)", kept >= 0.9 && refused < 0.02),
            new(name + ", then as declared", "full speed within 3 min", $"{Number(took.TotalSeconds)} s", took < TimeSpan.FromMinutes(3)),
        ];
    }

    /// <summary>Urgent messages into a flood.</summary>
    public static async Task<LimitCase> UrgentAsync(double rate, Priority flood, CancellationToken cancellation)
    {
        var fleet = NewFleet(rate);
        for (var i = 0; i < rate * Backlog.TotalSeconds; i++) fleet.Send(i, flood);
        fleet.Start(Fleet.LanesOf(rate), Fleet.LanesOf(rate));
        var sent = new Dictionary<string, DateTimeOffset>();
        for (var i = 0; i < 25; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.7), cancellation);
            sent[fleet.Send(1_000_000 + i, Priority.High)] = TimeProvider.System.GetUtcNow();
        }

        await WaitAsync(
            () => fleet.Arrivals.Count(a => sent.ContainsKey(a.MessageId)) == sent.Count, TimeSpan.FromSeconds(30), cancellation);
        fleet.Stop();
        var longest = fleet.Arrivals.Where(a => sent.ContainsKey(a.MessageId)).Max(a => (a.At - sent[a.MessageId]).TotalSeconds);
        return new(
            $"high into a flood of {flood.ToString().ToLowerInvariant()} at {Number(rate)}/s", "at the carrier within 2 s",
            $"longest of {sent.Count}: {longest.ToString("0.00", CultureInfo.InvariantCulture)} s", longest < 2);
    }

    private static Fleet NewFleet(double rate) => new(TimeProvider.System, seed: 1, rate);

    private static double Refused(Fleet fleet)
    {
        var arrivals = fleet.Arrivals;
        return arrivals.Count(a => !a.IsTaken) / (double)arrivals.Count;
    }

    private static int FirstSeconds(Fleet fleet, double seconds)
    {
        var refused = fleet.Arrivals.Where(a => !a.IsTaken).ToList();
        return refused.Count(a => (a.At - refused[0].At).TotalSeconds < seconds);
    }

    /// <summary>How long it takes until ten seconds in a row go at 95 % of the rate.</summary>
    private static async Task<TimeSpan> FullSpeedAsync(Fleet fleet, double rate, long began, CancellationToken cancellation)
    {
        var seconds = new Queue<int>();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(4))
        {
            seconds.Enqueue(fleet.Taken);
            if (seconds.Count > 11) seconds.Dequeue();
            if (seconds.Count == 11 && (fleet.Taken - seconds.Peek()) / 10.0 >= 0.95 * rate) return Stopwatch.GetElapsedTime(began);

            await Task.Delay(1000, cancellation);
        }

        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task WaitAsync(Func<bool> until, TimeSpan most, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (!until() && Stopwatch.GetElapsedTime(began) < most) await Task.Delay(5, cancellation);
    }

    private static void Spin(CancellationToken over)
    {
        while (!over.IsCancellationRequested) Thread.SpinWait(1000);
    }

    private static double Figure(string measured, int which) =>
        double.Parse(measured.Split(',')[which].Split('%')[0], CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Percent(double share) => $"{(100 * share).ToString("0.##", CultureInfo.InvariantCulture)} %";
}
