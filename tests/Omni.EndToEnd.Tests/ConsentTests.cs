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
