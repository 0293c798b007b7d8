using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Shared;

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

    [Fact]
    public async Task A_request_for_an_endpoint_whose_answer_was_lost_is_made_again_and_makes_no_other()
    {
        var (key, body) = ($"endpoint-{Host.NewPhone()}", new { url = "https://shop.example/omni", types = new[] { "message.sent" } });
        async Task<(HttpStatusCode Status, string Text, bool IsReplayed)> PostAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await _host.Client.Http.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Contains("Idempotency-Replayed"));
        }

        var first = await PostAsync();
        var again = await PostAsync();

        Assert.Equal((HttpStatusCode.Created, false), (first.Status, first.IsReplayed));
        Assert.Equal((first.Status, first.Text, true), again);
        await DeleteAsync((string)JsonNode.Parse(first.Text)!["id"]!);
    }

    [Fact]
    public async Task An_event_that_is_not_taken_is_told_again_and_holds_no_other_up()
    {
        await using var receiver = await TestReceiver.StartAsync();
        var refused = 0;
        var (late, other) = (Host.NewPhone(), Host.NewPhone());
        receiver.Answer = call => (string?)call.Event["data"]!["to"] == late && Interlocked.Increment(ref refused) == 1 ? 500 : 204;
        var endpoint = (string)(await _host.Client.PostAsync(
            Path, new() { ["url"] = $"{receiver.Url}hook", ["types"] = new JsonArray("message.delivered") }))!["id"]!;

        var id = await _host.SendAsync(Twilio.Text(late, "Come in late"), "delivered");
        // Conversations have no order among them.
        await Host.UntilAsync(() => Task.FromResult(receiver.Of(id).Length > 0 ? receiver : null));
        var next = await _host.SendAsync(Twilio.Text(other, "Come in"), "delivered");
        await Host.UntilAsync(() => Task.FromResult(receiver.Of(id).Length == 2 && receiver.Of(next).Length == 1 ? receiver : null));

        // The same event, under the same id; the one behind it was told before.
        var calls = receiver.Calls.Where(call => ((string?[])[id, next]).Contains((string?)call.Event["data"]!["id"])).ToArray();
        Assert.Equal([id, next, id], calls.Select(call => (string?)call.Event["data"]!["id"]));
        Assert.Equal((string?)calls[0].Event["id"], (string?)calls[2].Event["id"]);
        var attempts = (await _host.Client.GetAsync($"{Path}/{endpoint}/attempts"))["data"]!.AsArray();
        Assert.Contains(attempts, attempt => (int?)attempt!["status"] == 500);
        await DeleteAsync(endpoint);
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_disabled_and_the_log_says_so()
    {
        await using var receiver = await TestReceiver.StartAsync();
        receiver.Answer = _ => 410;
        var endpoint = (string)(await _host.Client.PostAsync(Path, new() { ["url"] = $"{receiver.Url}hook" }))!["id"]!;
        var after = (string)(await _host.Client.GetAsync("/api/v1/events?after=latest"))["nextCursor"]!;

        await _host.SendAsync(Twilio.Text(Host.NewPhone(), "Nobody there?"), "delivered");

        var told = await Host.UntilAsync(async () =>
        {
            var page = await _host.Client.GetAsync($"/api/v1/events?after={after}&types=endpoint.disabled");
            after = (string)page["nextCursor"]!;
            return page["data"]!.AsArray().FirstOrDefault(e => (string?)e!["data"]!["id"] == endpoint);
        });
        Assert.Equal("gone", (string?)told["data"]!["why"]);
        Assert.Equal("disabled", (string?)(await _host.Client.GetAsync($"{Path}/{endpoint}"))["state"]);
        await DeleteAsync(endpoint);
    }

    [Fact]
    public async Task Who_was_not_woken_for_longer_than_events_are_kept_is_found_by_the_clock_and_goes_on_where_the_log_does()
    {
        // A week cannot be waited for: the log and the endpoint of a tenant that nobody else has are written as they would be then.
        var tenant = "asleep-" + Host.NewPhone();
        var then = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - EventLog.Kept - TimeSpan.FromHours(12));
        var settings = _host.Local.Functions.Single(function => function.Project == "Omni.Notifier").Settings;
        var (control, events) = (settings["DYNAMODB_TABLE_CONTROL"], settings["DYNAMODB_TABLE_EVENTS"]);
        using var dynamo = _host.NewDynamo();
        var endpoint = new WebhookEndpoint
        {
            Id = Ids.NewEndpoint(), Tenant = tenant, Url = new("http://127.0.0.1:9/hook"),
            Secret = Omni.Shared.StandardWebhooks.NewSecret(),
            Since = then.GetUtcNow(), CreatedAt = then.GetUtcNow(), UpdatedAt = then.GetUtcNow(),
        };
        var log = new EventLog(dynamo, events, then);
        var told = await AppendAsync();
        var missed = await AppendAsync();
        var last = await AppendAsync();
        await dynamo.DeleteItemAsync(
            events, new() { ["pk"] = new($"{tenant}#0"), ["sk"] = new() { N = missed.N.ToString(CultureInfo.InvariantCulture) } });
        var endpoints = new EndpointStore(dynamo, control, outbox: null, then);
        var positions = new PositionStore(dynamo, control);
        var start = new EndpointPosition { Lane = 0, At = new(told.N, told.AppendedAt) };
        Assert.True(await endpoints.CreateAsync(endpoint, [start]));

        await _host.Local.TickAsync();

        var reached = await Host.UntilAsync(async () =>
            await positions.FindAsync(tenant, endpoint.Id, lane: 0) is { } position && position.At.N > last.N ? position : null);
        Assert.Equal((await new EventLog(dynamo, events, TimeProvider.System).EndAsync(tenant, 0)).N, reached.At.N);
        Assert.True(await endpoints.DeleteAsync(tenant, endpoint.Id));

        async Task<EventSegment> AppendAsync() =>
            Assert.Single(await log.AppendAsync(tenant, 0, [EndpointView.TestEvent(endpoint, then.GetUtcNow())]));
    }

    private async Task DeleteAsync(string endpoint)
    {
        using var deleted = await _host.Client.Http.DeleteAsync($"{Path}/{endpoint}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
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

    /// <summary>The status that it answers with.</summary>
    public Func<ReceivedCall, int> Answer { get; set; } = _ => 204;

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
            var call = new ReceivedCall(body, new HeaderDictionary(context.Request.Headers.ToDictionary()));
            receiver._calls.Enqueue(call);
            return Results.StatusCode(receiver.Answer(call));
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The types of a message's events, in the order in which they came.</summary>
    public string[] Of(string message) =>
        [.. _calls.Where(call => (string?)call.Event["data"]!["id"] == message).Select(call => (string)call.Event["type"]!)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
