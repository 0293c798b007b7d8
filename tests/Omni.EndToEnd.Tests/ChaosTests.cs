using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Omni.EndToEnd.Tests;

/// <summary>Random functions die again and again while messages of all carriers are on their way in and out.</summary>
[Collection(IsolatedHost.Name)]
public sealed class ChaosTests(IsolatedHost host, ITestOutputHelper output)
{
    private const int Kills = 20, MostEach = 5;

    // What a dead function held comes back after 15 s, and a lost answer is looked up again later and later.
    private const int LooksWithoutChange = 240, LookEveryMilliseconds = 500;

    private readonly int _seed = int.TryParse(
        Environment.GetEnvironmentVariable("OMNI_E2E_SEED"), CultureInfo.InvariantCulture, out var given)
        ? given
        : Random.Shared.Next();

    private readonly List<string> _killed = [];

    [Fact]
    public async Task Nothing_is_lost_and_nothing_is_sent_twice_when_functions_die()
    {
        try
        {
            await PlayAsync(new Random(_seed));
        }
        catch (Exception wrong) when (wrong is XunitException or TimeoutException or HttpRequestException)
        {
            throw new XunitException($"With OMNI_E2E_SEED={_seed}, which killed {string.Join(", ", _killed)}: {wrong.Message}", wrong);
        }
    }

    private async Task PlayAsync(Random random)
    {
        // The carriers say nothing of what they took: the test does, as often as it is not heard.
        var people = await Task.WhenAll(Scene.All.Select(async scene => (Scene: scene, Person: await scene.NewPersonAsync(host))));
        foreach (var (scene, person) in people)
            await scene.RuleAsync(host, person, new() { ["receipts"] = new JsonObject { ["lost"] = true } });

        var killing = KillAsync(random);
        var sending = people.Select(
            one => MeanwhileAsync(killing, i => SendAsync(one.Scene, one.Person, $"Out {i} by {one.Scene}."))).ToArray();
        var writing = people.Select(
            one => MeanwhileAsync(killing, i => WriteAsync(one.Scene, one.Person, $"In {i} by {one.Scene}."))).ToArray();
        using var settled = new CancellationTokenSource();
        var reporting = ReportAsync(people, settled.Token);
        await killing;
        var sent = (await Task.WhenAll(sending)).SelectMany(each => each).ToArray();
        var written = (await Task.WhenAll(writing)).SelectMany(each => each);

        var statuses = await EndsAsync([.. sent.Select(message => (message.Scene, message.Id))]);
        Assert.True(statuses.All(status => status.IsEnd), string.Join("; ", sent.Zip(statuses).Where(one => !one.Second.IsEnd)
            .Select(one => $"{one.First.Text} {one.First.Id} {one.Second.Status}")));

        await settled.CancelAsync();
        await reporting;

        // Nothing is left that could be sent yet, and nothing was given up.
        foreach (var queue in host.Local.QueueUrls.Keys) await host.DrainAsync(queue);
        foreach (var (message, (status, _)) in sent.Zip(statuses))
        {
            var times = (await message.Scene.TakenAsync(host, message.Person))
                .Count(taken => taken!.ToJsonString().Contains(message.Text, StringComparison.Ordinal));

            // Where the answer died with its function the message is held: it may have been taken, and is not sent again.
            Assert.True(status == "unknown" ? times <= 1 : times == 1, $"{message.Text} {status}, and the carrier took it {times} times.");
        }

        var unknown = statuses.Count(status => status.Status == "unknown");
        output.WriteLine($"Seed {_seed}: {sent.Length} messages, {unknown} of them unknown; killed {string.Join(", ", _killed)}.");
        Assert.InRange(unknown, 0, _killed.Count(project => project.EndsWith(".Outbound", StringComparison.Ordinal)));

        foreach (var one in written.GroupBy(message => (message.Scene, message.Person)))
        {
            var texts = one.Select(message => message.Text).Order().ToArray();
            var read = await Host.UntilAsync(async () =>
            {
                var all = (await host.InboundAsync(one.Key.Scene.FilterOf(one.Key.Person)))
                    .Select(m => (string?)m!["content"]!["body"] ?? "")
                    .Where(text => text != CarrierRules.Greeting).Order().ToArray();
                return all.Length >= texts.Length ? all : null;
            });
            Assert.Equal(texts, read);
        }
    }

    // One after the other for as long as functions die, so that each has something in its hands.
    private static async Task<List<T>> MeanwhileAsync<T>(Task killing, Func<int, Task<T>> act)
    {
        var done = new List<T>();
        do
        {
            done.Add(await act(done.Count));
        }
        while (!killing.IsCompleted && done.Count < MostEach);

        return done;
    }

    private async Task KillAsync(Random random)
    {
        for (var killed = 0; killed < Kills; killed++)
        {
            await Task.Delay(random.Next(50, 400));
            var alive = await Host.UntilAsync(async () =>
                (await host.ProcessesAsync()).Where(function => function.Value.Length > 0).OrderBy(
                    function => function.Key).ToArray() is { Length: > 0 } some ? some : null);
            var (project, processes) = alive[random.Next(alive.Length)];
            var id = processes[random.Next(processes.Length)];
            _killed.Add(project);
            await IsolatedHost.KillAsync(id);
        }
    }

    // A client repeats a request that had no answer, under the same key.
    private async Task<(Scene Scene, string Person, string Text, string Id)> SendAsync(Scene scene, string person, string text)
    {
        var key = Guid.NewGuid().ToString();
        var id = await Host.UntilAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages/send") { Content = JsonContent.Create(
                scene.Text(person, text)) };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await host.Client.Http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode || (int)answer.StatusCode >= 500, body);
            return answer.IsSuccessStatusCode ? (string?)JsonNode.Parse(body)!["id"] : null;
        });
        return (scene, person, text, id);
    }

    // A carrier repeats a call that was not taken.
    private async Task<(Scene Scene, string Person, string Text)> WriteAsync(Scene scene, string person, string text)
    {
        foreach (var call in scene.Calls(host, [new(person, scene.Ours[0], text)], [])) await RepeatAsync(call);
        return (scene, person, text);
    }

    private async Task ReportAsync((Scene Scene, string Person)[] people, CancellationToken settled)
    {
        var reported = new HashSet<string>();
        while (!settled.IsCancellationRequested)
        {
            foreach (var (scene, person) in people)
            {
                foreach (var taken in (await scene.TakenAsync(host, person)).Where(taken => reported.Add(taken!.ToJsonString())))
                {
                    foreach (var call in scene.Calls(host, [], [taken!])) await RepeatAsync(call);
                }
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    // Read, delivered, or unknown and held; or where they stand once nothing changes any more.
    private async Task<(string Status, bool IsEnd)[]> EndsAsync((Scene Scene, string Id)[] messages)
    {
        (string Status, bool IsEnd)[] statuses = [];
        for (var unchanged = 0; unchanged < LooksWithoutChange; await Task.Delay(LookEveryMilliseconds))
        {
            var now = await Task.WhenAll(messages.Select(async message =>
            {
                var status = await host.StatusAsync(message.Id);
                return (status, status == message.Scene.Last || status == "unknown");
            }));
            unchanged = now.SequenceEqual(statuses) ? unchanged + 1 : 0;
            statuses = now;
            if (statuses.All(status => status.IsEnd)) break;
        }

        return statuses;
    }

    private Task RepeatAsync(CarrierCall call) => Host.UntilAsync(async () =>
    {
        var answer = await call.MakeAsync(host);
        Assert.True((int)answer.Status is < 300 or >= 500, $"{answer.Status} {answer.Body}");
        return (int)answer.Status < 300 ? call : null;
    });
}
