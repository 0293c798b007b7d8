using System.Globalization;
using Omni.Local.Functions;
using Spectre.Console;

namespace Omni.Bench;

/// <summary>Prints what the model says, for some numbers of messages a second.</summary>
internal sealed class ScaleReport(ScaleData data, ScaleStack stack, ScaleModel model, IReadOnlyList<int> rates)
{
    /// <summary>The page that the tables are for.</summary>
    public static string Page => Path.Combine(FunctionExecutable.Root, "docs", "scale.md");

    /// <summary>Reads our constants, prints the tables and, when told to, writes them into the page.</summary>
    public static int Run(BenchOptions options, IAnsiConsole screen, IProgress<string> progress)
    {
        var report = new Report(screen);
        foreach (var sheet in Load(options.Scale, progress).Sheets()) report.Add(sheet);
        if (options.Writes) report.WriteInto(Page);
        return 0;
    }

    public static ScaleReport Load(IReadOnlyList<int> rates, IProgress<string> progress)
    {
        var (data, stack) = (ScaleData.Load(), ScaleStack.Load(progress));
        return new(data, stack, new(data, stack, Prices.Load()), rates);
    }

    public IReadOnlyList<Sheet> Sheets() => [Limits(), Units(), Stream(), Queues(), Functions(), Cost(), Quotas(), Assumptions()];

    private Sheet Limits() => new(
        "What breaks first: messages a second that reach each limit, and the share of it in use",
        ["limit", "lifted by", "it is", "reached at", .. Each(n => $"% at {Count(n)}")],
        [
            .. model.Limits().Select(string[] (l) =>
            [
                l.What, $"{l.Lift.Kind}: {l.Lift.How}", $"{Count(l.Most)} {l.Unit}",
                double.IsFinite(l.ReachedAt) ? Count(l.ReachedAt) : "never", .. Each(n => Count(100 * l.Used(n) / l.Most)),
            ]),
        ],
        Words: 2);

    private Sheet Units() => new(
        "DynamoDB: units a second",
        ["", .. Heads],
        [
            .. model.Written.Select(table => Row($"written: {table.Replace('/', ' ')}", n => model.Writes(n, table))),
            Row($"of it one of {stack.ListShards} list shards", n => model.Writes(n, "messages/list") / stack.ListShards),
            Row($"of it the line of one sender, at {Count(stack.SenderRate)}/s each", n => model.HottestSlot(n / model.Senders(n))),
            .. data.Text.Reads.Keys.Select(table => Row($"read: {table}", n => model.Reads(n, table))),
        ]);

    private Sheet Stream() => new(
        $"Stream and Dispatcher: batches of {stack.Stream.BatchSize}, window {stack.Stream.WindowSeconds} s, "
            + $"{stack.Stream.Parallel} at once for each shard",
        ["", .. Heads],
        [
            Row("records a second", model.StreamRecords),
            Row("shards, at least", n => Math.Ceiling(model.StreamShards(n))),
            Row("records of a batch", model.StreamBatch),
            Row("a shard's MB a second", n => model.StreamRecords(n) / model.StreamShards(n) * data.Assume("streamRecordBytes") / 1e6),
            Row("a shard's batches, % of the time", n => 100 * model.ShardBusy(n)),
        ]);

    private Sheet Queues() => new(
        $"SQS: requests a second, batches of {stack.Outbound.BatchSize}; visibility {stack.Outbound.VisibilitySeconds} s outbound, "
            + $"{stack.Inbound.VisibilitySeconds} s inbound",
        ["", .. Heads],
        [
            Row("outbound (FIFO), of the busiest action", model.FifoRequests),
            .. data.FifoRegions.Select(r =>
                Row($"— % of {Count(r.Requests)}: {r.Regions}", n => 100 * model.FifoRequests(n) / r.Requests)),
            Row("outbound, seconds of traffic that a queue looks ahead", n => data.Of("fifoLookAhead") / n),
            Row("inbound (standard), all actions", model.InboundRequests),
        ]);

    private Sheet Functions() => new(
        "Functions: how many run at once (Little's law)",
        ["function", "MB", "ms, full", .. Heads],
        [
            .. model.Functions(rates[^1]).Select(string[] (f, i) =>
            [
                f.Project, Count(f.MemoryMegabytes), Count(f.Milliseconds), .. Each(n => Count(model.Functions(n)[i].Concurrency)),
            ]),
            ["all", "", "", .. Each(n => Count(model.Functions(n).Sum(f => f.Concurrency)))],
            ["all: invocations a second", "", "", .. Each(n => Count(model.Functions(n).Sum(f => f.Invocations)))],
            ["gateway: requests a second", "", "", .. Each(n => Count(model.HttpCalls(n)))],
        ]);

    private Sheet Cost()
    {
        var costs = rates.Select(n => model.Cost(n)).ToList();
        return new(
            "USD a month, all day and all night, at list prices without free tiers; the carrier apart",
            ["", .. Heads],
            [
                .. costs[0].Select(string[] (line, i) => [line.What, .. costs.Select(c => Count(c[i].Usd))]),
                ["together", .. costs.Select(c => Count(c.Sum(l => l.Usd)))],
                ["for a million texts", .. costs.Zip(rates, (c, n) => Report.Number(c.Sum(l => l.Usd) / ScaleModel.MillionsAMonth(n), 2))],
            ]);
    }

    private Sheet Quotas() => new(
        $"AWS's quotas, as of {data.AsOf}",
        ["quota", "page", "default", "of"],
        [.. data.Quotas.Values.Select(q => new[] { q.What, $"<{q.Page}>", Count(q.Value), q.Unit })],
        Words: 2);

    private Sheet Assumptions() => new(
        "Assumed",
        ["assumption", "value"],
        [.. data.Assumptions.Values.Select(a => new[] { a.Why, $"{a.Value.ToString(CultureInfo.InvariantCulture)} {a.Unit}" })]);

    private string[] Heads => Each(n => Count(n));

    private string[] Row(string name, Func<double, double> figure) => [name, .. Each(n => Count(figure(n)))];

    private string[] Each(Func<int, string> cell) => [.. rates.Select(cell)];

    /// <summary>Three digits that mean something, or whole numbers.</summary>
    private static string Count(double value) => value switch
    {
        0 => "0",
        < 10 => value.ToString(value == Math.Round(value) ? "0" : "0.##", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };
}
