using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Omni.Local.Deployment;
using Omni.Local.Functions;

namespace Omni.Bench;

/// <summary>A function to be measured, as one of its builds.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Build">Native, JIT or the floor.</param>
/// <param name="Function">The function with its settings.</param>
/// <param name="Executable">What is started.</param>
/// <param name="Event">The event of an invocation, by its number.</param>
internal sealed record Subject(
    string Name, string Build, StackFunction Function, Func<ProcessStartInfo> Executable, Func<int, byte[]> Event);

/// <summary>A cold start: process start to first answer, the call to AWS included.</summary>
internal sealed record Cold(double InitMs, double TotalMs, double CpuMs);

/// <summary>Many invocations of one process.</summary>
internal sealed record Warm(double P50Ms, double P99Ms, double CpuMs, double PeakMb);

/// <summary>Starts functions as processes over the Runtime API, and looks at the clock and at the kernel's books.</summary>
internal sealed partial class Processes(TextWriter log)
{
    /// <summary>The invocations that a warm figure leaves out: the JIT compiles, caches fill.</summary>
    private const int WarmUp = 100;

    public async Task<Cold> ColdAsync(Subject subject, CancellationToken cancellation)
    {
        await using var process = await StartAsync(subject, cancellation);
        await InvokeAsync(process, subject, 0, cancellation);
        var answered = Stopwatch.GetTimestamp();
        var cpu = Kernel.CpuTime(process.Id);
        return new(
            Stopwatch.GetElapsedTime(process.StartedAt, await process.Ready).TotalMilliseconds,
            Stopwatch.GetElapsedTime(process.StartedAt, answered).TotalMilliseconds,
            cpu.TotalMilliseconds);
    }

    public async Task<Warm> WarmAsync(Subject subject, int invocations, Action<int> progress, CancellationToken cancellation)
    {
        await using var process = await StartAsync(subject, cancellation);
        var times = new List<double>(invocations);
        var cpu = TimeSpan.Zero;
        for (var i = 0; i < invocations; i++)
        {
            if (i == Math.Min(WarmUp, invocations / 2)) cpu = Kernel.CpuTime(process.Id);
            var started = Stopwatch.GetTimestamp();
            await InvokeAsync(process, subject, i, cancellation);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            progress(i + 1);
        }

        var warm = times.Skip(Math.Min(WarmUp, invocations / 2)).Order().ToList();
        return new(
            warm[warm.Count / 2],
            warm[(int)(warm.Count * 0.99)],
            (Kernel.CpuTime(process.Id) - cpu).TotalMilliseconds / warm.Count,
            Kernel.PeakMegabytes(process.Id));
    }

    /// <summary>The same batch with messages that nobody has seen: a repeated one would not be sent.</summary>
    public static byte[] Renewed(string batch)
    {
        var renewed = new Dictionary<string, string>(StringComparer.Ordinal);
        return Encoding.UTF8.GetBytes(MessageId.Replace(batch, id =>
            renewed.TryGetValue(id.Value, out var known) ? known : renewed[id.Value] = $"msg_{Guid.CreateVersion7():N}"));
    }

    private async Task<FunctionProcess> StartAsync(Subject subject, CancellationToken cancellation)
    {
        var process = await FunctionProcess.PrepareAsync(subject.Function, log, cancellation);
        Kernel.OnLastProcessor(() => process.Start(subject.Executable()));
        return process;
    }

    private static async Task InvokeAsync(FunctionProcess process, Subject subject, int number, CancellationToken cancellation)
    {
        var result = await process.InvokeAsync(subject.Event(number), cancellation);
        var answer = Encoding.UTF8.GetString(result.Payload);
        var isGood = !result.IsError
            && (answer.Contains("\"statusCode\":20", StringComparison.Ordinal)
                || answer.Contains("\"batchItemFailures\":[]", StringComparison.Ordinal));
        if (!isGood) throw new BenchException($"{subject.Name} ({subject.Build}) answered {result.Error ?? answer}");
    }

    [GeneratedRegex("msg_[0-9a-f]{32}")]
    private static partial Regex MessageId { get; }
}
