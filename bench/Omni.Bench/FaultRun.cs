using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Omni.Local;
using Omni.Local.Demo;

namespace Omni.Bench;

/// <summary>What became of the texts of a run with faults. The simulator is the judge of what was sent.</summary>
/// <param name="Scene">The carrier.</param>
/// <param name="Texts">How many were sent through the API.</param>
/// <param name="Taken">How many the carrier took.</param>
/// <param name="Doubled">How many it took more than once.</param>
/// <param name="Lost">How many it never took although they are over.</param>
/// <param name="Held">How many stay unknown, shown and counted.</param>
/// <param name="Open">How many were not over in time.</param>
/// <param name="Refusals">How many calls the carrier refused.</param>
/// <param name="Took">How long it took until all were over.</param>
internal sealed record FaultResult(
    FaultScene Scene, int Texts, int Taken, int Doubled, int Lost, int Held, int Open, int Refusals, TimeSpan Took)
{
    /// <summary>None lost, none twice; none held where one can find out.</summary>
    public bool IsMet => Doubled == 0 && Lost == 0 && Open == 0 && (Held == 0 || !Scene.HasEvidence);
}

/// <summary>Texts through the whole pipeline on this machine to one carrier that falters.</summary>
internal sealed partial class FaultRun(FaultScene scene, int texts, IProgress<string> progress)
{
    private const int Senders = 8;

    /// <summary>How many texts each person gets: later ones meet the doubt about earlier ones.</summary>
    private const int TextsEach = 5;

    /// <summary>It gives up when no text has become over for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>The statuses, beside the usual one, after which nothing is sent any more.</summary>
    private static readonly string[] Ends = ["read", "failed", "undelivered", "expired", "rejected", "canceled"];

    // In hundredths of all calls; they do not overlap.
    private static readonly string[] Rules =
    [
        """{"percent":2,"acceptThen":"reset"}""",
        """{"percent":3,"httpStatus":500}""",
        """{"percent":3,"acceptThen":"500"}""",
        """{"percent":3,"httpStatus":429,"retryAfterSeconds":1}""", // the longer waits that carriers' tables know would measure those
        """{"percent":5,"receipts":{"shuffle":true,"delayMs":1500}}""",
        """{"percent":5,"receipts":{"duplicate":1}}""",
    ];

    /// <summary>Plays it.</summary>
    public async Task<FaultResult> PlayAsync(CancellationToken cancellation)
    {
        var options = new LocalOptions
        {
            Port = 0,
            Carriers = [scene.Carrier],
            Tick = TimeSpan.FromSeconds(10),
            Environment = new Dictionary<string, string> { [$"{scene.Carrier.ToUpperInvariant()}_RATE"] = "1000000" },
        };
        await using var host = await LocalHost.StartAsync(options, progress, cancellation);
        using var client = new OmniClient(host.Url, options.ApiKey);
        await client.PostAsync($"/sim/{scene.Carrier}/rate", scene.RateOf(1_000_000, 1_000_000), cancellation);
        var people = new JsonNode[(texts / TextsEach) + 1];
        await InParallelAsync(people.Length, async i => people[i] = await scene.MakePersonAsync(client, i), cancellation);
        foreach (var rule in Rules)
        {
            await client.PostAsync($"/sim/{scene.Carrier}/behaviour", JsonNode.Parse(rule)!.AsObject(), cancellation);
        }

        var started = Stopwatch.GetTimestamp();
        var ids = new string[texts];
        await InParallelAsync(
            texts, async i => ids[i] = await SendAsync(client, scene.Text(people[i / TextsEach], Body(i)), cancellation), cancellation);

        // Life goes on meanwhile: where receipts are the evidence, it is those of later texts. These are not judged.
        using var settled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var talking = TalkAsync(client, people[^1], settled.Token);
        var (held, open) = await SettleAsync(client, ids, cancellation);
        await settled.CancelAsync();
        await talking;

        return await JudgeAsync(client, held, open, Stopwatch.GetElapsedTime(started));
    }

    private async Task TalkAsync(OmniClient client, JsonNode person, CancellationToken settled)
    {
        for (var i = 0; !settled.IsCancellationRequested; i++)
        {
            await SendAsync(client, scene.Text(person, $"News, number {i}"), CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(5), settled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until every text is over, or held.</summary>
    private async Task<(HashSet<int> Held, HashSet<int> Open)> SettleAsync(OmniClient client, string[] ids, CancellationToken cancellation)
    {
        var (open, held) = (Enumerable.Range(0, ids.Length).ToHashSet(), new HashSet<int>());
        var (started, told, moved) = (Stopwatch.GetTimestamp(), 0L, Stopwatch.GetTimestamp());
        while (open.Count > 0 && Stopwatch.GetElapsedTime(moved) < Patience)
        {
            var (unknown, before) = (0, open.Count);
            foreach (var i in open.ToArray())
            {
                var status = (string)(await client.GetAsync($"/api/v1/messages/{ids[i]}/status", cancellation))["status"]!;
                if (status == scene.Delivered || Ends.Contains(status)) open.Remove(i);
                if (status != "unknown") continue;

                unknown++;
                var timeline = await client.GetAsync($"/api/v1/messages/{ids[i]}/timeline", cancellation);
                if (timeline["events"]!.AsArray().Any(e => (string?)e!["type"] == "held") && open.Remove(i)) held.Add(i);
            }

            if (open.Count < before) moved = Stopwatch.GetTimestamp();
            if (told == 0 || Stopwatch.GetElapsedTime(told) > TimeSpan.FromSeconds(10))
            {
                told = Stopwatch.GetTimestamp();
                var seconds = (int)Stopwatch.GetElapsedTime(started, told).TotalSeconds;
                var over = ids.Length - open.Count;
                progress.Report($"{scene.Carrier}: {over} of {ids.Length} over after {seconds} s, {unknown} unknown, {held.Count} held");
            }

            await Task.Delay(1000, cancellation);
        }

        return (held, open);
    }

    private async Task<FaultResult> JudgeAsync(OmniClient client, HashSet<int> held, HashSet<int> open, TimeSpan took)
    {
        var times = new int[texts];
        foreach (var submission in (await client.GetAsync($"/sim/{scene.Carrier}/messages")).AsArray())
        {
            var number = Number().Match(submission!.ToJsonString());
            if (number.Success) times[int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture)]++;
        }

        var lost = times.Index().Count(text => text.Item == 0 && !held.Contains(text.Index) && !open.Contains(text.Index));
        var refusals = (await client.GetAsync($"/sim/{scene.Carrier}/refused")).AsArray().Count;
        return new(scene, texts, times.Count(n => n > 0), times.Count(n => n > 1), lost, held.Count, open.Count, refusals, took);
    }

    /// <summary>Sends a text. A person's own message opens the window for it, once it is written down.</summary>
    public static async Task<string> SendAsync(OmniClient client, JsonObject request, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await client.SendAsync(request.DeepClone().AsObject(), cancellation);
            }
            catch (HttpRequestException refused) when (refused.Message.Contains("window_closed", StringComparison.Ordinal) && tries < 100)
            {
                await Task.Delay(200, cancellation);
            }
        }
    }

    private static Task InParallelAsync(int count, Func<int, Task> act, CancellationToken cancellation) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellation }, async (i, _) => await act(i));

    private static string Body(int number) => $"Your order {number.ToString("000000", CultureInfo.InvariantCulture)} has left the house.";

    [GeneratedRegex(@"Your order (\d{6}) has")]
    private static partial Regex Number();
}
