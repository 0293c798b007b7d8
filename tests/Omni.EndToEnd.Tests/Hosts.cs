using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using Omni.Local;
using Omni.Local.Demo;

// Tests of different carriers run side by side on one host: they mostly wait.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Omni.EndToEnd.Tests;

/// <summary>The whole stack with all carriers. Tests keep apart by the people that they write to.</summary>
public abstract class Host(bool isIsolated) : IAsyncLifetime
{
    /// <summary>
    /// How long anything may take on a quiet machine. What is awaited is looked for as often as fits into it:
    /// where a look takes longer, so may the rest.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int _people;
    private LocalHost? _host;
    private OmniClient? _client;
    private AmazonSQSClient? _sqs;

    public LocalHost Local => _host!;

    public OmniClient Client => _client!;

    public IAmazonSQS Sqs => _sqs!;

    /// <summary>Whether functions are processes of their own here.</summary>
    public bool IsIsolated => isIsolated;

    /// <summary>A phone number that no other test knows.</summary>
    public static string NewPhone() => $"+1415556{Interlocked.Increment(ref _people):0000}";

    /// <summary>Whether an address is a phone number, and this one. Others are objects.</summary>
    public static bool IsPhone(JsonNode? address, string number) => address is JsonValue && (string?)address == number;

    public virtual async Task InitializeAsync()
    {
        var environment = Settings.ToDictionary(s => s.Key, s => s.Value);
        var record = new AccountRecord();
        _host = await LocalHost.StartAsync(
            new() { Port = Port, IsIsolated = isIsolated, Environment = environment, Processor = Processor },
            new Probe { Between = record.Around },
            new Progress<string>(),
            CancellationToken.None);
        record.BelongsTo(_host);
        _client = new(_host.Url, "local-dev-key", new ContractHandler(_host.Url));
        _sqs = new(
            new BasicAWSCredentials("local", "local"),
            new AmazonSQSConfig { ServiceURL = _host.Sqs.ToString(), AuthenticationRegion = "us-east-1" });
    }

    public virtual async Task DisposeAsync()
    {
        _client?.Dispose();
        _sqs?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }

    /// <summary>What the functions and the simulators are told: credentials that the tests sign with.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => Scene.All.SelectMany(scene => scene.Settings);

    /// <summary>The processor that answers whoever writes; null for nobody.</summary>
    protected virtual string? Processor => null;

    /// <summary>The port; 0 for a free one.</summary>
    protected virtual int Port => 0;

    /// <summary>The address that carriers sign: where they reach this host.</summary>
    public string WebhookBaseUrl =>
        Settings.FirstOrDefault(setting => setting.Key == "PUBLIC_BASE_URL").Value ?? Local.Url.GetLeftPart(UriPartial.Authority);

    /// <summary>A client of the host's tables that may everything.</summary>
    public AmazonDynamoDBClient NewDynamo() => new(
        new BasicAWSCredentials("local", "local"),
        new AmazonDynamoDBConfig { ServiceURL = Local.DynamoDb.ToString(), AuthenticationRegion = "us-east-1" });

    /// <summary>Sends, and waits for a status.</summary>
    public async Task<string> SendAsync(JsonObject request, string expected)
    {
        var id = await Client.SendAsync(request);
        await ExpectAsync(id, expected);
        return id;
    }

    /// <summary>Waits until a message has a status.</summary>
    public async Task ExpectAsync(string id, string expected)
    {
        var status = "";
        try
        {
            await UntilAsync(
                async () =>
                {
                    try
                    {
                        return (status = await StatusAsync(id)) == expected ? status : null;
                    }
                    catch (HttpRequestException busy) when (busy.StatusCode >= HttpStatusCode.InternalServerError)
                    {
                        return null; // a process of its own that starts on a busy machine may run out of its time; it is asked again
                    }
                },
                everyMilliseconds: 100);
        }
        catch (TimeoutException)
        {
            Assert.Equal(expected, status);
        }
    }

    /// <summary>A message's status.</summary>
    public async Task<string> StatusAsync(string id) => (string)(await Client.GetAsync($"/api/v1/messages/{id}/status"))["status"]!;

    /// <summary>
    /// Waits until a message's timeline has just these event types, in any order:
    /// a receipt may overtake the answer to the call that it is about.
    /// </summary>
    public async Task ExpectTimelineAsync(string id, params string[] expected)
    {
        var timeline = await UntilAsync(async () => await TimelineAsync(id) is { } read && read.Length >= expected.Length ? read : null);
        Assert.Equal(expected.Order(), timeline.Order());
    }

    /// <summary>The timeline's event types, in order.</summary>
    public async Task<string[]> TimelineAsync(string id) =>
        [.. (await Client.GetAsync($"/api/v1/messages/{id}/timeline"))["events"]!.AsArray().Select(e => (string)e!["type"]!)];

    /// <summary>The messages that an address wrote.</summary>
    public async Task<JsonArray> InboundAsync(string from) =>
        (await Client.GetAsync($"/api/v1/messages?direction=inbound&from={Uri.EscapeDataString(from)}"))["data"]!.AsArray();

    /// <summary>The messages that an address wrote, once there are so many.</summary>
    public Task<JsonArray> InboundAsync(string from, int count) =>
        UntilAsync(async () => await InboundAsync(from) is { } all && all.Count >= count ? all : null);

    /// <summary>Waits until a queue has nothing left, neither waiting nor in work.</summary>
    public Task DrainAsync(string queue) => UntilAsync(
        async () =>
        {
            var read = await Sqs.GetQueueAttributesAsync(
                new GetQueueAttributesRequest { QueueUrl = Local.QueueUrls[queue], AttributeNames = ["All"] });
            return read.ApproximateNumberOfMessages + read.ApproximateNumberOfMessagesNotVisible == 0 ? queue : null;
        },
        $"{queue} is empty",
        everyMilliseconds: 5); // others fill it meanwhile: it is empty for moments only

    /// <summary>Waits until something is so.</summary>
    public static async Task<T> UntilAsync<T>(
        Func<Task<T?>> look, [CallerArgumentExpression(nameof(look))] string what = "", int everyMilliseconds = 50) where T : class
    {
        for (var looks = Patience.TotalMilliseconds / everyMilliseconds; looks > 0; looks--, await Task.Delay(everyMilliseconds))
        {
            if (await look() is { } found) return found;
        }

        throw new TimeoutException($"It did not come about: {what}");
    }
}

/// <summary>
/// The one host of all tests that neither kill functions nor stand in for a carrier: started by the first of them. It ends with this
/// process, and so do its servers and functions. With <c>OMNI_E2E_ISOLATED=1</c> its functions are processes of their own.
/// </summary>
public sealed class SharedHost : IAsyncLifetime
{
    private static readonly Lazy<Task<Host>> Started = new(StartAsync);

    /// <summary>Whether this run has every function in a process of its own.</summary>
    public static bool IsIsolatedRun => Environment.GetEnvironmentVariable("OMNI_E2E_ISOLATED") == "1";

    public Host Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await Started.Value;

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task<Host> StartAsync()
    {
        var host = new PlainHost();
        await host.InitializeAsync();
        return host;
    }

    private sealed class PlainHost() : Host(IsIsolatedRun);
}

/// <summary>The concierge answers whoever writes.</summary>
public sealed class ConciergeHost() : Host(SharedHost.IsIsolatedRun)
{
    protected override string? Processor => "Omni.Concierge";
}

/// <summary>Each function as processes of its own, for tests that kill them.</summary>
[CollectionDefinition(Name)]
public sealed class IsolatedHost() : Host(isIsolated: true), ICollectionFixture<IsolatedHost>
{
    /// <summary>The tests that share it.</summary>
    public const string Name = "functions that die";

    // What a dead function held comes back after minutes on AWS. It is longer than a lease.
    private const string VisibilitySeconds = "15";

    /// <summary>The processes that there were before the first event.</summary>
    public IReadOnlyList<int> AtStart { get; private set; } = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var url in Local.QueueUrls.Values)
        {
            await Sqs.SetQueueAttributesAsync(
                new SetQueueAttributesRequest { QueueUrl = url, Attributes = new() { ["VisibilityTimeout"] = VisibilitySeconds } });
        }

        AtStart = [.. (await ProcessesAsync()).SelectMany(function => function.Value)];
    }

    /// <summary>The processes of each function, by its project.</summary>
    public async Task<IReadOnlyDictionary<string, int[]>> ProcessesAsync() => (await Client.GetAsync("/local"))["functions"]!.AsArray()
        .ToDictionary(
            function => (string)function!["project"]!, function => function!["processes"]!.AsArray().Select(id => (int)id!).ToArray());

    /// <summary>Kills a process, and waits until it is gone.</summary>
    public static async Task KillAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            await process.WaitForExitAsync();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It had ended already.
        }
    }

    /// <summary>Kills all processes of a function.</summary>
    public async Task KillAsync(string project)
    {
        foreach (var id in (await ProcessesAsync())[project]) await KillAsync(id);
    }
}

/// <summary>The carriers' APIs are a server of the test, which keeps what it is asked.</summary>
public sealed class RecordingHost() : Host(SharedHost.IsIsolatedRun)
{
    public Recorder Recorder { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, .. Scene.All.Select(
            scene => KeyValuePair.Create($"{scene.Carrier.ToUpperInvariant()}_BASE_URL", $"{Recorder.Url}{scene.Carrier}"))];

    public override async Task InitializeAsync()
    {
        await Recorder.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Recorder.DisposeAsync();
    }
}
