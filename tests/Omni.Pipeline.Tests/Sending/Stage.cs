using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;
using Message = Omni.Shared.Message;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>
/// One sender over real tables, with a queue that the test hands out itself: a record comes again after its wait, and the Scheduler and the
/// Dispatcher are played by the few lines that matter here.
/// </summary>
internal sealed class Stage : IDisposable
{
    private const string Queue = "outbound";
    private const string DeadLetterQueue = "dead-letters";
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(120);

    private readonly Mock<IAmazonSQS> _sqs = new(MockBehavior.Strict);
    private readonly OmniTables _tables;
    private readonly AmazonS3Client _s3;
    private readonly string _bucket;
    private int _records;

    private Stage(
        OmniTables tables, VirtualClock clock, TappedDynamoDb dynamo, Carrier carrier, bool canLookUp, AmazonS3Client s3, string bucket)
    {
        (_tables, Clock, Dynamo, Carrier, _s3, _bucket) = (tables, clock, dynamo, carrier, s3, bucket);
        FakeCarrier = canLookUp ? new FakeLookupCarrier(clock) : new FakeCarrier(clock);
        Options = new() { Carrier = carrier, DeadLetterQueue = DeadLetterQueue };
        _sqs.Setup(s => s.SendMessageBatchAsync(It.IsAny<SendMessageBatchRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((SendMessageBatchRequest request, CancellationToken _) =>
            {
                if (IsQueueBroken || IsDead) throw new AmazonSQSException("The queue does not answer.");
                Assert.Equal(DeadLetterQueue, request.QueueUrl);
                DeadLetters.AddRange(request.Entries.Select(e => e.MessageBody));
                return new();
            });
        _sqs.Setup(s => s.ChangeMessageVisibilityBatchAsync(It.IsAny<ChangeMessageVisibilityBatchRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((ChangeMessageVisibilityBatchRequest request, CancellationToken _) =>
            {
                if (IsQueueBroken || IsDead) throw new AmazonSQSException("The queue does not answer.");
                Assert.Equal(Queue, request.QueueUrl);
                foreach (var entry in request.Entries) Waits[entry.ReceiptHandle] = TimeSpan.FromSeconds(entry.VisibilityTimeout!.Value);
                return new();
            });
    }

    public VirtualClock Clock { get; }

    public TappedDynamoDb Dynamo { get; }

    public Carrier Carrier { get; }

    public FakeCarrier FakeCarrier { get; }

    public SenderOptions Options { get; set; }

    /// <summary>The stores, untapped.</summary>
    public AwsClients Aws => _tables.Aws;

    /// <summary>The bucket; its links are signed by the real time.</summary>
    public BlobStore Blobs => new(_s3, _bucket);

    public List<string> DeadLetters { get; } = [];

    /// <summary>The wait of each record that was handed back, by its receipt handle.</summary>
    public Dictionary<string, TimeSpan> Waits { get; } = [];

    public bool IsQueueBroken { get; set; }

    /// <summary>The process is gone: it reaches nothing any more, and its record comes again after its visibility.</summary>
    public bool IsDead { get; set; }

    /// <summary>Happens each time that the Scheduler looks at the message, before it does.</summary>
    public Func<Task>? Looked { get; set; }

    public TimeSpan TimeLeft { get; set; } = TimeSpan.FromSeconds(20);

    public static async Task<Stage> SetAsync(EmulatorFixture emulators, string carrier = "twilio", bool canLookUp = false)
    {
        var clock = new VirtualClock();
        var tables = await OmniTables.CreateAsync(emulators, clock);
        var bucket = EmulatorFixture.NewBucketName();
        var s3 = emulators.NewS3();
        await s3.PutBucketAsync(bucket);
        return new(tables, clock, new(emulators, tables.AccessKey), CarrierCatalogue.Get(carrier), canLookUp, s3, bucket);
    }

    /// <summary>A planned message with as many parts as asked.</summary>
    public Message NewMessage(int parts = 1, Func<Message, Message>? change = null)
    {
        var message = new Message
        {
            Id = Ids.NewMessage(),
            Carrier = Carrier.Id,
            From = Address.Phone("+12065550100"),
            To = Address.Phone("+14155550123"),
            Content = new TextContent { Body = string.Concat(Enumerable.Range(0, parts).Select(i => i)) },
            Parts = [.. Enumerable.Range(0, parts).Select(i => new PlannedPart { Offset = i, Length = 1 })],
            CreatedAt = Clock.GetUtcNow(),
        };
        return change?.Invoke(message) ?? message;
    }

    /// <summary>A sender in a process of its own.</summary>
    public SenderPipeline NewPipeline() =>
        new(FakeCarrier, new CarrierHttp(new HttpClient(), Clock), Options, TappedAws(), [Queue], Clock, NullLogger.Instance);

    public QueueRecord Record(OutboundCommand command, string? group = null, int receiveCount = 1) =>
        RecordOf(JsonSerializer.Serialize(command, OmniJson.Wire.OutboundCommand), group, receiveCount);

    public QueueRecord RecordOf(string body, string? group = null, int receiveCount = 1)
    {
        var id = $"r{++_records}";
        return new(id, id, body, group, receiveCount, Clock.GetUtcNow());
    }

    public QueueRecord Send(Message message, string? group = null, int receiveCount = 1) =>
        Record(new OutboundCommand.Send { Message = message }, group, receiveCount);

    /// <summary>Hands out one batch.</summary>
    public Task<IReadOnlyList<string>> RunAsync(params QueueRecord[] records) => NewPipeline().RunAsync(records, Queue, () => TimeLeft);

    public async Task<MessageRecord> FindAsync(Message message) =>
        await Aws.Messages.FindAsync(message.Id) ?? throw new InvalidOperationException("The message has no item.");

    /// <summary>
    /// Plays on until nothing is left to do: records come again, what is due is raised, what is raised is put into the queue. Each delivery
    /// is a process of its own; when one dies, its record comes again after its visibility.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="seen">The Dispatcher's last look at the message's counter; null when its first record is in the queue.</param>
    /// <param name="maxDeliveries">When to give up.</param>
    public async Task<MessageRecord> SettleAsync(Message message, int? seen = null, int maxDeliveries = 60)
    {
        var queue = new Queue<QueueRecord>();
        if (seen is null) queue.Enqueue(Send(message));
        var isByHand = await Aws.Messages.FindAsync(message.Id) is null;
        var dispatch = seen ?? (isByHand ? 1 : 0);
        for (var deliveries = 0; deliveries < maxDeliveries; deliveries++)
        {
            if (queue.TryDequeue(out var record))
            {
                if (await DeliverAsync(record) is { } wait)
                {
                    Clock.Advance(wait);
                    queue.Enqueue(record with { ReceiveCount = record.ReceiveCount + 1 });
                }
            }

            var state = (await Aws.Messages.FindAsync(message.Id))?.State;
            if (state is { DueAt: { } due } && queue.Count == 0)
            {
                if (due > Clock.GetUtcNow()) Clock.Advance(due - Clock.GetUtcNow());
                if (Looked is { } looked) await looked();
                if (await FindAsync(message) is { State.DueAt: not null } still)
                {
                    await Aws.Messages.RaiseAsync(still, Clock.GetUtcNow() + TimeSpan.FromSeconds(45));
                }

                state = (await FindAsync(message)).State;
            }

            for (; dispatch < state?.Dispatch; dispatch++)
            {
                var planned = (await FindAsync(message)).Message;
                queue.Enqueue(state.Parts.Any(p => p.Rank.Status == MessageStatus.Unknown)
                    ? Record(new OutboundCommand.Reconcile { Message = planned })
                    : Send(planned));
            }

            if (queue.Count == 0 && state?.DueAt is null) return await FindAsync(message);
        }

        throw new InvalidOperationException("It does not come to rest.");
    }

    /// <summary>Puts an item into the table of messages.</summary>
    public Task PutAsync(Dictionary<string, AttributeValue> item) => _tables.Dynamo.PutItemAsync(OmniTables.Messages, item);

    /// <summary>The client asks that a message be canceled.</summary>
    public async Task<MessageRecord> CancelAsync(Message message) => await Aws.Messages.CancelAsync(await FindAsync(message));

    public void Dispose()
    {
        Dynamo.Dispose();
        _s3.Dispose();
        _tables.Dispose();
    }

    /// <returns>After which wait the record comes again; null when it is finished.</returns>
    private async Task<TimeSpan?> DeliverAsync(QueueRecord record)
    {
        Waits.Clear();
        try
        {
            var failed = await RunAsync(record);
            if (IsDead) return Visibility;
            if (failed.Count == 0) return null;

            Assert.Equal([record.Id], failed);
            return Waits.TryGetValue(record.ReceiptHandle, out var wait) ? wait : Visibility;
        }
        catch (Crash)
        {
            return Visibility;
        }
        finally
        {
            IsDead = false;
        }
    }

    private AwsClients TappedAws() => new(
        new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = OmniTables.Messages,
            [SettingNames.SessionsTable] = OmniTables.Sessions,
            [SettingNames.ControlTable] = OmniTables.Control,
            [SettingNames.BlobBucket] = _bucket,
        }), Clock) { Dynamo = Dynamo, Sqs = _sqs.Object, S3 = _s3 };
}

/// <summary>The end of a process, or the loss of one call.</summary>
internal sealed class Crash() : Exception("Crash.");
