using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Omni.Local.Functions;
using Spectre.Console;

namespace Omni.Bench;

/// <summary>
/// From accept to the carrier's call, for urgent messages and for others, one at a time through the whole local host: what the express lane
/// is good for. Both times are the service's own, of the message and of its intent, which is written right before the call.
/// </summary>
internal sealed class Express(IAnsiConsole screen, bool writes)
{
    private const int ToWarm = 20;
    private const int Pairs = 200;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly string[] Priorities = ["normal", "high"];

    /// <returns>0 when the lane is worth it, otherwise 1.</returns>
    public async Task<int> MeasureAsync(CancellationToken cancellation)
    {
        await using var host = await HostProcess.StartAsync(cancellation);
        using var http = new HttpClient
        {
            BaseAddress = host.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", HostProcess.ApiKey) }
        };
        var times = Priorities.ToDictionary(priority => priority, _ => new List<double>());
        for (var i = 0; i < ToWarm + Pairs; i++)
        {
            foreach (var priority in Priorities)
            {
                var time = await SendAsync(http, priority, person: 2 * i, cancellation);
                if (i >= ToWarm) times[priority].Add(time);
            }
        }

        foreach (var list in times.Values) list.Sort();
        var report = new Report(screen, "express");
        report.Say($"{Run.Machine}; {Pairs} texts of each, one at a time, through the local host with nothing else to do.");
        report.Add(new Sheet(
            "From accept to the carrier's call",
            ["priority", "median ms", "95 % ms", "slowest ms"],
            [
                .. Priorities.Select(priority => (string[])
                    [priority, .. ((double[])[At(times[priority], 0.5), At(times[priority], 0.95), times[priority][^1]]).Select(Number)]),
            ]));
        if (writes) report.WriteInto(Path.Combine(FunctionExecutable.Root, "docs", "performance.md"));
        return At(times["high"], 0.5) < At(times["normal"], 0.5) ? 0 : 1;
    }

    private static string Number(double milliseconds) => milliseconds.ToString("0", CultureInfo.InvariantCulture);

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];

    /// <summary>Sends a text.</summary>
    /// <returns>The milliseconds from its accept to its intent.</returns>
    private static async Task<double> SendAsync(HttpClient http, string priority, int person, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(
            "/api/v1/messages/send",
            new
            {
                carrier = "twilio",
                to = $"+1415{5550000 + person}",
                from = "+12065550100",
                priority,
                content = new { type = "text", body = "Your code is 481516." }
            },
            cancellation);
        var id = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!["id"]!;
        for (; ; await Task.Delay(Look, cancellation))
        {
            var timeline = JsonNode.Parse(await http.GetStringAsync($"/api/v1/messages/{id}/timeline", cancellation))!["events"]!.AsArray();
            if (timeline.FirstOrDefault(e => (string?)e!["type"] == "sending") is not { } intent) continue;

            return (TimeOf(intent) - TimeOf(timeline[0]!)).TotalMilliseconds;
        }
    }

    private static DateTimeOffset TimeOf(JsonNode timelineEvent) =>
        DateTimeOffset.Parse((string)timelineEvent["at"]!, CultureInfo.InvariantCulture);
}
