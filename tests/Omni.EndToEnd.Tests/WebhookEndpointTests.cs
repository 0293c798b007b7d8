using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Omni.EndToEnd.Tests;

/// <summary>What a client is told, from its first call to the end of its endpoint, over HTTP.</summary>
public sealed class WebhookEndpointTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Path = "/api/v1/webhook-endpoints";

    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task A_client_is_told_what_becomes_of_its_messages_until_it_deletes_the_endpoint()
    {
        await using var receiver = await TestReceiver.StartAsync();
        var made = (await _host.Client.PostAsync(Path, new() { ["url"] = $"{receiver.Url}hook" }))!;
        var (endpoint, secret) = ((string)made["id"]!, (string)made["secret"]!);
        var person = Host.NewPhone();

        var id = await _host.SendAsync(Twilio.Text(person, "Is the parcel there?"), "delivered");
        await Host.UntilAsync(() => Task.FromResult(receiver.Of(id).Contains("message.delivered") ? receiver : null));
        await _host.Client.PostAsync(
            "/sim/twilio/inbound", new() { ["from"] = person, ["to"] = Twilio.Ours[0], ["body"] = "It is, thank you!" });
        await Host.UntilAsync(() => Task.FromResult(receiver.Texts.Contains("It is, thank you!") ? receiver : null));

        // A receipt that comes before the outcome passes `sent` over.
        Assert.Contains(receiver.Of(id), new string[][] { ["message.sent", "message.delivered"], ["message.delivered"] });
        Assert.All(receiver.Calls, call => new global::StandardWebhooks.StandardWebhook(secret).Verify(call.Body, call.Headers));

        using var deleted = await _host.Client.Http.DeleteAsync($"{Path}/{endpoint}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await _host.DrainAsync("omni-notify.fifo");
        var calls = receiver.Calls.Count;
        await _host.SendAsync(Twilio.Text(person, "Good night."), "delivered");
        await _host.DrainAsync("omni-notify.fifo");
        Assert.Equal(calls, receiver.Calls.Count);

        Assert.DoesNotContain(secret["whsec_".Length..], await ReadLogAsync(), StringComparison.Ordinal);
    }

    private async Task<string> ReadLogAsync()
    {
        await using var file = new FileStream(_host.Local.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return await new StreamReader(file).ReadToEndAsync();
    }
}

/// <summary>A call that reached a client.</summary>
/// <param name="Body">The body as it was sent.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record ReceivedCall(string Body, IHeaderDictionary Headers)
{
    public JsonNode Event { get; } = JsonNode.Parse(Body)!;
}

/// <summary>A client's own server, which takes what it is told.</summary>
internal sealed class TestReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedCall> _calls = [];

    private TestReceiver(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First() + "/");

    public IReadOnlyCollection<ReceivedCall> Calls => _calls;

    /// <summary>The texts that people wrote.</summary>
    public IEnumerable<string?> Texts => _calls.Where(call => (string?)call.Event["type"] == "message.received")
        .Select(call => (string?)call.Event["data"]!["content"]!["body"]);

    public static async Task<TestReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(Local.LocalHost.WatchesNoFiles);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new TestReceiver(builder.Build());
        receiver._app.MapPost("/{**path}", async (HttpContext context) =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            receiver._calls.Enqueue(new(body, new HeaderDictionary(context.Request.Headers.ToDictionary())));
            return Results.NoContent();
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The types of a message's events, in the order in which they came.</summary>
    public string[] Of(string message) =>
        [.. _calls.Where(call => (string?)call.Event["data"]!["id"] == message).Select(call => (string)call.Event["type"]!)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
