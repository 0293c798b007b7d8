using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>A host whose senders have a pace of their own.</summary>
public sealed class BatchHost() : Host(SharedHost.IsIsolatedRun);

/// <summary>Many messages, under control.</summary>
public sealed class BatchTests(BatchHost host) : IClassFixture<BatchHost>
{
    private readonly Batches _batches = new(host);

    [Fact]
    public async Task Everybody_gets_their_own_message_once_and_the_counts_are_exact_at_every_moment()
    {
        var people = Batches.NewPeople(200);
        var request = await _batches.RequestAsync(people, "+12065550100");
        var first = await _batches.SendAsync(request, "everybody");
        var again = await _batches.SendAsync(request, "everybody");
        Assert.Equal(first, again);

        var done = await _batches.UntilAsync(first, batch => Batches.CountOf(batch, "delivered") == people.Length);

        Assert.Equal(("completed", 100), ((string?)done["state"], (int)done["percent"]!));
        Assert.Equal(people.Select(person => $"{person} Hello {person}").Order(), await _batches.TakenAsync(request));
        var messages = await host.Client.GetAsync($"/api/v1/batches/{first}/messages?status=delivered&limit=100");
        Assert.Equal(people[..100], messages["data"]!.AsArray().Select(message => (string)message!["to"]!));
    }

    [Fact]
    public async Task Who_writes_stop_in_the_middle_of_a_batch_is_not_written_to()
    {
        var people = Batches.NewPeople(60);
        var request = await _batches.RequestAsync(people, "+12065550101", perSecond: 5);
        var batch = await _batches.SendAsync(request);
        await _batches.UntilAsync(batch, view => Batches.CountOf(view, "delivered") > 0);

        await host.Client.PostAsync(
            "/sim/twilio/inbound", new() { ["from"] = people[^1], ["to"] = (string)request["from"]!, ["body"] = "STOP" });
        var done = await _batches.UntilAsync(batch, view => (string?)view["state"] == "completed" && Batches.CountOf(view, "sent") == 0);

        Assert.Equal((59, 1), (Batches.CountOf(done, "delivered"), Batches.CountOf(done, "rejected")));
        Assert.Equal(people[..^1].Order(), (await _batches.TakenAsync(request)).Select(taken => taken.Split(' ')[0]));
    }

    [Fact]
    public async Task A_batch_rests_goes_on_and_what_is_canceled_and_what_had_left_are_the_whole()
    {
        var after = (string)(await host.Client.GetAsync("/api/v1/events?after=latest"))["nextCursor"]!;
        var people = Batches.NewPeople(100);
        var request = await _batches.RequestAsync(people, "+12065550102", perSecond: 5);
        var batch = await _batches.SendAsync(request);
        await _batches.UntilAsync(batch, view => (int)view["percent"]! >= 5);

        await host.Client.PostAsync($"/api/v1/batches/{batch}/pause");
        var rests = await _batches.UntilAsync(batch, view => Batches.CountOf(view, "pending") == 0);
        Assert.Equal("paused", (string?)rests["state"]);
        Assert.True(Batches.CountOf(rests, "waiting") > 0);
        var released = people.Length - Batches.CountOf(rests, "waiting");
        Assert.Equal(released, (await _batches.TakenAsync(request)).Length);

        await host.Client.PostAsync($"/api/v1/batches/{batch}/resume");
        await _batches.UntilAsync(batch, view => Batches.CountOf(view, "waiting") < people.Length - released);
        await host.Client.PostAsync($"/api/v1/batches/{batch}/cancel");
        var over = (await _batches.UntilAsync(batch, view => (int)view["cancellation"]!["pending"]! == 0))["cancellation"]!;

        var taken = await _batches.TakenAsync(request);
        Assert.Equal((people.Length - taken.Length, taken.Length), ((int)over["canceled"]!, (int)over["escaped"]!));
        Assert.Equal(taken.Length, taken.Distinct().Count());
        var told = new List<string>();
        await Host.UntilAsync(async () =>
        {
            var page = await host.Client.GetAsync($"/api/v1/events?after={after}&types=batch.paused,batch.canceled,batch.completed");
            after = (string)page["nextCursor"]!;
            told.AddRange(page["data"]!.AsArray().Where(e => (string?)e!["data"]!["id"] == batch).Select(e => (string)e!["type"]!));
            return told.Count == 3 ? told : null;
        });
        Assert.Equal(["batch.canceled", "batch.completed", "batch.paused"], told.Order());
    }
}

/// <summary>The Batcher dies again and again while it releases.</summary>
[Collection(IsolatedHost.Name)]
public sealed class BatchCrashTests(IsolatedHost host)
{
    private const int Kills = 3;

    [Fact]
    public async Task Nobody_is_left_out_and_nobody_gets_it_twice_when_the_batcher_dies()
    {
        var batches = new Batches(host);
        var people = Batches.NewPeople(60);
        var request = await batches.RequestAsync(people, "+12065550102", perSecond: 5);
        var batch = await batches.SendAsync(request);

        for (var kills = 0; kills < Kills; kills++)
        {
            var alive = await Host.UntilAsync(
                async () => (await host.ProcessesAsync())["Omni.Batcher"] is { Length: > 0 } some ? some : null);
            await IsolatedHost.KillAsync(alive[0]);
        }

        await batches.UntilAsync(batch, view => Batches.CountOf(view, "delivered") == people.Length);
        Assert.Equal(people.Select(person => $"{person} Hello {person}").Order(), await batches.TakenAsync(request));
    }
}

/// <summary>Batches over a host.</summary>
internal sealed class Batches(Host host)
{
    private static int _people = 5_550_000;

    /// <summary>People that no other test knows: more than those have numbers.</summary>
    public static string[] NewPeople(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => $"+1628{Interlocked.Increment(ref _people):0000000}")];

    /// <summary>A request to send to people.</summary>
    /// <param name="people">The people.</param>
    /// <param name="sender">Our address, of which no other test counts what is sent.</param>
    /// <param name="perSecond">How fast it sends; null for as fast as the carrier takes it.</param>
    public async Task<JsonObject> RequestAsync(IEnumerable<string> people, string sender, double? perSecond = null)
    {
        if (perSecond is { } rate)
        {
            using var registered = await host.Client.Http.PutAsJsonAsync(
                $"/api/v1/senders/twilio/{sender}", new JsonObject { ["ratePerSecond"] = rate });
            Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync());
        }

        return new()
        {
            ["carrier"] = "twilio",
            ["from"] = sender,
            ["content"] = new JsonObject { ["type"] = "text", ["body"] = "Hello {{name}}" },
            ["recipients"] = new JsonArray(
                [.. people.Select(person => new JsonObject { ["to"] = person, ["variables"] = new JsonObject { ["name"] = person } })]),
        };
    }

    /// <summary>Sends, and answers the batch's id.</summary>
    public async Task<string> SendAsync(JsonObject request, string? key = null)
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages/bulk") { Content = JsonContent.Create(request) };
        if (key is not null) call.Headers.Add("Idempotency-Key", key);
        using var answer = await host.Client.Http.SendAsync(call);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return (string)JsonNode.Parse(body)!["batchId"]!;
    }

    /// <summary>Waits until a batch is so far; its counts are always its total.</summary>
    public async Task<JsonNode> UntilAsync(string id, Func<JsonNode, bool> holds)
    {
        JsonNode? batch = null;
        try
        {
            return await Host.UntilAsync(
                async () =>
                {
                    batch = await host.Client.GetAsync($"/api/v1/batches/{id}");
                    Assert.Equal((int)batch["total"]!, batch["counts"]!.AsObject().Sum(count => (int)count.Value!));
                    return holds(batch) ? batch : null;
                },
                everyMilliseconds: 100);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"It did not come about; the batch is {batch?.ToJsonString()}", late);
        }
    }

    /// <summary>What the carrier took from the sender, in order of the people.</summary>
    public async Task<string[]> TakenAsync(JsonObject request) =>
        [.. (await host.Client.GetAsync($"/sim/twilio/messages?from={Uri.EscapeDataString((string)request["from"]!)}")).AsArray()
            .Select(taken => $"{taken!["to"]} {taken["parameters"]!["Body"]![0]}").Order()];

    /// <summary>How many messages of a batch have a status.</summary>
    public static int CountOf(JsonNode batch, string status) => (int)batch["counts"]![status]!;
}
