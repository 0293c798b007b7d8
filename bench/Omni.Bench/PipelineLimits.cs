using System.Diagnostics;
using System.Text.Json.Nodes;
using Omni.Local;
using Omni.Local.Demo;
using Omni.Shared;

namespace Omni.Bench;

/// <summary>The whole pipeline on this machine, all six carriers at once: one is flooded, and the others must not feel it.</summary>
internal static class PipelineLimits
{
    private const string Flooded = "inteliquent";
    private const int Seconds = 60;
    private const int Persons = 20;

    /// <summary>Plays it.</summary>
    public static async Task<IReadOnlyList<LimitCase>> PlayAsync(IProgress<string> progress, CancellationToken cancellation)
    {
        var options = new LocalOptions { Port = 0 };
        await using var host = await LocalHost.StartAsync(options, progress, cancellation);
        using var client = new OmniClient(host.Url, options.ApiKey);
        var people = new Dictionary<string, JsonNode[]>();
        foreach (var scene in FaultScene.All)
        {
            // Simulators hold what the catalogue declares; functions are not told.
            var rate = CarrierCatalogue.Get(scene.Carrier).Limits.RatePerSecond ?? 100;
            await client.PostAsync($"/sim/{scene.Carrier}/rate", scene.RateOf(rate, Math.Max(3, 0.3 * rate)), cancellation);
            people[scene.Carrier] = new JsonNode[Persons];
            for (var i = 0; i < Persons; i++) people[scene.Carrier][i] = await scene.MakePersonAsync(client, i);
        }

        // The flood, ten times what fits; beside it one text in two seconds through each of the others.
        var flood = FaultScene.All.Single(scene => scene.Carrier == Flooded);
        var floodRate = CarrierCatalogue.Get(Flooded).Limits.RatePerSecond!.Value;
        var flooding = Task.WhenAll(Enumerable.Range(0, 4).Select(async lane =>
        {
            var ids = new List<string>();
            for (var i = lane; i < floodRate * Seconds; i += 4)
            {
                ids.Add(await FaultRun.SendAsync(client, flood.Text(FaultScene.Phone(100_000 + i), $"Flood {i}"), cancellation));
            }

            return ids;
        }));
        var waits = await Task.WhenAll(FaultScene.All.Where(scene => scene != flood).Select(async scene =>
        {
            var ids = new List<string>();
            for (var i = 0; i < Seconds / 2; i++)
            {
                ids.Add(await FaultRun.SendAsync(client, scene.Text(people[scene.Carrier][i % Persons], $"Text {i}"), cancellation));
                await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
            }

            return (scene.Carrier, Waits: await Task.WhenAll(ids.Select(id => WaitAsync(client, id, cancellation))));
        }));

        var floodIds = (await flooding).SelectMany(ids => ids).ToList();
        progress.Report($"{floodIds.Count} texts to {Flooded} accepted; waiting for the last");
        var sentAt = new List<DateTimeOffset>();
        foreach (var id in floodIds) sentAt.Add((await SentAsync(client, id, cancellation)).SentAt);
        sentAt.Sort();

        // From when all invocations run.
        var counted = sentAt.SkipWhile(at => at < sentAt[0].AddSeconds(3)).ToList();
        var share = (counted.Count - 1) / (counted[^1] - counted[0]).TotalSeconds / floodRate;
        var refused = (await client.GetAsync($"/sim/{Flooded}/refused", cancellation)).AsArray().Count / (double)floodIds.Count;
        var slowest = waits.Select(w => (w.Carrier, P95: w.Waits.Order().ElementAt((int)(0.95 * w.Waits.Length)).TotalSeconds))
            .MaxBy(w => w.P95);
        return
        [
            new(
                $"six carriers at once, {Flooded} flooded at its {floodRate}/s", "≥ 95 % of the rate, < 0.1 % refused",
                $"{FleetLimits.Percent(share)}, {FleetLimits.Percent(refused)} refused", share >= 0.95 && refused < 0.001),
            new(
                "the other five meanwhile",
                "accepted to sent, p95 < 2 s",
                $"slowest {slowest.Carrier}: {FleetLimits.Number(slowest.P95)} s",
                slowest.P95 < 2),
        ];
    }

    private static async Task<TimeSpan> WaitAsync(OmniClient client, string id, CancellationToken cancellation)
    {
        var (acceptedAt, sentAt) = await SentAsync(client, id, cancellation);
        return sentAt - acceptedAt;
    }

    private static async Task<(DateTimeOffset AcceptedAt, DateTimeOffset SentAt)> SentAsync(
        OmniClient client, string id, CancellationToken cancellation)
    {
        for (var began = Stopwatch.GetTimestamp();
            Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(5);
            await Task.Delay(200, cancellation))
        {
            var events = (await client.GetAsync($"/api/v1/messages/{id}/timeline", cancellation))["events"]!.AsArray();
            if (events.FirstOrDefault(e => (string?)e!["type"] == "sent") is { } sent) return (At(events[0]!), At(sent));
        }

        throw new BenchException($"{id} was not sent in five minutes.");
    }

    private static DateTimeOffset At(JsonNode e) => (DateTimeOffset)e["at"]!;
}
