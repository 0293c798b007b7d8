using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Omni.Local;

namespace Omni.Bench;

/// <summary>The whole pipeline on this machine, functions in one process, emulators and simulator beside it: how many texts a second reach `delivered`.</summary>
internal static class Throughput
{
    private const int Senders = 8;

    public static async Task<(double Accepted, double Delivered)> MeasureAsync(int messages, IProgress<string> progress, CancellationToken cancellation)
    {
        var options = new LocalOptions { Port = 0, Carriers = ["twilio"], Environment = new Dictionary<string, string> { ["TWILIO_RATE"] = "1000000" } };
        await using var host = await LocalHost.StartAsync(options, progress, cancellation);
        using var http = new HttpClient { BaseAddress = host.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey) } };
        await DeliverAsync(http, Senders, cancellation);

        var (accepted, delivered) = await DeliverAsync(http, messages, cancellation);
        return (messages / accepted.TotalSeconds, messages / delivered.TotalSeconds);

        async Task<(TimeSpan Accepted, TimeSpan Delivered)> DeliverAsync(HttpClient client, int count, CancellationToken stop)
        {
            var started = Stopwatch.GetTimestamp();
            var ids = new string[count];
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = stop }, async (i, token) =>
            {
                using var answer = await client.PostAsJsonAsync(
                    "/api/v1/messages/send",
                    new { carrier = "twilio", to = $"+1415{5550000 + i}", from = "+12065550100", content = new { type = "text", body = "Your order has left the house." } },
                    token);
                ids[i] = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(token))!["id"]!;
            });
            var acceptedAfter = Stopwatch.GetElapsedTime(started);
            foreach (var id in ids)
            {
                while ((string?)JsonNode.Parse(await client.GetStringAsync($"/api/v1/messages/{id}/status", stop))!["status"] != "delivered") await Task.Delay(20, stop);
            }

            return (acceptedAfter, Stopwatch.GetElapsedTime(started));
        }
    }
}
