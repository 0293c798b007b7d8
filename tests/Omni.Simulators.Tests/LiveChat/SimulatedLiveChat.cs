using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Omni.Simulators.LiveChat;

namespace Omni.Simulators.Tests.LiveChat;

/// <summary>The simulator on a port of its own, our webhook beside it, and a client of each of its two APIs.</summary>
public sealed class SimulatedLiveChat : IAsyncLifetime
{
    private readonly Channel<(string Path, JsonNode Body)> _calls = Channel.CreateUnbounded<(string Path, JsonNode Body)>();
    private WebApplication _app = null!, _webhook = null!;

    internal LiveChatOptions Options { get; } = new() { WebhookToken = "path-token", BearerToken = "a-bots-token" };

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal HttpClient Api { get; private set; } = null!;

    internal HttpClient Control { get; private set; } = null!;

    internal string Base => $"{_app.Urls.Single()}/livechat";

    /// <summary>The statuses to answer, in turn; then 200.</summary>
    internal Queue<int> Answers { get; } = [];

    public async Task InitializeAsync()
    {
        _webhook = KestrelApp.Create();
        _webhook.Run(async context =>
        {
            _calls.Writer.TryWrite((context.Request.Path, (await JsonNode.ParseAsync(context.Request.Body))!));
            context.Response.StatusCode = Answers.TryDequeue(out var status) ? status : 200;
        });
        await _webhook.StartAsync();

        _app = KestrelApp.Create();
        _app.MapSimulators(new SimulatorOptions
        {
            WebhookBaseUrl = new Uri(_webhook.Urls.Single()), ReceiptDelay = TimeSpan.Zero, Clock = Clock, LiveChat = Options
        });
        await _app.StartAsync();
        Api = new() { DefaultRequestHeaders = { Authorization = new(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Options.AccountId}:{Options.ApiToken}"))) } };
        Control = new() { BaseAddress = new Uri($"{_app.Urls.Single()}/sim/livechat/") };
    }

    public async Task DisposeAsync()
    {
        Api.Dispose();
        Control.Dispose();
        await _app.DisposeAsync();
        await _webhook.DisposeAsync();
    }

    /// <summary>The next call of our webhook; the limit only ends a test that has failed already.</summary>
    internal async Task<(string Path, JsonNode Body)> NextAsync() =>
        await _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>The next call that tells of an action; others before it are passed over.</summary>
    internal async Task<JsonNode> NextAsync(string action)
    {
        while (true)
        {
            var (_, body) = await NextAsync();
            if ((string?)body["action"] == action) return body["payload"]!;
        }
    }

    /// <summary>Calls an action; its status and its answer.</summary>
    internal async Task<(int Status, JsonNode Answer)> CallAsync(string action, JsonObject body, HttpClient? client = null)
    {
        using var response = await (client ?? Api).PostAsJsonAsync($"{Base}/v3.6/agent/action/{action}", body);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    internal Task<(int Status, JsonNode Answer)> SayAsync(string chat, string text = "Hello") =>
        CallAsync("send_event", new()
        {
            ["chat_id"] = chat, ["event"] = new JsonObject { ["type"] = "message", ["text"] = text, ["custom_id"] = "msg_1.0.1" }
        });

    internal Task<(int Status, JsonNode Answer)> JoinAsync(string chat) => CallAsync("add_user_to_chat", new()
    {
        ["chat_id"] = chat,
        ["user_id"] = Options.AgentId,
        ["user_type"] = "agent",
        ["visibility"] = "all",
        ["ignore_requester_presence"] = true,
    });

    /// <summary>A customer's chat that we are in.</summary>
    internal async Task<string> ChatAsync()
    {
        var chat = (string)(await TellAsync("inbound", new { text = "Hi" }))["chatId"]!;
        await JoinAsync(chat);
        return chat;
    }

    internal async Task<JsonNode> TellAsync(string path, object order)
    {
        using var response = await Control.PostAsJsonAsync(path, order);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonNode.Parse(answer)!;
    }

    internal async Task<(int Status, JsonNode Answer)> UploadAsync(byte[] bytes, string name = "mug.png", string part = "file")
    {
        using var file = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var form = new MultipartFormDataContent { { file, part, name } };
        using var response = await Api.PostAsync($"{Base}/v3.6/agent/action/upload_file", form);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
