using System.Net;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>Conversations as a client sees them: listed, read, answered.</summary>
public sealed class SessionTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly Scene WhatsApp = Scene.Of("whatsapp");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task What_a_person_wrote_is_found_by_its_conversation_and_answered_in_it()
    {
        var person = Host.NewPhone();
        await _host.Client.PostAsync(
            "/sim/whatsapp/inbound", new() { ["from"] = person, ["to"] = WhatsApp.Ours[0], ["body"] = "Where is my parcel?" });

        var session = await Host.UntilAsync(
            async () => (await ListAsync($"person={Uri.EscapeDataString(person)}&open=true")).FirstOrDefault());
        var id = (string)session["id"]!;
        Assert.Equal(("whatsapp", person, true), ((string?)session["carrier"], (string?)session["theirs"], (bool)session["windowOpen"]!));
        Assert.Contains(await AllAsync("carrier=whatsapp&limit=100"), listed => (string)listed["id"]! == id);

        using var outsider = await _host.Client.Http.GetAsync("/api/v1/sessions/ses_00000000000000000000000000000000/messages");
        Assert.Equal(HttpStatusCode.NotFound, outsider.StatusCode);
        var answer = await _host.Client.PostAsync(
            $"/api/v1/sessions/{id}/messages", new() { ["content"] = new JsonObject { ["type"] = "text", ["body"] = "It left today." } });
        await _host.ExpectAsync((string)answer!["id"]!, WhatsApp.Delivered);

        Assert.Single(await WhatsApp.TakenAsync(_host, person));
        var history = (await _host.Client.GetAsync($"/api/v1/sessions/{id}/messages"))["data"]!.AsArray();
        Assert.Equal(["It left today.", "Where is my parcel?"], history.Select(message => (string?)message!["content"]!["body"]));
    }

    private async Task<IEnumerable<JsonNode>> ListAsync(string query) =>
        (await _host.Client.GetAsync("/api/v1/sessions?" + query))["data"]!.AsArray().Select(session => session!);

    private async Task<List<JsonNode>> AllAsync(string query)
    {
        var all = new List<JsonNode>();
        for (var cursor = ""; ;)
        {
            var page = await _host.Client.GetAsync($"/api/v1/sessions?{query}{cursor}");
            all.AddRange(page["data"]!.AsArray().Select(session => session!));
            if ((string?)page["nextCursor"] is not { } next) return all;
            cursor = "&cursor=" + next;
        }
    }
}
