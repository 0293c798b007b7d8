using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Omni.Simulators.MessageBird;

namespace Omni.Simulators.Tests.MessageBird;

/// <summary>A call that MessageBird made of our webhook.</summary>
internal sealed record ReceivedCall(string Method, string Url, byte[] Body, IHeaderDictionary Headers)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    /// <summary>A field of the query.</summary>
    public string? Field(string name) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(Url).Query).TryGetValue(name, out var value)
            ? value.ToString()
            : null;
}

/// <summary>The simulator on a port of its own, our webhook beside it, and a client of each of its two APIs.</summary>
public sealed class SimulatedMessageBird : IAsyncLifetime
{
    public const string Ours = "12065550100", Person = "14155550123", Channel = "c0ffee11c0ffee11c0ffee11c0ffee11";

    private readonly Channel<ReceivedCall> _calls = System.Threading.Channels.Channel.CreateUnbounded<ReceivedCall>();
    private WebApplication _app = null!, _webhook = null!;

    internal MessageBirdOptions Options { get; } = new();

    internal HttpClient Api { get; private set; } = null!;

    internal HttpClient Control { get; private set; } = null!;

    internal string Base => $"{_app.Urls.Single()}/messagebird";

    internal string Webhook => $"{_webhook.Urls.Single()}/webhooks/messagebird";

    /// <summary>The statuses to answer, in turn; then 200.</summary>
    internal Queue<int> Answers { get; } = [];

    public async Task InitializeAsync()
    {
        _webhook = KestrelApp.Create();
        _webhook.Run(TakeAsync);
        await _webhook.StartAsync();

        _app = KestrelApp.Create();
        _app.MapSimulators(new SimulatorOptions
        {
            WebhookBaseUrl = new Uri(_webhook.Urls.Single()), ReceiptDelay = TimeSpan.FromMilliseconds(1), MessageBird = Options
        });
        await _app.StartAsync();
        Api = Client(Options.ApiKey);
        Control = new HttpClient { BaseAddress = new Uri($"{_app.Urls.Single()}/sim/messagebird/") };
    }

    public async Task DisposeAsync()
    {
        Api.Dispose();
        Control.Dispose();
        await _app.DisposeAsync();
        await _webhook.DisposeAsync();
    }

    internal static HttpClient Client(string key) =>
        new() { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("AccessKey", key) } };

    /// <summary>The next call of our webhook; the limit only ends a test that has failed already.</summary>
    internal async Task<ReceivedCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>An SMS; <paramref name="change"/> adds and replaces, null takes away.</summary>
    internal Task<HttpResponseMessage> SendAsync(JsonObject? change = null) => PostAsync("/messages", new()
    {
        ["originator"] = Ours, ["recipients"] = new JsonArray(Person), ["body"] = "Hello", ["reference"] = "msg_1.0.1",
        ["reportUrl"] = Webhook, ["datacoding"] = "auto", ["validity"] = 60,
    }, change);

    /// <summary>A message through the channel.</summary>
    internal Task<HttpResponseMessage> SpeakAsync(JsonObject? change = null) => PostAsync("/v1/send", new()
    {
        ["to"] = Person, ["from"] = Channel, ["type"] = "text", ["content"] = new JsonObject { ["text"] = "Hello" },
        ["reportUrl"] = Webhook + "?ref=msg_1.0.1",
        ["source"] = new JsonObject { ["ref"] = "msg_1.0.1" },
    }, change);

    internal async Task<HttpResponseMessage> PostAsync(string path, JsonObject body, JsonObject? change = null)
    {
        foreach (var (name, value) in change ?? [])
        {
            if (value is null) body.Remove(name);
            else body[name] = value.DeepClone();
        }

        return await Api.PostAsJsonAsync(Base + path, body);
    }

    internal async Task<JsonElement> TellAsync(string path, object order)
    {
        using var response = await Control.PostAsJsonAsync(path, order);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    internal static async Task<JsonElement> JsonOf(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var url = $"{context.Request.Scheme}://{context.Request.Host}"
            + $"{context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}";
        _calls.Writer.TryWrite(
            new(context.Request.Method, url, body.ToArray(), new HeaderDictionary(context.Request.Headers.ToDictionary())));
        context.Response.StatusCode = Answers.TryDequeue(out var status) ? status : 200;
        await context.Response.WriteAsync("OK");
    }
}
