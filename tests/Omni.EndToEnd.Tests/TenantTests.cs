using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Omni.Local.Demo;

namespace Omni.EndToEnd.Tests;

/// <summary>Two tenants on one installation, from the sender that one of them is given to what people write to it.</summary>
public sealed class TenantTests(SharedHost shared) : IClassFixture<SharedHost>, IAsyncLifetime
{
    // No other test writes from it or to it.
    private const string Number = "+12065550102";
    private const string Sender = "/api/v1/senders/twilio/" + Number;

    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;
    private OmniClient _acme = null!;

    public async Task InitializeAsync()
    {
        var key = await KeyTests.BootstrapAsync(_host, """{"tenant":"acme","name":"Acme's first"}""");
        _acme = KeyTests.ClientOf(_host, (string)key["key"]!);
        using var made = await _host.Client.Http.PutAsJsonAsync(
            Sender, new JsonObject { ["tenant"] = "acme", ["channels"] = new JsonArray("sms") });
        Assert.Contains(made.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.OK]);
    }

    public Task DisposeAsync()
    {
        _acme.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_people_write_to_a_tenants_sender_is_the_tenants_alone()
    {
        var person = Host.NewPhone();
        var feed = (string)(await _acme.GetAsync("/api/v1/events?after=latest"))["nextCursor"]!;

        await WriteAsync(person, "Is the parcel there?");

        var written = (await Host.UntilAsync(async () => await InboundAsync(_acme, person) is [{ } only] ? only : null))!;
        Assert.Equal("Is the parcel there?", (string)written["content"]!["body"]!);
        Assert.Empty(await InboundAsync(_host.Client, person));
        foreach (var path in (string[])[$"/api/v1/messages/{written["id"]}", $"/api/v1/sessions/{written["conversationId"]}"])
        {
            await _acme.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.Http.GetAsync(path)).StatusCode);
        }

        var told = await Host.UntilAsync(async () => (await _acme.GetAsync($"/api/v1/events?after={feed}"))["data"]!.AsArray()
            .FirstOrDefault(e => (string?)e!["data"]!["id"] == (string)written["id"]!));
        Assert.Equal("acme", (string)told["tenant"]!);
    }

    [Fact]
    public async Task A_stop_to_one_tenants_sender_holds_for_that_tenant()
    {
        var person = Host.NewPhone();
        await ExpectAsync(await SendAsync(_acme, person, Number), "delivered");

        await WriteAsync(person, "STOP");
        await Host.UntilAsync(async () => await InboundAsync(_acme, person) is { Count: 1 } all ? all : null);

        await ExpectAsync(await SendAsync(_acme, person, Number), "rejected");
        await _host.SendAsync(Twilio.Text(person, "From the others"), "delivered");
    }

    [Fact]
    public async Task A_tenant_sends_from_its_own_senders_only()
    {
        var person = Host.NewPhone();

        foreach (var (client, from) in ((OmniClient, string)[])[(_acme, Twilio.Ours[0]), (_host.Client, Number)])
        {
            using var refused = await client.Http.PostAsJsonAsync("/api/v1/messages/send", From(person, from));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Equal("unknown_sender", (string)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["code"]!);
        }
    }

    [Fact]
    public async Task A_file_that_a_person_sent_is_the_tenants()
    {
        var person = Host.NewPhone();
        var picture = Twilio.Picture(person, [0xFF, 0xD8, 0xFF, 0xE0, .. Guid.NewGuid().ToByteArray()]);
        picture["from"] = person;
        picture["to"] = Number;

        await _host.Client.PostAsync("/sim/twilio/inbound", picture);

        var file = await Host.UntilAsync(async () =>
            await InboundAsync(_acme, person) is [{ } only] && only["files"]?[0]?["mediaId"] is { } id ? (string)id! : null);
        Assert.Equal(HttpStatusCode.Found, (await _acme.Http.GetAsync($"/api/v1/media/{file}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.Http.GetAsync($"/api/v1/media/{file}")).StatusCode);
    }

    private Task WriteAsync(string person, string text) =>
        _host.Client.PostAsync("/sim/twilio/inbound", new() { ["from"] = person, ["to"] = Number, ["body"] = text });

    private static JsonObject From(string person, string from)
    {
        var request = Twilio.Text(person, "Hello");
        request["from"] = from;
        return request;
    }

    private static Task<string> SendAsync(OmniClient client, string person, string from) => client.SendAsync(From(person, from));

    private Task ExpectAsync(string id, string status) => Host.UntilAsync(async () =>
        (string?)(await _acme.GetAsync($"/api/v1/messages/{id}/status"))["status"] == status ? id : null, $"{id} is {status}");

    private static async Task<JsonArray> InboundAsync(OmniClient client, string from) =>
        (await client.GetAsync($"/api/v1/messages?direction=inbound&from={Uri.EscapeDataString(from)}"))["data"]!.AsArray();
}
