using System.Text.Json.Nodes;
using Omni.Shared;

namespace Omni.EndToEnd.Tests;

/// <summary>What clients are told of, over HTTP.</summary>
public sealed class EventTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task Who_waits_for_the_latest_is_told_of_a_send()
    {
        var person = Host.NewPhone();
        var first = await _host.SendAsync(Twilio.Text(person, "First"), "delivered");
        var conversation = (string)(await _host.Client.GetAsync($"/api/v1/messages/{first}"))["conversationId"]!;

        var waiting = _host.Client.GetAsync($"/api/v1/events?after=latest&wait=20&conversation={conversation}");
        // Somebody is heard who speaks while the other listens.
        while (!waiting.IsCompleted) await _host.SendAsync(Twilio.Text(person, "Do you hear me?"), "delivered");

        var told = (await waiting)["data"]!.AsArray();
        Assert.NotEmpty(told);
        Assert.All(told, e => Assert.Equal(
            (conversation, "default"), ((string)e!["data"]!["conversationId"]!, (string)e["tenant"]!)));
    }

    [Fact]
    public async Task From_the_earliest_on_everything_is_told_once_and_to_everybody_in_the_same_order()
    {
        var people = Enumerable.Range(0, 3).Select(_ => Host.NewPhone()).ToArray();
        var sent = await Task.WhenAll(people.SelectMany(person => Enumerable.Range(0, 4)
            .Select(i => _host.SendAsync(Twilio.Text(person, $"Number {i}"), "delivered"))));
        await _host.Client.PostAsync(
            "/sim/twilio/inbound", new() { ["from"] = people[0], ["to"] = "+12065550100", ["body"] = "STOP" });
        var stop = (string)(await _host.InboundAsync(people[0], 1))[0]!["id"]!;
        bool IsOurs(JsonNode e) =>
            sent.Contains((string?)e["data"]!["id"]) || (string?)e["data"]!["id"] == stop || Host.IsPhone(e["data"]!["address"], people[0]);

        // Of each message that it was delivered, the word of the person, and that they opted out.
        string Told(JsonNode e) => $"{e["type"]} {e["sequence"]}".Trim();
        var last = sent.Select(id => (id, "message.delivered 11")).ToHashSet();
        List<JsonNode> told = await Host.UntilAsync(async () =>
            await ReadAsync(5) is var read && read.Where(IsOurs).ToList() is var ours
            && last.IsSubsetOf(ours.Select(e => ((string)e["data"]!["id"]!, Told(e)))) && ours.Count(e => e["sequence"] is null) == 2
                ? ours
                : null);

        Assert.Equal(told.Count, told.Select(e => (string)e["id"]!).Distinct().Count());
        foreach (var id in sent)
        {
            // A receipt that comes before the outcome passes it over.
            var ofMessage = told.Where(e => (string?)e["data"]!["id"] == id).Select(Told).ToArray();
            Assert.Contains(ofMessage, new string[][] { ["message.sent 5", "message.delivered 11"], ["message.delivered 11"] });
        }

        Assert.Equal(
            ["consent.changed", "message.received"],
            told.Where(e => e["sequence"] is null).Select(e => (string)e["type"]!).Order(StringComparer.Ordinal));
        foreach (var conversation in told.GroupBy(e => (string?)e["data"]!["conversationId"]))
        {
            Assert.Equal(
                conversation.Select(e => (string)e["id"]!),
                (await ReadAsync(100, conversation.Key)).Where(IsOurs).Select(e => (string)e["id"]!)
                    .Where(id => conversation.Any(e => (string)e["id"]! == id)));
        }
    }

    /// <summary>Reads all that there is.</summary>
    private async Task<List<JsonNode>> ReadAsync(int limit, string? conversation = null)
    {
        var read = new List<JsonNode>();
        for (var after = "earliest"; ;)
        {
            var page = await _host.Client.GetAsync(
                $"/api/v1/events?after={after}&limit={limit}{(conversation is null ? "" : "&conversation=" + conversation)}");
            if (page["data"]!.AsArray() is not { Count: > 0 } data) return read;

            read.AddRange(data.Select(e => e!.DeepClone()));
            after = (string)page["nextCursor"]!;
        }
    }
}
