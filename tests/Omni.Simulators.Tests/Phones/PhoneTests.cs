using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Omni.Simulators.Tests.Twilio;

namespace Omni.Simulators.Tests.Phones;

/// <summary>Phones are shown and used in one form, whoever the carrier is.</summary>
public sealed class PhoneTests : IAsyncLifetime
{
    private WebhookReceiver _webhooks = null!;
    private WebApplication _app = null!;
    private HttpClient _control = null!;

    public static TheoryData<string> Carriers() => ["whatsapp", "bandwidth", "twilio", "livechat", "messagebird", "inteliquent"];

    public async Task InitializeAsync()
    {
        _webhooks = await WebhookReceiver.StartAsync();
        _app = KestrelApp.Create();
        _app.MapSimulators(new SimulatorOptions { WebhookBaseUrl = new Uri(_webhooks.Url), ReceiptDelay = TimeSpan.Zero });
        await _app.StartAsync();
        _control = new() { BaseAddress = new Uri($"{_app.Urls.Single()}/sim/") };
    }

    public async Task DisposeAsync()
    {
        _control.Dispose();
        await _app.DisposeAsync();
        await _webhooks.DisposeAsync();
    }

    [Theory, MemberData(nameof(Carriers))]
    public async Task What_a_person_writes_and_sends_is_on_their_own_phone(string carrier)
    {
        var (person, sender) = await PairAsync(carrier);

        await TellAsync(carrier, person, sender, "text", "Hello!");
        await TellAsync(carrier, person, sender, "picture", new JsonObject { ["contentType"] = "image/png", ["base64"] = "iVBORw0KGgo=" });

        var shown = await ShownAsync(carrier, person, sender);
        Assert.Equal(["Hello!", null], shown.Select(message => (string?)message!["text"]));
        Assert.All(shown, message => Assert.True((bool)message!["mine"]!));
        Assert.Equal("data:image/png;base64,iVBORw0KGgo=", (string)shown[1]!["files"]![0]!);
        Assert.Empty(await ShownAsync(carrier, person + "1", sender));
    }

    [Theory, MemberData(nameof(Carriers))]
    public async Task A_carrier_behaves_as_it_is_told_until_it_is_reset(string carrier)
    {
        var wanted = new JsonObject { ["answers"] = "throttled", ["receipts"] = "double", ["off"] = new JsonArray("+14155550123") };

        using var put = await _control.PutAsJsonAsync($"{carrier}/phone/behaviour", wanted);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.True(JsonNode.DeepEquals(wanted, await _control.GetFromJsonAsync<JsonNode>($"{carrier}/phone/behaviour")));

        using var reset = await _control.PostAsync($"{carrier}/reset", null);
        var behaviour = await _control.GetFromJsonAsync<JsonNode>($"{carrier}/phone/behaviour");
        Assert.Equal("usual", (string?)behaviour!["answers"]);
        Assert.Empty(behaviour["off"]!.AsArray());
    }

    [Theory, MemberData(nameof(Carriers))]
    public async Task Nothing_and_two_things_at_once_are_refused(string carrier)
    {
        var (person, sender) = await PairAsync(carrier);
        foreach (var order in (JsonObject[])[[], new() { ["text"] = "a", ["choice"] = new JsonObject { ["id"] = "b", ["title"] = "c" } }])
        {
            (order["person"], order["sender"]) = (person, sender);
            using var response = await _control.PostAsJsonAsync($"{carrier}/phone/messages", order);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_phone_that_is_off_shows_nothing_new()
    {
        var sim = new SimulatedTwilio();
        await sim.InitializeAsync();
        using (await sim.SendAsync(("Body", "Before"))) { }
        using (await sim.Control.PutAsJsonAsync("phone/behaviour", new { off = new[] { "+14155550123" } })) { }
        using (await sim.SendAsync(("Body", "While it is off"))) { }

        var shown = await sim.Control.GetFromJsonAsync<JsonNode>(
            $"phone/messages?person={Uri.EscapeDataString("+14155550123")}&sender={Uri.EscapeDataString("+12065550100")}");
        await sim.DisposeAsync();
        Assert.Equal("Before", (string?)Assert.Single(shown!["messages"]!.AsArray())!["text"]);
    }

    private async Task<(string Person, string Sender)> PairAsync(string carrier)
    {
        var facts = (await _control.GetFromJsonAsync<JsonNode>($"{carrier}/phone"))!;
        return ((string)facts["person"]! == "name" ? "ann" : "+14155550123", (string)facts["senders"]![0]!);
    }

    private async Task TellAsync(string carrier, string person, string sender, string what, JsonNode content)
    {
        using var response = await _control.PostAsJsonAsync(
            $"{carrier}/phone/messages", new JsonObject { ["person"] = person, ["sender"] = sender, [what] = content });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<JsonArray> ShownAsync(string carrier, string person, string sender) => (await _control.GetFromJsonAsync<JsonNode>(
        $"{carrier}/phone/messages?person={Uri.EscapeDataString(person)}&sender={Uri.EscapeDataString(sender)}"))!["messages"]!.AsArray();
}
