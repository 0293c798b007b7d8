using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>Messages with several legs, over the real wire of their carriers.</summary>
public sealed class FailoverTests(SharedHost shared) : IClassFixture<SharedHost>
{
    // At the simulated WhatsApp nobody has this number: messages to it fail after they were taken.
    private const string NotOnWhatsApp = "+15005550001";

    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task Who_is_not_on_WhatsApp_gets_a_text_message_and_the_client_hears_of_one_message()
    {
        var person = Host.NewPhone();

        var id = await _host.SendAsync(Request(person), "delivered");

        Assert.Single(await Twilio.TakenAsync(_host, person));
        await Host.UntilAsync(async () => (await _host.TimelineAsync(id)).Contains("delivered") ? "" : null);
        var message = await _host.Client.GetAsync($"/api/v1/messages/{id}");
        var legs = message["failover"]!.AsArray();
        Assert.Equal((1, null), ((int)message["leg"]!, message["alsoSent"]));
        Assert.Equal("undelivered", await _host.StatusAsync((string)legs[0]!["id"]!));
        Assert.Equal("delivered", await _host.StatusAsync((string)legs[1]!["id"]!));
        Assert.Equal([id], await ListedAsync(person, ""));
        Assert.Equal(2, (await ListedAsync(person, "&legs=true")).Length);

        // The leg that failed went to another number.
        string[] ids = [id, (string)legs[0]!["id"]!, (string)legs[1]!["id"]!];
        await Host.UntilAsync(async () => (await EventsAsync(ids, "&legs=true")).Length >= 4 ? "" : null);
        Assert.Contains("message.delivered", await EventsAsync([id], ""));
        Assert.Empty(await EventsAsync(ids[1..], ""));
    }

    [Fact]
    public async Task A_cancel_takes_back_what_waits()
    {
        var person = Host.NewPhone();
        var request = Request(person);
        request["scheduledAt"] = DateTimeOffset.UtcNow.AddHours(1).ToString("O");
        var id = await _host.SendAsync(request, "scheduled");

        await _host.Client.PostAsync($"/api/v1/messages/{id}/cancel");

        var message = await _host.Client.GetAsync($"/api/v1/messages/{id}");
        Assert.Equal("canceled", (string?)message["status"]);
        Assert.Equal("canceled", await _host.StatusAsync((string)message["failover"]![0]!["id"]!));
    }

    private static JsonObject Request(string person) => new()
    {
        ["to"] = person,
        ["from"] = "+12065550100",
        ["failover"] = new JsonArray(
            new JsonObject
            {
                ["carrier"] = "whatsapp",
                ["to"] = NotOnWhatsApp,
                ["from"] = "+31205550100",
                ["content"] = new JsonObject { ["type"] = "template", ["name"] = "hello_world", ["language"] = "en_US" },
            },
            new JsonObject { ["carrier"] = "twilio", ["content"] = new JsonObject { ["type"] = "text", ["body"] = "Hello" } }),
    };

    private async Task<string[]> ListedAsync(string person, string more) =>
        [.. (await _host.Client.GetAsync($"/api/v1/messages?to={Uri.EscapeDataString(person)}{more}"))["data"]!.AsArray()
            .Select(message => (string)message!["id"]!)];

    private async Task<string[]> EventsAsync(string[] ids, string more)
    {
        var types = new List<string>();
        for (var after = "earliest"; ;)
        {
            var page = await _host.Client.GetAsync($"/api/v1/events?after={Uri.EscapeDataString(after)}&limit=100{more}");
            types.AddRange(page["data"]!.AsArray().Where(e => ids.Contains((string?)e!["data"]!["id"])).Select(e => (string)e!["type"]!));
            if (page["data"]!.AsArray().Count == 0) return [.. types];
            after = (string)page["nextCursor"]!;
        }
    }
}
