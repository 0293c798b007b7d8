using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Omni.Bench;

/// <summary>A run of the pipeline.</summary>
/// <param name="Accepted">Texts a second that the API accepted.</param>
/// <param name="Delivered">Texts a second from the first call until all were delivered.</param>
/// <param name="Cpu">The CPU time of each text.</param>
internal sealed record PipelineRun(double Accepted, double Delivered, HostCpu Cpu);

/// <summary>
/// The whole pipeline on this machine, functions in one process, emulators and simulator beside it:
/// how many texts a second reach `delivered`.
/// </summary>
internal static class Throughput
{
    private const int Senders = 8;
    private const int Runs = 3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs it a few times after one that warms it; the run with the median of our CPU counts.</summary>
    public static async Task<PipelineRun> MeasureAsync(int messages, IProgress<string> progress, CancellationToken cancellation)
    {
        progress.Report("Starting the local host");
        await using var host = await HostProcess.StartAsync(cancellation);
        using var http = new HttpClient
        {
            BaseAddress = host.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", HostProcess.ApiKey) }
        };

        var runs = new List<PipelineRun>();
        for (var run = 0; run <= Runs; run++)
        {
            runs.Add(await DeliverAsync(host, http, messages, cancellation));
            var name = run == 0 ? "to warm it" : $"run {run} of {Runs}";
            progress.Report(
                $"pipeline, {name}: {runs[run].Delivered:0} texts a second, our CPU {runs[run].Cpu.Own.TotalMilliseconds:0.00} ms a text");
        }

        return runs.Skip(1).OrderBy(run => run.Cpu.Own).ElementAt(Runs / 2);
    }

    private static async Task<PipelineRun> DeliverAsync(HostProcess host, HttpClient http, int messages, CancellationToken cancellation)
    {
        var cpu = host.CpuTime();
        var started = Stopwatch.GetTimestamp();
        var ids = new string[messages];
        await Parallel.ForAsync(
            0, messages, new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellation }, async (i, token) =>
            {
                using var answer = await http.PostAsJsonAsync(
                    "/api/v1/messages/send",
                    new
                    {
                        carrier = "twilio",
                        to = $"+1415{5550000 + i}",
                        from = "+12065550100",
                        content = new { type = "text", body = "Your order has left the house." }
                    },
                    token);
                ids[i] = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(token))!["id"]!;
            });
        var accepted = Stopwatch.GetElapsedTime(started);

        // The newest first, and seldom: when it is delivered nearly all are.
        var looks = 0;
        foreach (var id in ids.Reverse())
        {
            for (looks++; await StatusAsync(http, id, cancellation) != "delivered"; looks++) await Task.Delay(Look, cancellation);
        }

        var (delivered, used) = (Stopwatch.GetElapsedTime(started), host.CpuTime() - cpu);

        // Asking was the bench's wish, not the texts': what it cost is measured and taken off.
        cpu = host.CpuTime();
        foreach (var id in ids) await StatusAsync(http, id, cancellation);
        used -= (host.CpuTime() - cpu) * ((double)looks / messages);
        return new(messages / accepted.TotalSeconds, messages / delivered.TotalSeconds, used * (1.0 / messages));
    }

    private static async Task<string?> StatusAsync(HttpClient http, string id, CancellationToken cancellation) =>
        (string?)JsonNode.Parse(await http.GetStringAsync($"/api/v1/messages/{id}/status", cancellation))!["status"];
}
