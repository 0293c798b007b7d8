using System.Globalization;
using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging;
using Moq;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing.Simulation;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Omni.Notifier.Tests;

/// <summary>
/// The Notifier among everything that it works with, on a clock where days pass in seconds: the log as the recorder writes it, the queue,
/// the Scheduler's minute, and clients' endpoints. The code of the function and of the stores is the real one.
/// </summary>
internal sealed class Town
{
    private const string Tenant = Defaults.Tenant;
    private const int MostAtOnce = 50;

    private static readonly TimeSpan FunctionTimeout = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(7);
    private readonly Dictionary<string, Receiver> _receivers = [];
    private readonly AwsClients _aws;
    private readonly List<Task> _running = [];
    private readonly List<int> _depths = [];
    private readonly List<Exception> _faults = [];
    private int _atOnce;
    private bool _isOver;

    public Town()
    {
        Queue = new(Clock);
        _aws = NewAws(new Process());
    }

    public EventClock Clock { get; } = new();

    public MemoryTables Tables { get; } = new();

    public MemoryQueue Queue { get; }

    /// <summary>How likely a process dies at a call to AWS.</summary>
    public double Deaths { get; set; }

    /// <summary>How many died.</summary>
    public int Died { get; private set; }

    /// <summary>How often the queue is looked at.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The most records that the queue ever held, looked at each minute.</summary>
    public int Deepest => _depths.DefaultIfEmpty().Max();

    public EventLog Log => _aws.Events;

    public EndpointStore Endpoints => _aws.Endpoints;

    public PositionStore Positions => _aws.Positions;

    public ParkStore Parks => _aws.Parks;

    public AttemptStore Attempts => _aws.Attempts;

    /// <summary>Plays something while everything runs.</summary>
    public void Play(Func<Task> play, TimeSpan most)
    {
        SynchronizationContext.SetSynchronizationContext(null); // with one, what waited would go on elsewhere
        _running.Add(PumpAsync());
        _running.Add(TickAsync());
        var played = play();
        try
        {
            Clock.Run(() => played.IsCompleted || _running.Exists(task => task.IsFaulted) || (Deaths == 0 && _faults.Count > 0), most);
        }
        finally
        {
            _isOver = true;
        }

        if (Deaths == 0) Assert.Empty(_faults);
        foreach (var broken in _running.Where(task => task.IsFaulted)) broken.GetAwaiter().GetResult();
        played.GetAwaiter().GetResult();
    }

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, Clock);

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<bool> holds, TimeSpan? look = null)
    {
        while (!holds()) await WaitAsync(look ?? TimeSpan.FromSeconds(1));
    }

    /// <summary>Makes an endpoint, as the API does.</summary>
    public async Task<(WebhookEndpoint Endpoint, Receiver Receiver)> AddEndpointAsync(Func<WebhookEndpoint, WebhookEndpoint>? change = null)
    {
        var id = Ids.NewEndpoint();
        var now = Clock.GetUtcNow();
        var endpoint = new WebhookEndpoint
        {
            Id = id, Tenant = Tenant, Url = new($"https://{id}.example/hook"), Secret = StandardWebhooks.NewSecret(),
            Since = now, CreatedAt = now, UpdatedAt = now,
        };
        endpoint = change?.Invoke(endpoint) ?? endpoint;
        var positions = new List<EndpointPosition>();
        for (var lane = 0; lane < EventLanes.Count; lane++) positions.Add(new() { Lane = lane, At = await Log.EndAsync(Tenant, lane) });
        Assert.True(await Endpoints.CreateAsync(endpoint, positions));
        var receiver = new Receiver(Clock) { Secret = endpoint.Secret };
        _receivers[endpoint.Url.Host] = receiver;
        return (endpoint, receiver);
    }

    /// <summary>An event of a message: its number is the conversation's, its rank that of a status.</summary>
    public ClientEvent Event(int conversation, int message, MessageStatus status = MessageStatus.Sent) => new()
    {
        Id = Ids.Event($"msg_{conversation}_{message}", status.Word()),
        Type = EventTypes.OfStatus(status)!,
        Timestamp = Clock.GetUtcNow(),
        Sequence = (int)status,
        Tenant = Tenant,
        Data = JsonSerializer.SerializeToElement(new
        {
            id = $"msg_{conversation}_{message}", carrier = "twilio", conversationId = $"ses_{conversation}", status = status.Word(),
        }),
    };

    /// <summary>Lets events happen: appended and woken for, as the recorder does.</summary>
    public async Task TellAsync(params IReadOnlyList<ClientEvent> events)
    {
        foreach (var lane in events.GroupBy(EventLanes.Of))
        {
            foreach (var segment in await Log.AppendAsync(Tenant, lane.Key, [.. lane]))
                await _aws.Wakes.WakeAsync(Tenant, lane.Key, segment.N, segment.Events.Select(e => e.Type).ToHashSet());
        }
    }

    /// <summary>Everything that the log holds, as the feed gives it out: lane by lane.</summary>
    public async Task<IReadOnlyList<ClientEvent>> FeedAsync()
    {
        var all = new List<ClientEvent>();
        for (var lane = 0; lane < EventLanes.Count; lane++)
        {
            var place = await Log.EarliestAsync(Tenant, lane);
            while (await Log.ReadAsync(Tenant, lane, place, 50) is { Segments.Count: > 0 } read)
            {
                all.AddRange(read.Segments.SelectMany(segment => segment.Events));
                place = read.Next;
            }
        }

        return all;
    }

    public async Task<WebhookEndpoint> ReadAsync(WebhookEndpoint endpoint) => (await Endpoints.FindAsync(Tenant, endpoint.Id))!;

    /// <summary>The event that tells that an endpoint was disabled, as the recorder finds it.</summary>
    public ClientEvent DisabledEventOf(WebhookEndpoint endpoint) => EventOutbox.Read(Tables.Peek(
        "messages",
        Ids.Event(endpoint.Id, EventTypes.EndpointDisabled, endpoint.Since.ToString("O", CultureInfo.InvariantCulture)),
        "o")!);

    private async Task TickAsync()
    {
        var rounds = new EndpointRounds(Endpoints, Positions, Log, _aws.Queues, MemoryQueue.Url, Clock);
        while (!_isOver)
        {
            await WaitAsync(TimeSpan.FromMinutes(1));
            _depths.Add(Queue.Count);
            for (var shard = 0; shard < EndpointStore.DueShards; shard++)
            {
                foreach (var due in await rounds.DueAsync(shard)) await rounds.WakeAsync(due);
            }
        }
    }

    private async Task PumpAsync()
    {
        while (!_isOver)
        {
            while (_atOnce < MostAtOnce && Queue.Receive(1) is [var record])
            {
                _atOnce++;
                _running.RemoveAll(task => task.IsCompletedSuccessfully);
                _running.Add(HandleAsync(record));
            }

            await WaitAsync(Poll);
        }
    }

    private async Task HandleAsync(QueueRecord record)
    {
        var process = new Process();
        try
        {
            var until = Clock.GetUtcNow() + FunctionTimeout;
            var context = new Mock<ILambdaContext>();
            context.SetupGet(c => c.AwsRequestId).Returns(Guid.NewGuid().ToString);
            context.SetupGet(c => c.RemainingTime).Returns(() => until - Clock.GetUtcNow());
            var response = await NewFunction(process).HandleAsync(new SQSEvent { Records = [Message(record)] }, context.Object);
            if (!process.IsDead && response.BatchItemFailures.Count == 0) Queue.Delete([record]);
        }
        finally
        {
            _atOnce--;
        }
    }

    private static SQSEvent.SQSMessage Message(QueueRecord record) => new()
    {
        MessageId = record.Id,
        ReceiptHandle = record.ReceiptHandle,
        Body = record.Body,
        Attributes = new()
        {
            ["MessageGroupId"] = record.GroupId!,
            ["ApproximateReceiveCount"] = record.ReceiveCount.ToString(),
        },
    };

    private Function NewFunction(Process process)
    {
        var aws = NewAws(process);
        return new(new NotifierParts
        {
            Events = aws.Events,
            Endpoints = aws.Endpoints,
            Positions = aws.Positions,
            Parks = aws.Parks,
            Attempts = aws.Attempts,
            Client = new(new HttpClient(new Street(_receivers)) { Timeout = Timeout.InfiniteTimeSpan }, Clock),
            Queues = aws.Queues,
            Queue = MemoryQueue.Url,
            Clock = Clock,
            Log = new Complaints(this),
        });
    }

    private AwsClients NewAws(Process process)
    {
        async Task Latency()
        {
            if (!process.IsDead && Deaths > 0 && process.IsMortal && _random.NextDouble() < Deaths)
            {
                Died++;
                process.Die();
            }

            if (process.IsDead) throw process.Die();
            await WaitAsync(TimeSpan.FromMilliseconds(1 + (3 * _random.NextDouble())));
        }

        var settings = new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = "messages", [SettingNames.ControlTable] = "control", [SettingNames.EventsTable] = "events",
            [SettingNames.NotifyQueue] = MemoryQueue.Url,
        });
        if (_aws is not null) process.IsMortal = true;
        return new(settings, Clock) { Dynamo = new MemoryDynamoDb(Tables, Latency), Sqs = Queue.NewClient(Latency) };
    }

    private sealed class Process
    {
        public bool IsMortal { get; set; }

        public bool IsDead { get; private set; }

        public Exception Die()
        {
            IsDead = true;
            return new OperationCanceledException("The process is gone.");
        }
    }

    /// <summary>Keeps what the function could not cope with: nothing, unless processes die.</summary>
    private sealed class Complaints(Town town) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null) town._faults.Add(exception);
        }
    }

    /// <summary>Where the endpoints are.</summary>
    private sealed class Street(Dictionary<string, Receiver> receivers) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            receivers[request.RequestUri!.Host].CallAsync(request, cancellationToken);
    }
}
