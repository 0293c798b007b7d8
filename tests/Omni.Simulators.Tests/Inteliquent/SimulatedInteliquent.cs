using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Inteliquent;

namespace Omni.Simulators.Tests.Inteliquent;

/// <summary>A call that the carrier made of our webhook.</summary>
internal sealed record InteliquentCall(string Path, JsonElement Body, IHeaderDictionary Headers)
{
    public string Text => Body.GetProperty("text").GetString()!;
}

/// <summary>The simulator on a port of its own, our webhook beside it, and a client of each of its two APIs.</summary>
public sealed class SimulatedInteliquent : IAsyncLifetime
{
    public const string Ours = "12065550100", Person = "14155550123";

    private readonly Channel<InteliquentCall> _calls = Channel.CreateUnbounded<InteliquentCall>();
    private WebApplication _app = null!, _webhook = null!;

    internal InteliquentOptions Options { get; } = new();

    internal HttpClient Api { get; private set; } = null!;

    internal HttpClient Control { get; private set; } = null!;

    internal string Base => $"{_app.Urls.Single()}/inteliquent";

    /// <summary>The statuses to answer, in turn; then 200.</summary>
    internal Queue<int> Answers { get; } = [];

    internal int Waiting => _calls.Reader.Count;

    public async Task InitializeAsync()
    {
        _webhook = KestrelApp.Create();
        _webhook.Run(TakeAsync);
        await _webhook.StartAsync();

        _app = KestrelApp.Create();
        _app.MapSimulators(new SimulatorOptions
        {
            WebhookBaseUrl = new Uri(_webhook.Urls.Single()), ReceiptDelay = TimeSpan.FromMilliseconds(1), Inteliquent = Options
        });
        await _app.StartAsync();
        Api = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Options.ApiKey) } };
        Control = new HttpClient { BaseAddress = new Uri($"{_app.Urls.Single()}/sim/inteliquent/") };
    }

    public async Task DisposeAsync()
    {
        Api.Dispose();
        Control.Dispose();
        await _app.DisposeAsync();
        await _webhook.DisposeAsync();
    }

    /// <summary>The next call of our webhook; the limit only ends a test that has failed already.</summary>
    internal async Task<InteliquentCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Sends a text; <paramref name="change"/> adds and replaces, null takes away.</summary>
    internal async Task<HttpResponseMessage> SendAsync(JsonObject? change = null)
    {
        var body = new JsonObject { ["from"] = Ours, ["to"] = new JsonArray(Person), ["text"] = "Hello" };
        foreach (var (name, value) in change ?? [])
        {
            if (value is null) body.Remove(name);
            else body[name] = value.DeepClone();
        }

        // With its length and without a charset, as the clients of the carrier write it.
        using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") }
        };
        return await Api.PostAsync($"{Base}/publishMessages", content);
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
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
        _calls.Writer.TryWrite(new(context.Request.Path, body, new HeaderDictionary(context.Request.Headers.ToDictionary())));
        context.Response.StatusCode = Answers.TryDequeue(out var status) ? status : 200;
    }
}
