using System.Diagnostics;
using System.Text;
using Omni.Local.Functions;
using Spectre.Console;
using static Omni.Bench.Report;

namespace Omni.Bench;

/// <summary>
/// One run: counts the flows, starts and warms the functions, drives the pipeline, and sets the figures beside their targets.
/// </summary>
internal sealed class Run(BenchOptions options, IAnsiConsole screen)
{
    private const string Native = "native";
    private const string Jit = "JIT";
    private const string Floor = "floor";
    private const string Webhook = "Omni.Twilio.Inbound";
    private const string Sender = "Omni.Twilio.Outbound";
    private const string Api = "Omni.Api";

    private readonly Report _report = new(screen);
    private readonly List<Target> _targets = [];

    public async Task<int> PlayAsync(CancellationToken cancellation)
    {
        if (options.IsPipelineOnly)
        {
            AddPipeline(await Throughput.MeasureAsync(options.Messages, Progress, cancellation));
            return 0;
        }

        if (options.IsRequestsOnly)
        {
            await using var counted = await Stage.StartAsync(Progress, cancellation);
            await CountAsync(counted, cancellation);
            _report.Add(_targets);
            return 0;
        }

        await PublishAsync(cancellation);
        _report.Say($"{Machine}; medians of {options.Cold} cold starts, {options.Warm} invocations of each warm process.");

        // First, with all processors; from then on one is kept for what is measured.
        var pipeline = await Throughput.MeasureAsync(options.Messages, Progress, cancellation);
        Kernel.LeaveLastProcessor();
        await using (var stage = await Stage.StartAsync(Progress, cancellation))
        {
            await CountAsync(stage, cancellation);
            await MeasureAsync(stage, cancellation);
        }

        AddPipeline(pipeline);
        _report.Add(_targets);
        if (options.Writes) _report.WriteInto(Path.Combine(FunctionExecutable.Root, "docs", "performance.md"));
        return _targets.Any(t => t is { IsGate: true, IsMet: false }) ? 1 : 0;
    }

    /// <summary>When and where it was measured.</summary>
    public static string Machine => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} processors, {FunctionExecutable.Architecture}, "
            + $".NET {Environment.Version}");

    private void AddPipeline(PipelineRun run) => _report.Add(new Sheet(
        $"The whole pipeline on this machine, {options.Messages} texts",
        ["", "figure"],
        [
            ["texts a second, accepted by the API", Number(run.Accepted, 0)],
            ["texts a second, accepted, sent and delivered", Number(run.Delivered, 0)],
            ["our CPU per text, ms", Number(run.Cpu.Own.TotalMilliseconds, 2)],
            ["CPU of DynamoDB Local per text, ms", Number(run.Cpu.DynamoDb.TotalMilliseconds, 2)],
            ["CPU of the SQS server per text, ms", Number(run.Cpu.Sqs.TotalMilliseconds, 2)],
        ]));

    private IProgress<string> Progress => new Lines(screen);

    /// <summary>Publishes what is measured; what is published already and unchanged takes seconds.</summary>
    private static async Task PublishAsync(CancellationToken cancellation)
    {
        var architecture = FunctionExecutable.Architecture;
        string[] only = [.. new[] { Webhook, Sender, Api }.SelectMany(project => new[] { "--only", project })];
        await DotnetAsync(["run", "--project", "build/Omni.Publish", "--", architecture, .. only], cancellation);
        await DotnetAsync(
            [
                "publish", "bench/Omni.Bench.Floor", "-c", "Release", "-r", $"linux-{architecture}", "-o",
                $"dist/linux-{architecture}/Omni.Bench.Floor", "-v", "quiet"
            ],
            cancellation);
        if (FunctionExecutable.Published(Webhook) is null) throw new BenchException("What was published does not run on this machine.");
    }

    private static async Task DotnetAsync(string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = FunctionExecutable.Root })!;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new BenchException($"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private async Task CountAsync(Stage stage, CancellationToken cancellation)
    {
        var flows = new Flows(stage);
        await flows.OutboundAsync(cancellation); // fills what functions remember: the key, the senders' next slots
        var outbound = await flows.OutboundAsync(cancellation);
        await flows.InboundAsync(cancellation);
        var inbound = await flows.InboundAsync(cancellation);

        var prices = Prices.Load();
        _report.Add(SheetOf("A text accepted, sent and delivered: AWS requests for each message", outbound, prices));
        _report.Add(SheetOf("A text received: AWS requests for each message", inbound, prices));
        _report.Add(await new EventCosts(stage).CountAsync());
        _report.Add(await new EndpointCosts(stage, prices).CountAsync(cancellation));

        // Of a stage with events off; what they cost stands in their own line.
        var quiet = outbound.Where(step => step.Name != Flows.Events).ToList();
        _targets.Add(new("write units of a text accepted, sent and delivered", quiet.Sum(s => s.Used.Writes) / Flows.Messages, 7));
        _targets.Add(new("SQS requests of the same", outbound.Sum(s => s.Used.Count("SQS.")) / (double)Flows.Messages, 4));
        _targets.Add(new("AWS requests of the API's send", outbound[0].Used.Requests.Values.Sum() / (double)Flows.Messages, 1));
    }

    private static Sheet SheetOf(string title, IReadOnlyList<Step> steps, Prices prices)
    {
        string[] Row(string name, IEnumerable<Step> of)
        {
            var all = of.ToList();
            double Each(Func<Step, double> figure) => all.Sum(figure) / Flows.Messages;
            return
            [
                name,
                Number(Each(s => s.Used.Count("DynamoDB.")), 2), Number(Each(s => s.Used.Writes), 2), Number(Each(s => s.Used.Reads), 2),
                Number(Each(s => s.Used.Count("SQS.")), 2), Number(Each(s => s.Used.Count("S3.")), 2),
                Number(Each(s => s.HttpCalls), 2), Number(Each(s => s.Invocations), 2),
                Number(all.Sum(s => prices.PerMillion(s, Flows.Messages)), 2),
            ];
        }

        return new Sheet(
            $"{title} (USD for a million at list prices of {prices.AsOf}, run time and carrier apart)",
            ["step", "DynamoDB", "write units", "read units", "SQS", "S3", "HTTP API", "invocations", "USD/million"],
            [.. steps.Select(s => Row(s.Name, [s])), Row("together", steps)]);
    }

    private async Task MeasureAsync(Stage stage, CancellationToken cancellation)
    {
        await stage.SilenceAsync(cancellation);
        var subjects = Subjects(stage);
        await using var log = new StreamWriter(Path.Combine(Path.GetTempPath(), $"omni-bench-{Environment.ProcessId}.log"));
        var processes = new Processes(TextWriter.Synchronized(log));

        var cold = subjects.ToDictionary(s => s, _ => new List<Cold>());
        for (var round = 1; round <= options.Cold; round++)
        {
            // Round by round, so that whatever else the machine does meets all alike.
            foreach (var subject in subjects) cold[subject].Add(await processes.ColdAsync(subject, cancellation));
            Progress.Report($"cold starts: round {round} of {options.Cold}");
        }

        var warm = new Dictionary<Subject, Warm>();
        foreach (var subject in subjects)
        {
            var last = Stopwatch.GetTimestamp();
            warm[subject] = await processes.WarmAsync(subject, options.Warm, count =>
            {
                if (Stopwatch.GetElapsedTime(last) < TimeSpan.FromSeconds(5)) return;
                last = Stopwatch.GetTimestamp();
                Progress.Report($"{subject.Name}, {subject.Build}: {count} of {options.Warm}");
            }, cancellation);
        }

        double Median(Subject s, Func<Cold, double> figure) => cold[s].Select(figure).Order().ElementAt(cold[s].Count / 2);
        Subject Other(Subject s) => subjects.First(o => o.Name == s.Name && o.Build == Jit);
        _report.Add(new Sheet(
            "Cold start: process start to first answer, its AWS calls included",
            ["function", "build", "init ms", "total ms", "CPU ms", "total ÷ JIT"],
            [.. subjects.Select(s => new[]
            {
                s.Name, s.Build, Number(Median(s, c => c.InitMs)), Number(Median(s, c => c.TotalMs)), Number(Median(s, c => c.CpuMs)),
                Number(Median(s, c => c.TotalMs) / Median(Other(s), c => c.TotalMs), 3),
            })]));
        _report.Add(new Sheet(
            "Warm",
            ["function", "build", "p50 ms", "p99 ms", "CPU ms", "CPU ÷ JIT", "peak MB"],
            [.. subjects.Select(s => new[]
            {
                s.Name, s.Build, Number(warm[s].P50Ms, 2), Number(warm[s].P99Ms, 2), Number(warm[s].CpuMs, 3),
                Number(warm[s].CpuMs / warm[Other(s)].CpuMs, 2), Number(warm[s].PeakMb, 0),
            })]));

        var (native, jit, floor) = (subjects[0], subjects[1], subjects[2]);
        _targets.Add(new("cold start of the webhook, native ÷ JIT", Median(native, c => c.TotalMs) / Median(jit, c => c.TotalMs), 0.08));
        _targets.Add(new("CPU of the webhook's cold start, ms", Median(native, c => c.CpuMs), 25));
        _targets.Add(new("warm CPU of the webhook ÷ floor", warm[native].CpuMs / warm[floor].CpuMs, 3));
        _targets.AddRange(subjects.Where(s => s.Build == Native).Select(
            s => new Target($"peak memory after {options.Warm} invocations, MB: {s.Name}", warm[s].PeakMb, 64, IsGate: true)));
    }

    private static Subject[] Subjects(Stage stage)
    {
        var webhook = stage.Event(Webhook, "tomorrow");
        var send = stage.Event(Api, "/messages/send");
        var batch = Encoding.UTF8.GetString(stage.Event(Sender, "msg_"));

        Subject[] Builds(string name, string project, Func<int, byte[]> next) =>
        [
            new(name, Native, stage.Function(project), () => FunctionExecutable.Published(project)!, next),
            new(name, Jit, stage.Function(project), () => FunctionExecutable.Built(project), next),
        ];

        return
        [
            .. Builds("webhook", Webhook, _ => webhook),
            new("webhook", Floor, stage.Function(Webhook), () => FunctionExecutable.Published("Omni.Bench.Floor")!, _ => webhook),
            .. Builds("API's send", Api, _ => send),
            .. Builds($"outbound batch of {Flows.Messages}", Sender, _ => Processes.Renewed(batch)),
        ];
    }

    internal sealed class Lines(IAnsiConsole screen) : IProgress<string>
    {
        public void Report(string value) => screen.MarkupLineInterpolated($"[grey]{value}[/]");
    }
}
