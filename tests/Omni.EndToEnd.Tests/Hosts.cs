using System.Text.Json.Nodes;
using Omni.Local;
using Omni.Local.Demo;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Omni.EndToEnd.Tests;

/// <summary>The whole stack, started once for all tests that use it. Tests keep apart by phone numbers.</summary>
public abstract class Host(bool isIsolated) : IAsyncLifetime
{
    public const string Token = "12345";
    public const string Account = "AC00000000000000000000000000000042";
    public const string Ours = "+12065550100";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static int _people;
    private LocalHost? _host;
    private OmniClient? _client;

    public LocalHost Local => _host!;

    public OmniClient Client => _client!;

    /// <summary>A person that no other test knows.</summary>
    public static string NewPerson() => $"+1415556{Interlocked.Increment(ref _people):0000}";

    public async Task InitializeAsync()
    {
        var environment = new Dictionary<string, string> { ["TWILIO_ACCOUNT_SID"] = Account, ["TWILIO_AUTH_TOKEN"] = Token };
        _host = await LocalHost.StartAsync(new() { Port = 0, IsIsolated = isIsolated, Environment = environment }, new Progress<string>());
        _client = new(_host.Url, "local-dev-key");
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }

    public static JsonObject Text(string to, string body) => Send(to, new() { ["type"] = "text", ["body"] = body });

    public static JsonObject Send(string to, JsonObject content) => new() { ["carrier"] = "twilio", ["to"] = to, ["from"] = Ours, ["content"] = content };

    /// <summary>Sends, and waits for a status.</summary>
    public async Task<string> SendAsync(JsonObject request, string expected)
    {
        var id = await Client.SendAsync(request);
        Assert.Equal(expected, await Client.WaitForAsync(id, expected, Patience));
        return id;
    }

    /// <summary>The timeline's event types, in order.</summary>
    public async Task<string[]> TimelineAsync(string id) =>
        [.. (await Client.GetAsync($"/api/v1/messages/{id}/timeline"))["events"]!.AsArray().Select(e => (string)e!["type"]!)];

    /// <summary>What the simulated carrier took for a person, one entry a submission.</summary>
    public async Task<JsonArray> TakenAsync(string person) =>
        (await Client.GetAsync($"/sim/twilio/messages?to={Uri.EscapeDataString(person)}")).AsArray();

    /// <summary>Tells the simulator how to treat what goes to a person.</summary>
    public Task RuleAsync(string person, JsonObject rule)
    {
        rule["match"] = new JsonObject { ["to"] = person };
        return Client.PostAsync("/sim/twilio/behaviour", rule);
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> look) where T : class
    {
        for (var end = TimeProvider.System.GetUtcNow() + Patience; TimeProvider.System.GetUtcNow() < end; await Task.Delay(50))
        {
            if (await look() is { } found) return found;
        }

        throw new TimeoutException("It did not come about.");
    }

    /// <summary>An inbound message of a person, once it can be read.</summary>
    public Task<JsonNode> InboundAsync(string person) => UntilAsync(async () =>
        (await Client.GetAsync($"/api/v1/messages?direction=inbound&from={Uri.EscapeDataString(person)}"))["data"]!.AsArray().FirstOrDefault());
}

/// <summary>Functions in the host's process.</summary>
public sealed class InProcessHost() : Host(isIsolated: false);

/// <summary>Each function as processes of its own.</summary>
public sealed class IsolatedHost() : Host(isIsolated: true);
