using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Omni.Simulators.Twilio;

namespace Omni.Simulators.Tests.Twilio;

/// <summary>The simulator on a port of its own, a webhook receiver beside it, and a client of each of its two APIs.</summary>
public sealed class SimulatedTwilio : IAsyncLifetime
{
    public const string Service = "MG00000000000000000000000000000042";
    public const string Template = "HX00000000000000000000000000000042";

    private WebApplication _app = null!;

    internal TwilioOptions Options { get; } = new()
    {
        ApiKeySid = "SK00000000000000000000000000000042",
        ApiKeySecret = "simulated-key-secret",
        Services = [.. new TwilioOptions().Services, new TwilioService("MG00000000000000000000000000000043", [])],
    };

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal TimeSpan ReceiptDelay { get; init; } = TimeSpan.FromMilliseconds(1);

    internal WebhookReceiver Webhooks { get; private set; } = null!;

    /// <summary>Signs in as the account; follows no redirect.</summary>
    internal HttpClient Api { get; private set; } = null!;

    internal HttpClient Control { get; private set; } = null!;

    internal string Account => $"{Host}/twilio/2010-04-01/Accounts/{Options.AccountSid}";

    internal string Host => _app.Urls.Single();

    internal string StatusCallback => $"{Webhooks.Url}/twilio/status?ref=01JD7Q.1.1";

    public async Task InitializeAsync()
    {
        Webhooks = await WebhookReceiver.StartAsync();
        _app = KestrelApp.Create();
        _app.MapSimulators(new SimulatorOptions
        {
            WebhookBaseUrl = new Uri(Webhooks.Url),
            Clock = Clock,
            ReceiptDelay = ReceiptDelay,
            Twilio = Options,
        });
        await _app.StartAsync();

        Api = Client(Options.AccountSid, Options.AuthToken);
        Control = new HttpClient { BaseAddress = new Uri($"{Host}/sim/twilio/") };
    }

    public async Task DisposeAsync()
    {
        Api.Dispose();
        Control.Dispose();
        await _app.DisposeAsync();
        await Webhooks.DisposeAsync();
    }

    internal static HttpClient Client(string user, string password) => new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))),
        },
    };

    /// <summary>Sends a text with a status callback; <paramref name="fields"/> add and replace, an empty one takes away.</summary>
    internal Task<HttpResponseMessage> SendAsync(params (string Name, string Value)[] fields) => SendAsync(CancellationToken.None, fields);

    internal async Task<HttpResponseMessage> SendAsync(CancellationToken cancellation, params (string Name, string Value)[] fields)
    {
        var form = new Dictionary<string, string>
        {
            ["To"] = "+14155550123",
            ["From"] = "+12065550100",
            ["Body"] = "Hello",
            ["StatusCallback"] = StatusCallback,
        };
        foreach (var (name, value) in fields) form[name] = value;
        foreach (var (name, _) in form.Where(field => field.Value.Length == 0).ToArray()) form.Remove(name);

        using var content = new FormUrlEncodedContent(form);
        return await Api.PostAsync($"{Account}/Messages.json", content, cancellation);
    }

    internal async Task<JsonElement> GetAsync(string path) => await Api.GetFromJsonAsync<JsonElement>(path);

    internal async Task BehaveAsync(object rule)
    {
        using var response = await Control.PostAsJsonAsync("behaviour", rule);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    internal async Task<JsonElement> ReceiveAsync(object order)
    {
        using var response = await Control.PostAsJsonAsync("inbound", order);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await JsonOf(response);
    }

    internal async Task<JsonElement[]> AcceptedAsync(string query = "") =>
        (await Control.GetFromJsonAsync<JsonElement[]>("messages" + query))!;

    internal static async Task<JsonElement> JsonOf(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();

    internal static async Task<int> CodeOf(HttpResponseMessage response) => (await JsonOf(response)).GetProperty("code").GetInt32();

    /// <summary>Asks until the message has the status; the limit only ends a test that has failed already.</summary>
    internal async Task<JsonElement> ReachAsync(string sid, string status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var message = await Api.GetFromJsonAsync<JsonElement>($"{Account}/Messages/{sid}.json", limit.Token);
            if (message.GetProperty("status").GetString() == status) return message;
        }
    }
}
