using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>A host that nobody else sends through: batches have its senders' pace for themselves.</summary>
public sealed class BatchHost() : Host(SharedHost.IsIsolatedRun);

/// <summary>Many messages, under control.</summary>
public sealed class BatchTests(BatchHost host) : IClassFixture<BatchHost>
{
    private const int People = 1_500;

    private static int _people = 5_550_000;

    private static readonly Scene Twilio = Scene.Of("twilio");

    [Fact]
    public async Task Everybody_gets_their_own_message_once_and_the_counts_are_exact_at_every_moment()
    {
        var people = NewPeople(People);
        var batch = await SendAsync(people);

        var last = new JsonObject();
        await Host.UntilAsync(
            async () =>
            {
                last = (await host.Client.GetAsync($"/api/v1/batches/{batch}?wait=1")).AsObject();
                Assert.Equal(People, SumOf(last));
                return CountOf(last, "delivered") == People ? last : null;
            },
            "all are delivered");

        Assert.Equal(("completed", 100), ((string?)last["state"], (int)last["percent"]!));
        var taken = await TakenAsync();
        Assert.Equal(people.Select(person => $"{person} Hello {person}").Order(), taken.Order());
    }

    private async Task<string> SendAsync(IEnumerable<string> people) =>
        (string)(await host.Client.PostAsync("/api/v1/messages/bulk", new()
        {
            ["carrier"] = "twilio",
            ["from"] = Twilio.Ours[0],
            ["content"] = new JsonObject { ["type"] = "text", ["body"] = "Hello {{name}}" },
            ["recipients"] = new JsonArray(
                [.. people.Select(person => new JsonObject { ["to"] = person, ["variables"] = new JsonObject { ["name"] = person } })]),
        }))!["batchId"]!;

    private async Task<string[]> TakenAsync() =>
        [.. (await host.Client.GetAsync($"/sim/twilio/messages?from={Uri.EscapeDataString(Twilio.Ours[0])}")).AsArray()
            .Select(taken => $"{taken!["to"]} {taken["parameters"]!["Body"]![0]}")];

    private static int SumOf(JsonNode batch) => batch["counts"]!.AsObject().Sum(count => (int)count.Value!);

    private static int CountOf(JsonNode batch, string status) => (int)batch["counts"]![status]!;

    private static string[] NewPeople(int count) => [.. Enumerable.Range(0, count).Select(_ => NewPhone())];

    // More than the other tests have numbers.
    private static string NewPhone() => $"+1628{Interlocked.Increment(ref _people):0000000}";
}
