using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>What people said by other ways than a message is recorded by clients, and holds as their STOP does.</summary>
public sealed class ConsentTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task Whom_a_client_records_as_opted_out_is_sent_nothing_until_it_records_an_opt_in()
    {
        var person = Host.NewPhone();
        var path = $"/api/v1/consents/{person}";

        using var recorded = await _host.Client.Http.PutAsJsonAsync(path, new JsonObject { ["evidence"] = "by telephone" });
        Assert.Equal(HttpStatusCode.OK, recorded.StatusCode);
        var refused = await _host.SendAsync(Twilio.Text(person, "Are you sure?"), "rejected");
        Assert.Equal("opted_out", (string?)(await _host.Client.GetAsync($"/api/v1/messages/{refused}"))["error"]!["code"]);
        Assert.Equal("by telephone", (string?)(await _host.Client.GetAsync(path))["data"]![0]!["evidence"]);
        await Host.UntilAsync(async () => (await _host.Client.GetAsync("/api/v1/consents?optedOut=true&limit=100"))["data"]!.AsArray()
            .FirstOrDefault(listed => Host.IsPhone(listed!["address"], person)));
        await Host.UntilAsync(async () => await IsToldAsync(person) ? person : null);

        using var taken = await _host.Client.Http.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        await _host.SendAsync(Twilio.Text(person, "Welcome back"), "delivered");
        Assert.Single(await Twilio.TakenAsync(_host, person));
    }

    [Fact]
    public async Task A_sender_answers_help_and_confirms_an_opt_out_in_the_persons_language_and_then_is_silent()
    {
        var bandwidth = Scene.Of("bandwidth");
        var (person, ours) = (Host.NewPhone(), bandwidth.Ours[1]);
        using var registered = await _host.Client.Http.PutAsJsonAsync(
            $"/api/v1/senders/bandwidth/{ours}",
            JsonNode.Parse(
                """
                {"keywords":[{"language":"en","help":{"answer":"Call us."},"optOut":{"answer":"You are out."}},
                 {"language":"de","optOut":{"words":["STOPP"],"answer":"Das war die letzte."}}]}
                """));
        registered.EnsureSuccessStatusCode();

        await WriteAsync("Help");
        Assert.Equal("delivered", await StatusOfAnswerAsync("help"));
        await WriteAsync("Stopp");
        Assert.Equal("delivered", await StatusOfAnswerAsync("optOut"));

        Assert.Equal(["Call us.", "Das war die letzte."], (await bandwidth.TakenAsync(_host, person)).Select(TextOf));
        var refused = bandwidth.Text(person, "One more");
        refused["from"] = ours;
        await _host.SendAsync(refused, "rejected");

        Task WriteAsync(string text) =>
            _host.Client.PostAsync("/sim/bandwidth/inbound", new() { ["from"] = person, ["to"] = ours, ["body"] = text });

        async Task<string> StatusOfAnswerAsync(string about) => await Host.UntilAsync(async () =>
        {
            var sent = await _host.Client.GetAsync($"/api/v1/messages?direction=outbound&to={Uri.EscapeDataString(person)}");
            return sent["data"]!.AsArray().FirstOrDefault(message => (string?)message!["automatic"] == about) is { } answer
                && (bool)answer["final"]! ? (string)answer["status"]! : null;
        });

        static string? TextOf(JsonNode? submission) => (string?)submission!["text"];
    }

    private async Task<bool> IsToldAsync(string person)
    {
        for (var after = "earliest"; ;)
        {
            var page = await _host.Client.GetAsync($"/api/v1/events?types=consent.changed&limit=100&after={after}");
            var events = page["data"]!.AsArray();
            if (events.Any(told => Host.IsPhone(told!["data"]!["address"], person))) return true;
            if (events.Count == 0) return false;
            after = (string)page["nextCursor"]!;
        }
    }
}
