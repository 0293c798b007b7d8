using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.SQSEvents;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing.Simulation;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;
using LambdaValue = Amazon.Lambda.DynamoDBEvents.DynamoDBEvent.AttributeValue;
using Message = Omni.Shared.Message;

namespace Omni.Router.Tests;

/// <summary>A part that a carrier took.</summary>
/// <param name="MessageId">Whose.</param>
/// <param name="Carrier">Who took it.</param>
internal sealed record Taken(string MessageId, string Carrier);

/// <summary>
/// The router among everybody who follows a plan, on a clock where minutes pass in seconds: the table and its stream, the Dispatcher, the
/// queues, the senders of all carriers, the Scheduler's minute. The code of the functions and of the stores is the real one; the carriers
/// do what a test tells them.
/// </summary>
internal sealed class Town
{
    private const string RouterQueue = "router";
    private const double Look = 0.1;

    private static readonly TimeSpan FunctionTimeout = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, MemoryQueue> _queues = [];
    private readonly Queue<(Item? Before, Item After)> _stream = new();
    private readonly List<Task> _running = [];
    private readonly Random _random;
    private readonly AwsClients _aws;
    private bool _isOver;

    public Town(int seed = 1)
    {
        _random = new(seed);
        Tables.Stored = (table, before, after) =>
        {
            if (table == "messages") _stream.Enqueue((before, after));
        };
        _aws = NewAws(new Process());
    }

    public EventClock Clock { get; } = new();

    public MemoryTables Tables { get; } = new();

    /// <summary>What a carrier does with a part.</summary>
    public Func<OutboundPart, SendOutcome> Carrier { get; set; } = part => new SendOutcome.Accepted("cm-" + part.Reference);

    /// <summary>What a carrier reports of a part that it took, and how much later; null for nothing.</summary>
    public Func<OutboundPart, (MessageStatus Status, TimeSpan After)?> Receipt { get; set; } =
        _ => (MessageStatus.Delivered, TimeSpan.FromSeconds(2));

    /// <summary>All parts that carriers took, or may have taken.</summary>
    public List<Taken> Sent { get; } = [];

    /// <summary>How likely the router dies at a call to AWS.</summary>
    public double Deaths { get; set; }

    /// <summary>How often it died.</summary>
    public int Died { get; private set; }

    /// <summary>Whether each record of the router's queue is handed out twice.</summary>
    public bool Repeats { get; init; }

    public MessageStore Messages => _aws.Messages;

    public AwsClients Aws => _aws;

    public static Address Person(int index) => Address.Phone($"+1415{5_550_000 + index}");

    /// <summary>A leg by a carrier.</summary>
    public static PlannedLeg Leg(string carrier, int person = 0) => new()
    {
        Carrier = carrier,
        To = Person(person),
        From = Address.Phone("+12065550100"),
        Content = new TextContent { Body = "Hello by " + carrier },
        Parts = [new PlannedPart()],
    };

    /// <summary>Takes a message, as the API does.</summary>
    public async Task<string> AcceptAsync(int person, params PlannedLeg[] legs)
    {
        var message = new Message
        {
            Id = Ids.NewMessage(),
            Carrier = "",
            To = Person(person),
            From = legs[0].From,
            Content = legs[0].Content,
            Failover = legs,
            CreatedAt = Now,
        };
        await Messages.CreateAsync(MessageStore.NewRecord(message));
        return message.Id;
    }

    public MessageRecord Of(string id) => MessageCodec.FromItem(Tables.Peek("messages", id, "m")!);

    public MessageRecord LegOf(string id, int leg) => Of(Legs.IdOf(id, leg));

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, Clock);

    /// <summary>Plays something while everything runs.</summary>
    public void Play(Func<Task> play, TimeSpan most)
    {
        SynchronizationContext.SetSynchronizationContext(null); // with one, what waited would go on elsewhere
        _running.AddRange([StreamAsync(), RouteAsync(), TickAsync(), .. CarrierCatalogue.All.Select(SendAsync)]);
        var played = play();
        Clock.Run(() => played.IsCompleted || _running.Exists(task => task.IsFaulted), most);
        _isOver = true;
        foreach (var broken in _running.Where(task => task.IsFaulted)) broken.GetAwaiter().GetResult();
        played.GetAwaiter().GetResult();
    }

    public async Task UntilAsync(Func<bool> holds)
    {
        while (!holds()) await WaitAsync(TimeSpan.FromSeconds(1));
    }

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Clock.GetUtcNow().ToUnixTimeMilliseconds());

    private async Task StreamAsync()
    {
        var settings = new Settings(new Dictionary<string, string>(CarrierCatalogue.All.SelectMany(carrier =>
            (KeyValuePair<string, string>[])
            [
                new(SettingNames.OutboundQueue(carrier), carrier.Id), new(SettingNames.BulkQueue(carrier), carrier.Id + "-bulk"),
            ]).Concat(ProcessorCatalogue.All.Select(processor => KeyValuePair.Create(SettingNames.TurnQueue(processor), processor.Name))))
        {
            [SettingNames.Carriers] = string.Join(',', CarrierCatalogue.All.Select(carrier => carrier.Id)),
            [SettingNames.DispatcherDeadLetters] = "dead-letters",
            [SettingNames.BatchQueue] = "batches",
            [SettingNames.MediaQueue] = "media",
            [SettingNames.RouterQueue] = RouterQueue,
            [SettingNames.MessagesTable] = "messages",
        });
        var dispatcher = new Omni.Dispatcher.Function(settings, _aws, NullLogger.Instance);
        while (!_isOver)
        {
            await WaitAsync(TimeSpan.FromSeconds(Look * (0.5 + _random.NextDouble())));
            if (_stream.Count == 0) continue;

            var records = Enumerable.Range(0, _stream.Count).Select(number => RecordOf(number, _stream.Dequeue())).ToList();
            var response = await dispatcher.HandleAsync(new() { Records = records }, Mock.Of<ILambdaContext>());
            Assert.Empty(response.BatchItemFailures ?? []);
        }
    }

    private static DynamoDBEvent.DynamodbStreamRecord RecordOf(int number, (Item? Before, Item After) change) => new()
    {
        EventName = change.Before is null ? "INSERT" : "MODIFY",
        Dynamodb = new()
        {
            SequenceNumber = $"{number}",
            Keys = new() { ["pk"] = new() { S = change.After["pk"].S } },
            OldImage = change.Before is null ? null : ToImage(change.Before),
            NewImage = ToImage(change.After),
        },
    };

    private static Dictionary<string, LambdaValue> ToImage(Item item) => item.ToDictionary(a => a.Key, a => ToImage(a.Value));

    private static LambdaValue ToImage(AttributeValue value) => new()
    {
        S = value.S,
        N = value.N,
        BOOL = value.BOOL,
        M = value.M is { } map ? ToImage(map) : null,
        L = value.L is { } list ? [.. list.Select(ToImage)] : null,
    };

    private async Task RouteAsync()
    {
        while (!_isOver)
        {
            await WaitAsync(TimeSpan.FromSeconds(Look * (0.5 + _random.NextDouble())));
            if (QueueOf(RouterQueue).Receive() is not { Count: > 0 } records) continue;

            for (var times = Repeats ? 2 : 1; times > 0; times--)
            {
                var process = new Process { IsMortal = true };
                var failed = await NewRouter(process).HandleAsync(
                    new() { Records = [.. records.Select(RecordOf)] }, Mock.Of<ILambdaContext>());
                var open = failed.BatchItemFailures.Select(f => f.ItemIdentifier).ToHashSet();
                if (!process.IsDead && times == 1) QueueOf(RouterQueue).Delete(records.Where(record => !open.Contains(record.Id)));
            }
        }
    }

    private static SQSEvent.SQSMessage RecordOf(QueueRecord record) => new()
    {
        MessageId = record.Id,
        ReceiptHandle = record.ReceiptHandle,
        Body = record.Body,
        Attributes = new() { ["MessageGroupId"] = record.GroupId! },
    };

    private Function NewRouter(Process process) => new(RouterQueue, NewAws(process), Clock, NullLogger.Instance);

    private async Task TickAsync()
    {
        var context = new Mock<ILambdaContext>();
        context.SetupGet(c => c.RemainingTime).Returns(TimeSpan.FromSeconds(50));
        var scheduler = new Omni.Scheduler.Function(
            _aws.Messages, _aws.Batches, rounds: null, wakes: null, usage: null, templates: null, people: null, Clock, NullLogger.Instance);
        while (!_isOver)
        {
            await WaitAsync(TimeSpan.FromMinutes(1));
            var report = await scheduler.HandleAsync(default, context.Object);
            Assert.Equal(0, report.Failed);
        }
    }

    private async Task SendAsync(Carrier carrier)
    {
        var options = new SenderOptions
        {
            Carrier = carrier, DeadLetterQueue = "dead-letters", RatePerSecond = carrier.Limits.RatePerSecond,
        };
        var pipeline = new SenderPipeline(
            new Sender(this), new CarrierHttp(new HttpClient(), Clock), options, _aws, [carrier.Id], Clock, NullLogger.Instance);
        var lanes = new List<Task>();
        while (!_isOver)
        {
            await WaitAsync(TimeSpan.FromSeconds(Look * (0.5 + _random.NextDouble())));
            foreach (var broken in lanes.Where(lane => lane.IsFaulted)) await broken;
            lanes.RemoveAll(lane => lane.IsCompleted);
            while (lanes.Count < 20 && QueueOf(carrier.Id).Receive() is { Count: > 0 } records) lanes.Add(RunAsync(records));
        }

        async Task RunAsync(IReadOnlyList<QueueRecord> records)
        {
            var until = Clock.GetUtcNow() + FunctionTimeout;
            var failed = await pipeline.RunAsync(records, carrier.Id, () => until - Clock.GetUtcNow()).ConfigureAwait(false);
            QueueOf(carrier.Id).Delete(records.Where(record => !failed.Contains(record.Id)));
        }
    }

    private MemoryQueue QueueOf(string url)
    {
        if (!_queues.TryGetValue(url, out var queue)) _queues[url] = queue = new(Clock);
        return queue;
    }

    private AwsClients NewAws(Process process)
    {
        Task Latency()
        {
            if (process is { IsMortal: true, IsDead: false } && Deaths > 0 && _random.NextDouble() < Deaths)
            {
                Died++;
                process.IsDead = true;
            }

            return process.IsDead ? Task.FromException(new OperationCanceledException("The process is gone.")) : Task.CompletedTask;
        }

        var sqs = new Mock<IAmazonSQS>(MockBehavior.Strict);
        sqs.Setup(c => c.SendMessageBatchAsync(It.IsAny<SendMessageBatchRequest>(), It.IsAny<CancellationToken>()))
            .Returns(async (SendMessageBatchRequest r, CancellationToken _) =>
            {
                await Latency();
                foreach (var e in r.Entries) QueueOf(r.QueueUrl).Send(e.MessageBody, e.MessageGroupId ?? e.Id, e.MessageDeduplicationId);
                return new();
            });
        sqs.Setup(c => c.ChangeMessageVisibilityBatchAsync(It.IsAny<ChangeMessageVisibilityBatchRequest>(), It.IsAny<CancellationToken>()))
            .Returns((ChangeMessageVisibilityBatchRequest r, CancellationToken stop) =>
                QueueOf(r.QueueUrl).NewClient(Latency).ChangeMessageVisibilityBatchAsync(r, stop));
        var settings = new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = "messages", [SettingNames.SessionsTable] = "sessions", [SettingNames.ControlTable] = "control",
        });
        return new(settings, Clock) { Dynamo = new MemoryDynamoDb(Tables, Latency), Sqs = sqs.Object };
    }

    private sealed class Process
    {
        public bool IsMortal { get; init; }

        public bool IsDead { get; set; }
    }

    private sealed class Sender(Town town) : ICarrierSender
    {
        public async Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
        {
            await town.WaitAsync(TimeSpan.FromMilliseconds(town._random.Next(5, 80)));
            var outcome = town.Carrier(part);
            if (outcome is SendOutcome.Accepted or SendOutcome.Unknown) town.Sent.Add(new(part.Message.Id, part.Message.Carrier));
            if (outcome is SendOutcome.Accepted && town.Receipt(part) is { } receipt) town._running.Add(ReportAsync(part, receipt));
            return outcome;
        }

        private async Task ReportAsync(OutboundPart part, (MessageStatus Status, TimeSpan After) receipt)
        {
            await town.WaitAsync(receipt.After);
            await town.Messages.ApplyAsync(new()
            {
                MessageId = part.Message.Id, Part = part.Index, Attempt = part.Reference.Attempt, Status = receipt.Status,
                At = town.Clock.GetUtcNow(),
            });
        }
    }
}
