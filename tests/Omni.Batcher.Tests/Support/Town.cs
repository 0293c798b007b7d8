using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing.Simulation;

namespace Omni.Batcher.Tests;

/// <summary>
/// The Batcher among everything that it works with, on a clock where minutes pass in seconds: the table, the queue, what the Dispatcher and
/// the recorder make of the table's stream, the Scheduler's minute, and a sender that sends at its rate. The code of the function and of
/// the stores is the real one.
/// </summary>
internal sealed class Town
{
    private const double Look = 0.1;

    private static readonly TimeSpan FunctionTimeout = TimeSpan.FromSeconds(20);

    // How long after a change the recorder counts it.
    private static readonly TimeSpan StreamLag = TimeSpan.FromSeconds(0.3);

    private static readonly TimeSpan ReceiptLag = TimeSpan.FromSeconds(0.5);

    private readonly Random _random = new(7);
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly Dictionary<string, Sent> _batches = [];
    private readonly AwsClients _aws;
    private readonly BlobStore _blobs;
    private readonly List<Task> _running = [];
    private bool _isOver;

    public Town()
    {
        Queue = new(Clock);
        var s3 = new Mock<IAmazonS3>(MockBehavior.Strict);
        s3.Setup(c => c.GetObjectAsync(It.IsAny<GetObjectRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((GetObjectRequest r, CancellationToken _) => new GetObjectResponse
            {
                ResponseStream = new MemoryStream(_files[r.Key], (int)r.ByteRange.Start, (int)(r.ByteRange.End - r.ByteRange.Start + 1)),
            });
        s3.Setup(c => c.DeleteObjectAsync(It.IsAny<DeleteObjectRequest>(), It.IsAny<CancellationToken>()))
            .Callback((DeleteObjectRequest r, CancellationToken _) => _files.Remove(r.Key))
            .ReturnsAsync(new DeleteObjectResponse());
        _blobs = new(s3.Object, "blobs", Clock);
        _aws = NewAws(new Process());
    }

    public EventClock Clock { get; } = new();

    public MemoryTables Tables { get; } = new();

    public MemoryQueue Queue { get; }

    /// <summary>How many messages the sender sends a second; those of all batches together.</summary>
    public double Rate { get; init; } = 400;

    /// <summary>The carrier whose sender it is.</summary>
    public string Carrier { get; init; } = "twilio";

    /// <summary>How likely the Batcher dies at a call to AWS, and how often it does at most.</summary>
    public (double Chance, int Most) Deaths { get; set; }

    /// <summary>How often it died.</summary>
    public int Died { get; private set; }

    /// <summary>Whether everything that is seen in the stream is seen twice, the second time a while later.</summary>
    public bool SeesTwice { get; init; }

    /// <summary>Whether the carrier reports what it took as delivered, half a second later.</summary>
    public bool HasReceipts { get; init; }

    /// <summary>How many write units went into status items and batches so far: none of them has a kilobyte.</summary>
    public int WriteUnits { get; private set; }

    /// <summary>The most messages of all batches that were released and not decided.</summary>
    public int MostOnTheWay { get; set; }

    public BatchStore Batches => _aws.Batches;

    public SessionStore Sessions => _aws.Sessions;

    /// <summary>The files that are kept.</summary>
    public IReadOnlyCollection<string> Files => _files.Keys;

    /// <summary>A recipient of every batch.</summary>
    public static Address Person(int index) => Address.Phone($"+1415{5_550_000 + index}");

    /// <summary>Plays something while everything runs.</summary>
    public void Play(Func<Task> play, TimeSpan most)
    {
        SynchronizationContext.SetSynchronizationContext(null); // with one, what waited would go on elsewhere
        _running.AddRange([DispatchAsync(), PumpAsync(), SendAsync(), TickAsync()]);
        var played = play();
        Clock.Run(() => played.IsCompleted || _running.Exists(task => task.IsFaulted), most);
        _isOver = true;
        foreach (var broken in _running.Where(task => task.IsFaulted)) broken.GetAwaiter().GetResult();
        played.GetAwaiter().GetResult();
    }

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, Clock);

    /// <summary>Waits until a batch is so far.</summary>
    public async Task<BatchView> UntilAsync(string id, Func<BatchView, bool> holds)
    {
        while (true)
        {
            if (await ReadAsync(id) is var view && holds(view)) return view;

            await WaitAsync(TimeSpan.FromSeconds(5 * Look));
        }
    }

    /// <summary>A batch as the API shows it; its counts are always its total.</summary>
    public async Task<BatchView> ReadAsync(string id)
    {
        var (record, counts) = (await _aws.BatchStatuses.CountAsync(id, Batches))!.Value;
        var view = BatchView.Of(record, Clock.GetUtcNow(), counts);
        Assert.Equal(view.Total, SumOf(counts));
        return view;
    }

    /// <summary>How often each message of a batch was sent.</summary>
    public IReadOnlyList<int> TakenOf(string id) => _batches[id].Taken;

    /// <summary>Makes a batch, as the API does.</summary>
    public async Task<string> AddAsync(int count, DateTimeOffset? scheduledAt = null, Func<int, DeliveryWindow?>? window = null)
    {
        var id = Ids.NewBatch();
        using var stream = new MemoryStream();
        using var writer = new BatchFile.Writer(stream);
        for (var index = 0; index < count; index++)
        {
            writer.Add(MessagePlanner.Plan(new Message
            {
                Id = Ids.MessageOfBatch(id, index),
                Carrier = Carrier,
                To = Person(index),
                From = Address.Phone("+12065550100"),
                Content = new TextContent { Body = $"Number {index}" },
                Priority = Priority.Bulk,
                DeliveryWindow = window?.Invoke(index),
                Batch = new(id, index, count),
                CreatedAt = Clock.GetUtcNow(),
            }).Message!);
        }

        var start = writer.End();
        _files[id] = stream.ToArray();
        _batches[id] = new(id, count);
        await Batches.CreateAsync(new()
        {
            Id = id, Tenant = Defaults.Tenant, Carrier = Carrier, From = Address.Phone("+12065550100"), CreatedAt = Clock.GetUtcNow(),
            ScheduledAt = scheduledAt, Total = count, Segments = count, File = id, FileIndex = start, RequestHash = "hash",
        });
        return id;
    }

    /// <summary>Takes the records of the queue away, as if they had been lost.</summary>
    public void LoseRecords() => Queue.Delete(Queue.Receive(1000));

    private static int SumOf(BatchCounts c) => c.Waiting + c.Pending + c.Scheduled + c.Unknown + c.Sent + c.Canceled + c.Rejected
        + c.Expired + c.Failed + c.Undelivered + c.Delivered + c.Read;

    /// <summary>Every raise of a batch's counter makes a record, as the Dispatcher does it.</summary>
    private async Task DispatchAsync()
    {
        while (!_isOver)
        {
            foreach (var batch in _batches.Values.ToArray())
            {
                if (Tables.Peek("messages", batch.Id, "b") is not { } item || BatchCodec.FromItem(item).Progress.Dispatch is var dispatch
                    && dispatch == batch.Dispatched) continue;

                // Each step is a claim and a report.
                WriteUnits += 2;
                batch.Dispatched = dispatch;
                Queue.Send($$"""{"batchId":"{{batch.Id}}","dispatch":{{dispatch}}}""", batch.Id, $"{batch.Id}:{dispatch}");
            }

            await WaitAsync(TimeSpan.FromSeconds(Look));
        }
    }

    private async Task PumpAsync()
    {
        while (!_isOver)
        {
            _running.RemoveAll(task => task.IsCompletedSuccessfully);
            while (Queue.Receive(1) is [var record]) _running.Add(HandleAsync(record));
            await WaitAsync(TimeSpan.FromSeconds(Look));
        }
    }

    private async Task HandleAsync(QueueRecord record)
    {
        var process = new Process { IsMortal = true };
        var until = Clock.GetUtcNow() + FunctionTimeout;
        var context = new Mock<ILambdaContext>();
        context.SetupGet(c => c.RemainingTime).Returns(() => until - Clock.GetUtcNow());
        var response = await NewFunction(process).HandleAsync(new SQSEvent { Records = [Message(record)] }, context.Object);
        if (!process.IsDead && response.BatchItemFailures.Count == 0) Queue.Delete([record]);
    }

    /// <summary>Sends what is there, each batch in its turn, as the senders do; and counts it, as the recorder does.</summary>
    private async Task SendAsync()
    {
        var seen = new Queue<(DateTimeOffset At, Sent Batch, int Index, MessageStatus Status)>();
        var later = new Queue<(DateTimeOffset At, Sent Batch, int Index, MessageStatus Status)>();
        var credit = 0m; // a tenth is no binary number
        while (!_isOver)
        {
            credit = Math.Min(credit + (decimal)(Rate * Look), (decimal)Math.Max(1, Rate));
            for (var isAny = true; isAny && credit >= 1;)
            {
                isAny = false;
                foreach (var batch in _batches.Values.Where(b => b.Next < b.Taken.Length && credit >= 1))
                {
                    if (Tables.Peek("messages", batch.Ids[batch.Next], "m") is not { } item) continue;

                    isAny = true;
                    var index = batch.Next++;
                    var record = MessageCodec.FromItem(item);
                    if (record.Message.ScheduledAt > Clock.GetUtcNow()) continue; // the Scheduler has it

                    var opening = await _aws.Messages.OpenAttemptAsync(record.Message, 0, null, TimeSpan.FromSeconds(20));
                    if (opening is not Opening.Opened) continue;

                    credit--;
                    batch.Taken[index]++;
                    await _aws.Messages.ApplyAsync(
                        new() { MessageId = record.Message.Id, Attempt = 1, Status = MessageStatus.Sent, At = Clock.GetUtcNow() });
                }
            }

            foreach (var batch in _batches.Values)
            {
                foreach (var index in batch.Open.TakeWhile(index => index < batch.Next || index < batch.Stopped).ToArray())
                {
                    if (Tables.Peek("messages", batch.Ids[index], "m") is not { } item) continue;

                    var status = MessageCodec.StatusOf(item).Status;
                    if (status < MessageStatus.Sent) continue;

                    batch.Open.Remove(index);
                    seen.Enqueue((Clock.GetUtcNow() + StreamLag, batch, index, status));
                    if (HasReceipts && status == MessageStatus.Sent)
                        later.Enqueue((Clock.GetUtcNow() + ReceiptLag + StreamLag, batch, index, MessageStatus.Delivered));
                }

                var progress = Tables.Peek("messages", batch.Id, "b") is { } now ? BatchCodec.FromItem(now).Progress : null;
                batch.Stopped = progress is { Wanted: BatchState.Canceled } ? progress.Claimed : 0;
            }

            await CountAsync(seen);
            await CountAsync(later);
            MostOnTheWay = Math.Max(MostOnTheWay, _batches.Values.Sum(OnTheWay));
            await WaitAsync(TimeSpan.FromSeconds(Look));
        }
    }

    private int OnTheWay(Sent batch) => Tables.Peek("messages", batch.Id, "b") is { } item
        ? Math.Max(0, BatchCodec.FromItem(item).Progress.Released - batch.Taken.Count(times => times > 0))
        : 0;

    private async Task CountAsync(Queue<(DateTimeOffset At, Sent Batch, int Index, MessageStatus Status)> seen)
    {
        var due = new List<(Sent Batch, int Index, MessageStatus Status)>();
        while (seen.TryPeek(out var first) && first.At <= Clock.GetUtcNow())
        {
            seen.Dequeue();
            due.Add((first.Batch, first.Index, first.Status));
        }

        foreach (var chunk in due.GroupBy(s => (s.Batch, s.Index / Batch.ChunkSize)))
        {
            for (var times = 0; times < (SeesTwice ? 2 : 1); times++)
            {
                WriteUnits++;
                await _aws.BatchStatuses.SetAsync(
                    chunk.Key.Batch.Id, chunk.Key.Batch.Taken.Length, chunk.ToDictionary(s => s.Index, s => s.Status));
            }
        }
    }

    private async Task TickAsync()
    {
        while (!_isOver)
        {
            await WaitAsync(TimeSpan.FromMinutes(1));
            foreach (var batch in _batches.Values.ToArray())
            {
                if (await Batches.FindAsync(batch.Id) is { Progress.DueAt: { } due } record && due <= Clock.GetUtcNow())
                    await Batches.WakeAsync(record);
            }
        }
    }

    private static SQSEvent.SQSMessage Message(QueueRecord record) => new()
    {
        MessageId = record.Id,
        ReceiptHandle = record.ReceiptHandle,
        Body = record.Body,
        Attributes = new() { ["MessageGroupId"] = record.GroupId!, ["ApproximateReceiveCount"] = record.ReceiveCount.ToString() },
    };

    private Function NewFunction(Process process)
    {
        var aws = NewAws(process);
        return new(new BatcherParts
        {
            Batches = aws.Batches,
            Statuses = aws.BatchStatuses,
            Shares = _aws.BatchShares,
            Messages = aws.Messages,
            Sessions = aws.Sessions,
            Senders = aws.Senders,
            Rates = aws.Rates,
            Blobs = _blobs,
            RateOf = _ => Rate,
            Queues = aws.Queues,
            Queue = MemoryQueue.Url,
            Clock = Clock,
            Log = NullLogger.Instance,
        });
    }

    private AwsClients NewAws(Process process)
    {
        async Task Latency()
        {
            if (process is { IsMortal: true, IsDead: false } && Died < Deaths.Most && _random.NextDouble() < Deaths.Chance)
            {
                Died++;
                process.IsDead = true;
            }

            if (process.IsDead) throw new OperationCanceledException("The process is gone.");
            await WaitAsync(process.IsMortal ? TimeSpan.FromMilliseconds(1 + (3 * _random.NextDouble())) : TimeSpan.Zero);
        }

        var settings = new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = "messages", [SettingNames.SessionsTable] = "sessions", [SettingNames.ControlTable] = "control",
        });
        return new(settings, Clock) { Dynamo = new MemoryDynamoDb(Tables, Latency), Sqs = Queue.NewClient(Latency) };
    }

    private sealed class Process
    {
        public bool IsMortal { get; init; }

        public bool IsDead { get; set; }
    }

    /// <summary>A batch, and what was done with it.</summary>
    private sealed class Sent(string id, int count)
    {
        public string Id => id;

        public string[] Ids { get; } = [.. Enumerable.Range(0, count).Select(index => Shared.Ids.MessageOfBatch(id, index))];

        public int[] Taken { get; } = new int[count];

        public SortedSet<int> Open { get; } = [.. Enumerable.Range(0, count)];

        public int Next { get; set; }

        public int Dispatched { get; set; } = -1;

        /// <summary>Of a canceled batch: how many of its messages may be there.</summary>
        public int Stopped { get; set; }
    }
}
