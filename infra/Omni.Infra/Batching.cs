using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>What releases batches: the queue that asks for a step of one, and the function that takes it.</summary>
internal sealed class Batching : Construct
{
    // Batches are released side by side: what is taken from the account's concurrency.
    private const int MaxConcurrency = 20;

    // A record that nobody can handle is a fault of ours; the Scheduler asks for the step again within ten minutes.
    private const int MaxReceiveCount = 100;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public Batching(Construct scope, StackContext context, Storage storage, IReadOnlyList<CarrierChannel> channels)
        : base(scope, "Batching")
    {
        var prefix = context.Options.Prefix;
        DeadLetters = new DeadLetterQueue(this, "DeadLetters", $"{prefix}-batches-dlq.fifo", context);
        Queue = new WorkQueue(this, "Batches", new WorkQueueShape
        {
            Name = $"{prefix}-batches.fifo",
            DeadLetters = DeadLetters,
            MaxReceiveCount = MaxReceiveCount,
            ConsumerTimeout = Timeout,
            // A record waits half a minute at most for room, and comes twenty times.
            UsualAge = TimeSpan.FromMinutes(20),
        }, context);

        var settings = new Dictionary<string, string>
        {
            [SettingNames.Stage] = context.Options.Stage,
            [SettingNames.MessagesTable] = storage.Messages.TableName,
            [SettingNames.ListShards] = storage.ListShards,
            [SettingNames.SessionsTable] = storage.Sessions.TableName,
            [SettingNames.ControlTable] = storage.Control.TableName,
            [SettingNames.BlobBucket] = storage.Blobs.BucketName,
            [SettingNames.BatchQueue] = Queue.Queue.QueueUrl,
        };
        foreach (var channel in channels) channel.AddRate(settings);
        Batcher = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.Batcher",
            Description = "Releases batches at the pace at which they can be sent, and cancels them.",
            Timeout = Timeout,
            MemoryMegabytes = 512,
            Settings = settings,
        });
        // One record an invocation: a step that takes its time holds up no other batch.
        Batcher.ConsumeFrom(Queue, batchSize: 1, MaxConcurrency);
        Batcher.Allow(["sqs:ChangeMessageVisibility"], Queue.Queue.QueueArn);
        // Messages are put, and canceled; a batch and its statuses are read and moved on.
        Batcher.Allow(
            [TableActions.ReadItem, TableActions.Query, TableActions.Put, TableActions.Update], storage.Messages.TableArn);
        // The sender and its line; the batches that share it; the days that have messages.
        Batcher.Allow(
            [TableActions.ReadItem, TableActions.ReadItems, TableActions.Query, TableActions.Update], storage.Control.TableArn);
        // Who was deleted since the batch was taken.
        Batcher.Allow([TableActions.ReadItem], storage.Sessions.TableArn);
        // A batch's file is read, and deleted when all of it is released.
        Batcher.Allow(["s3:GetObject", "s3:DeleteObject"], storage.Blobs.ArnForObjects(Files));
    }

    /// <summary>The names of what batches are made of.</summary>
    public const string Files = "batches/*";

    public DeadLetterQueue DeadLetters { get; }

    public WorkQueue Queue { get; }

    public OmniFunction Batcher { get; }
}
