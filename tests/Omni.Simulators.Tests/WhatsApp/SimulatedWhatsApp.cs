using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.WhatsApp;

namespace Omni.Simulators.Tests.WhatsApp;

/// <summary>A webhook call as it came.</summary>
internal sealed record ReceivedCall(string Method, string Query, string Body, string Signature)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>What each entry says.</summary>
    public JsonNode[] Values =>
        [.. Json["entry"]!.AsArray().SelectMany(entry => entry!["changes"]!.AsArray()).Select(change => change!["value"]!)];

    public JsonNode Value => Values.Single();

    public bool IsSignedWith(string secret, string? over = null) =>
        Signature == "sha256="
            + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(over ?? Body)));
}

/// <summary>The simulator on a port of its own, a webhook beside it, and a client of each of its two APIs.</summary>
public sealed class SimulatedWhatsApp : IAsyncLifetime
{
    public const string Ann = "+14155550123", Ours = "+31205550100", Ours2 = "+12065550100";

    private readonly WebApplication _webhook = KestrelApp.Create();
    private readonly Channel<ReceivedCall> _received = Channel.CreateUnbounded<ReceivedCall>();
    private WebApplication _app = null!;

    internal WhatsAppOptions Options { get; init; } = new() { RetryPause = TimeSpan.FromMilliseconds(1) };

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The statuses that the webhook answers, in turn; then 200.</summary>
    internal Queue<int> Answers { get; } = [];

    internal HttpClient Api { get; private set; } = null!;

    internal HttpClient Control { get; private set; } = null!;

    internal string Host => _app.Urls.Single();

    public async Task InitializeAsync()
    {
        _webhook.Run(TakeAsync);
        await _webhook.StartAsync();
        _app = KestrelApp.Create();
        _app.MapSimulators(new SimulatorOptions
        {
            WebhookBaseUrl = new Uri(_webhook.Urls.Single()), Clock = Clock, ReceiptDelay = TimeSpan.Zero, WhatsApp = Options,
        });
        await _app.StartAsync();
        Api = Client(Options.AccessToken);
        Control = new() { BaseAddress = new Uri($"{Host}/sim/whatsapp/") };
    }

    public async Task DisposeAsync()
    {
        Api.Dispose();
        Control.Dispose();
        await _app.DisposeAsync();
        await _webhook.DisposeAsync();
    }

    internal HttpClient Client(string token)
    {
        var client = new HttpClient { BaseAddress = new Uri($"{Host}/whatsapp/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        client.DefaultRequestHeaders.UserAgent.ParseAdd("test/1.0");
        return client;
    }

    /// <summary>Sends a text with our reference; <paramref name="more"/> adds and replaces, null takes away.</summary>
    internal Task<HttpResponseMessage> SendAsync(JsonObject? more = null, string numberId = "99001122")
    {
        var body = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["to"] = Ann,
            ["type"] = "text",
            ["text"] = new JsonObject { ["body"] = "Hello" },
            ["biz_opaque_callback_data"] = "msg_1.0.1",
        };
        foreach (var (name, value) in more ?? [])
        {
            if (value is null) body.Remove(name);
            else body[name] = value.DeepClone();
        }

        return Api.PostAsJsonAsync($"v25.0/{numberId}/messages", body);
    }

    /// <summary>Sends, and gives the message's id.</summary>
    internal async Task<string> AcceptedAsync(JsonObject? more = null)
    {
        using var response = await SendAsync(more);
        Assert.Equal(200, (int)response.StatusCode);
        return (string)(await JsonOf(response))["messages"]![0]!["id"]!;
    }

    /// <summary>A person writes, and their webhook call is taken.</summary>
    internal async Task<ReceivedCall> ReceiveAsync(object order)
    {
        await TellAsync("inbound", order);
        return await NextAsync();
    }

    internal async Task<JsonNode> TellAsync(string path, object? order = null)
    {
        using var response = order is null ? await Control.PostAsync(path, null) : await Control.PostAsJsonAsync(path, order);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return answer.Length > 0 ? JsonNode.Parse(answer)! : new JsonObject();
    }

    /// <summary>The next webhook call; the limit only ends a test that has failed already.</summary>
    internal async Task<ReceivedCall> NextAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    internal async Task<JsonNode> NextStatusAsync() => (await NextAsync()).Value["statuses"]!.AsArray().Single()!;

    internal static async Task<JsonNode> JsonOf(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    internal static async Task<int> CodeOf(HttpResponseMessage response) => (int)(await JsonOf(response))["error"]!["code"]!;

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _received.Writer.TryWrite(new(
            context.Request.Method,
            context.Request.QueryString.Value ?? "",
            await reader.ReadToEndAsync(),
            context.Request.Headers["X-Hub-Signature-256"].ToString()));
        context.Response.StatusCode = Answers.TryDequeue(out var status) ? status : 200;
        await context.Response.WriteAsync(context.Request.Query["hub.challenge"].ToString());
    }
}
