using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Omni.Local.Demo;

namespace Omni.EndToEnd.Tests;

/// <summary>A tenant with a pool of two senders, from the rules that it writes to what people hear and say.</summary>
public sealed class RoutingTests(SharedHost shared) : IClassFixture<SharedHost>, IAsyncLifetime
{
    // The simulated account has them, and no other test writes from them or to them.
    private static readonly string[] Numbers = ["+12065550131", "+12065550132"];

    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;
    private OmniClient _acme = null!;

    public async Task InitializeAsync()
    {
        var key = await KeyTests.BootstrapAsync(_host, """{"tenant":"routed","name":"The routed one's first"}""");
        _acme = KeyTests.ClientOf(_host, (string)key["key"]!);
        foreach (var number in Numbers)
        {
            using var made = await _host.Client.Http.PutAsJsonAsync(
                $"/api/v1/senders/twilio/{number}", new JsonObject { ["tenant"] = "routed", ["pool"] = "a" });
            Assert.Contains(made.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.OK]);
        }

        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/routes")
        {
            Content = JsonContent.Create(JsonNode.Parse("""[{"id":"all","use":[{"pool":"a"}]}]""")),
        };
        request.Headers.Add("If-Match", "*");
        using var written = await _acme.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
    }

    public Task DisposeAsync()
    {
        _acme.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task People_hear_from_one_sender_until_they_write_to_the_other_and_a_stop_holds_for_both()
    {
        var person = Host.NewPhone();
        var first = await SendAsync(person);
        Assert.Equal("hash", (string?)first["route"]!["reason"]);
        Assert.Equal((string?)first["from"], (string?)(await SendAsync(person))["from"]);
        await ExpectAsync(first, "delivered");

        var other = Numbers.Single(number => number != (string)first["from"]!);
        await WriteAsync(person, other, "Is it you?");
        await InboundAsync(person, count: 1);
        var answer = await Host.UntilAsync(async () =>
            await SendAsync(person) is var sent && (string?)sent["route"]!["reason"] == "sticky" ? sent : null);
        Assert.Equal(other, (string?)answer["from"]);
        await ExpectAsync(answer, "delivered");

        await WriteAsync(person, other, "STOP");
        await InboundAsync(person, count: 2);
        foreach (var from in Numbers)
        {
            using var taken = await _acme.Http.PostAsJsonAsync(
                "/api/v1/messages/send",
                new JsonObject
                {
                    ["carrier"] = "twilio", ["from"] = from, ["to"] = person,
                    ["content"] = new JsonObject { ["type"] = "text", ["body"] = "Still there?" },
                });
            await ExpectAsync(JsonNode.Parse(await taken.Content.ReadAsStringAsync())!, "rejected");
        }
    }

    [Fact]
    public async Task An_urgent_message_is_sent_once_although_two_put_it_into_its_queue()
    {
        var person = Host.NewPhone();

        var sent = await SendAsync(person, "high");

        await ExpectAsync(sent, "delivered");
        Assert.Single(await Twilio.TakenAsync(_host, person));
    }

    private async Task<JsonNode> SendAsync(string person, string priority = "normal")
    {
        using var answer = await _acme.Http.PostAsJsonAsync(
            "/api/v1/messages/send",
            new JsonObject
            {
                ["to"] = person, ["channel"] = "sms", ["priority"] = priority,
                ["content"] = new JsonObject { ["type"] = "text", ["body"] = "Hello" },
            });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private Task WriteAsync(string person, string to, string text) =>
        _host.Client.PostAsync("/sim/twilio/inbound", new() { ["from"] = person, ["to"] = to, ["body"] = text });

    private Task InboundAsync(string person, int count) => Host.UntilAsync(async () =>
        (await _acme.GetAsync($"/api/v1/messages?direction=inbound&from={Uri.EscapeDataString(person)}"))["data"]!.AsArray() is var all
            && all.Count == count ? all : null);

    private Task ExpectAsync(JsonNode message, string status) => Host.UntilAsync(
        async () => (string?)(await _acme.GetAsync($"/api/v1/messages/{message["id"]}/status"))["status"] == status ? message : null,
        $"{message["id"]} is {status}");
}
