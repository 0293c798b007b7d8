using System.Globalization;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Omni.EndToEnd.Tests;

/// <summary>Who tells clients dies again and again while messages are on their way.</summary>
[Collection(IsolatedHost.Name)]
public sealed class EventCrashTests(IsolatedHost host, ITestOutputHelper output)
{
    private const int Kills = 12, People = 4;

    private static readonly string[] Tellers = ["Omni.EventRecorder", "Omni.Notifier"];
    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly int _seed = int.TryParse(
        Environment.GetEnvironmentVariable("OMNI_E2E_SEED"), CultureInfo.InvariantCulture, out var given)
        ? given
        : Random.Shared.Next();

    [Fact]
    public async Task Nothing_is_lost_and_all_is_told_in_order_when_those_who_tell_it_die()
    {
        await using var receiver = await TestReceiver.StartAsync();
        var endpoint = (string)(await host.Client.PostAsync(
            "/api/v1/webhook-endpoints", new() { ["url"] = $"{receiver.Url}hook" }))!["id"]!;
        var after = (string)(await host.Client.GetAsync("/api/v1/events?after=latest"))["nextCursor"]!;

        var people = Enumerable.Range(0, People).Select(_ => Host.NewPhone()).ToArray();
        var killing = KillAsync(new Random(_seed));
        var sent = await Task.WhenAll(people.Select(async person =>
        {
            var ids = new List<string>();
            do ids.Add(await host.SendAsync(Twilio.Text(person, $"Number {ids.Count}"), "delivered"));
            while (!killing.IsCompleted);
            return ids;
        }));
        var killed = await killing;

        var all = sent.SelectMany(ids => ids).ToHashSet();
        bool IsEnd(JsonNode e) => (string?)e["type"] == "message.delivered" && all.Contains((string)e["data"]!["id"]!);
        var log = new List<JsonNode>();
        await Host.UntilAsync(async () =>
        {
            var page = await host.Client.GetAsync($"/api/v1/events?after={after}&limit=100");
            after = (string)page["nextCursor"]!;
            log.AddRange(page["data"]!.AsArray().Where(e => all.Contains((string?)e!["data"]!["id"] ?? "")).Select(e => e!.DeepClone()));
            return log.Where(IsEnd).Select(IdOf).Distinct().Count() == all.Count ? log : null;
        }, "the log tells of all that was delivered");

        // A recorder that dies behind an append appends once more, under the same ids: as often as it died, at most.
        var copies = log.GroupBy(IdOf).ToArray();
        output.WriteLine($"Seed {_seed}: {all.Count} messages, {copies.Length} events, {log.Count - copies.Length} told twice; killed "
            + string.Join(", ", killed.CountBy(project => project).Select(count => $"{count.Value} x {count.Key}")));
        Assert.All(copies, copy => Assert.InRange(copy.Count(), 1, 1 + killed.Count(project => project == Tellers[0])));
        var inLog = log.DistinctBy(IdOf).ToArray();
        foreach (var message in inLog.GroupBy(e => (string)e["data"]!["id"]!))
        {
            // A receipt that overtakes the outcome passes `sent` over.
            var told = message.Select(e => (string)e["type"]!).ToArray();
            Assert.Contains(told, new string[][] { ["message.sent", "message.delivered"], ["message.delivered"] });
        }

        // What the endpoint is told is what the log says, and each conversation in the log's order.
        var expected = inLog.Select(IdOf).ToHashSet();
        await Host.UntilAsync(
            () => Task.FromResult(expected.IsSubsetOf(receiver.Calls.Select(call => IdOf(call.Event))) ? receiver : null),
            "the endpoint is told of all");
        var calls = receiver.Calls.Select(call => call.Event).Where(e => expected.Contains(IdOf(e))).DistinctBy(IdOf).ToArray();
        foreach (var conversation in inLog.GroupBy(ConversationOf))
            Assert.Equal(conversation.Select(IdOf), calls.Where(e => ConversationOf(e) == conversation.Key).Select(IdOf));

        using var deleted = await host.Client.Http.DeleteAsync($"/api/v1/webhook-endpoints/{endpoint}");
        Assert.True(deleted.IsSuccessStatusCode);
    }

    private static string IdOf(JsonNode e) => (string)e["id"]!;

    private static string ConversationOf(JsonNode e) => (string)e["data"]!["conversationId"]!;

    private async Task<List<string>> KillAsync(Random random)
    {
        var killed = new List<string>();
        while (killed.Count < Kills)
        {
            // In turn, for each comes back in its own time: the stream at once, a record when its visibility ends.
            var project = Tellers[killed.Count % Tellers.Length];
            var alive = await Host.UntilAsync(async () => (await host.ProcessesAsync())[project] is { Length: > 0 } some ? some : null);
            await Task.Delay(random.Next(0, 500));
            await IsolatedHost.KillAsync(alive[random.Next(alive.Length)]);
            killed.Add(project);
        }

        return killed;
    }
}
