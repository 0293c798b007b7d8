using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Bandwidth;

namespace Omni.Simulators.Tests.Bandwidth;

/// <summary>One call of our webhook.</summary>
internal sealed record BandwidthCall(string Path, string? ContentType, string? Authorization, string Body)
{
    public JsonArray Events => JsonNode.Parse(Body)!.AsArray();
}

/// <summary>
/// The simulator on a port of its own, a webhook beside it that answers what the test wants, and a client of each of its APIs.
/// </summary>
public sealed class SimulatedBandwidth : IAsyncLifetime
{
    private readonly WebApplication _ours = KestrelApp.Create();
    private readonly Channel<BandwidthCall> _calls = Channel.CreateUnbounded<BandwidthCall>();
    private WebApplication _app = null!;

    internal BandwidthOptions Options { get; init; } = new() { CallbackRetry = TimeSpan.FromMilliseconds(1) };

    /// <summary>How our webhook answers a call: by default it takes the secret in the path.</summary>
    internal Action<BandwidthCall, HttpResponse> Answer { get; set; } = (_, response) =>
        response.StatusCode = StatusCodes.Status204NoContent;

    internal HttpClient Api { get; private set; } = null!;

    internal HttpClient Control { get; private set; } = null!;

    internal string Host => _app.Urls.Single();

    internal string Messages => $"{Host}/bandwidth/users/{Options.AccountId}/messages";

    public async Task InitializeAsync()
    {
        _ours.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var call = new BandwidthCall(
                context.Request.Path,
                context.Request.ContentType,
                context.Request.Headers.Authorization.SingleOrDefault(),
                await reader.ReadToEndAsync());
            Answer(call, context.Response);
            _calls.Writer.TryWrite(call);
        });
        await _ours.StartAsync();
        _app = KestrelApp.Create();
        _app.MapSimulators(new SimulatorOptions
        {
            WebhookBaseUrl = new Uri(_ours.Urls.Single()), ReceiptDelay = TimeSpan.FromMilliseconds(1), Bandwidth = Options
        });
        await _app.StartAsync();

        Control = new HttpClient { BaseAddress = new Uri($"{Host}/sim/bandwidth/") };
        Api = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", await TokenAsync()) } };
    }

    public async Task DisposeAsync()
    {
        Api.Dispose();
        Control.Dispose();
        await _app.DisposeAsync();
        await _ours.DisposeAsync();
    }

    internal static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    internal async Task<HttpResponseMessage> RequestTokenAsync(string user, string password, string grant = "client_credentials")
    {
        using var client = new HttpClient { DefaultRequestHeaders = { Authorization = Basic(user, password) } };
        using var form = new FormUrlEncodedContent([new("grant_type", grant)]);
        return await client.PostAsync($"{Host}/bandwidth/oauth2/token", form);
    }

    internal async Task<string> TokenAsync()
    {
        using var response = await RequestTokenAsync(Options.ApiToken, Options.ApiSecret);
        return (await JsonOf(response)).GetProperty("access_token").GetString()!;
    }

    /// <summary>Sends a text; members of <paramref name="change"/> add and replace, null takes away.</summary>
    internal async Task<HttpResponseMessage> SendAsync(object? change = null)
    {
        var body = JsonSerializer.SerializeToNode(new
        {
            applicationId = Options.ApplicationId,
            to = new[] { "+14155550123" },
            from = "+12065550100",
            text = "Hello",
            tag = "msg_01jd7q.0.1",
        })!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(change ?? new { })!.AsObject())
        {
            body.Remove(name);
            if (value is not null) body[name] = value.DeepClone();
        }

        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await Api.PostAsync(Messages, content);
    }

    internal async Task<JsonElement> TellAsync(string path, object? order = null)
    {
        using var response = await Control.PostAsJsonAsync(path, order ?? new { });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.Content.Headers.ContentLength is 0 or null && (int)response.StatusCode == 204 ? default : await JsonOf(response);
    }

    /// <summary>The next call of our webhook; the limit only ends a test that has failed already.</summary>
    internal async Task<BandwidthCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    internal async Task<string[]> NextEventsAsync(int count)
    {
        var events = new List<string>();
        while (events.Count < count) events.Add(Name((await NextAsync()).Events[0]!));
        return [.. events];

        static string Name(JsonNode e) => e["errorCode"] is { } code ? $"{e["type"]}/{code}" : (string)e["type"]!;
    }

    internal static async Task<JsonElement> JsonOf(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();
}
