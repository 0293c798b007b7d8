using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>What follows plans of legs: the queue that asks for a look at one, and the function that takes it.</summary>
internal sealed class Routing : Construct
{
    // A plan is looked at by one at a time; so many are side by side: what is taken from the account's concurrency.
    private const int MaxConcurrency = 20;

    private const int MaxReceiveCount = 100;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public Routing(Construct scope, StackContext context, Storage storage) : base(scope, "Routing")
    {
        var prefix = context.Options.Prefix;
        DeadLetters = new DeadLetterQueue(this, "DeadLetters", $"{prefix}-router-dlq.fifo", context);
        Queue = new WorkQueue(this, "Plans", new WorkQueueShape
        {
            Name = $"{prefix}-router.fifo",
            DeadLetters = DeadLetters,
            MaxReceiveCount = MaxReceiveCount,
            ConsumerTimeout = Timeout,
            UsualAge = TimeSpan.FromMinutes(5),
        }, context);
        Router = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.Router",
            Description = "Follows messages with failover: begins the next leg when one does not reach the person.",
            Timeout = Timeout,
            Settings = new()
            {
                [SettingNames.Stage] = context.Options.Stage,
                [SettingNames.MessagesTable] = storage.Messages.TableName,
                [SettingNames.ListShards] = storage.ListShards,
                [SettingNames.ControlTable] = storage.Control.TableName,
                [SettingNames.RouterQueue] = Queue.Queue.QueueUrl,
            },
        });
        Router.ConsumeFrom(Queue, batchSize: 10, MaxConcurrency);
        Router.Allow(["sqs:ChangeMessageVisibility"], Queue.Queue.QueueArn);
        // The message and its legs are read; a step moves the message, takes a leg back or sees that it failed, and puts the next one.
        Router.Allow(
            [TableActions.ReadItem, TableActions.ReadItems, TableActions.Put, TableActions.Update, TableActions.Check],
            storage.Messages.TableArn);
        // Who opted out; the days that have messages.
        Router.Allow([TableActions.Query, TableActions.Update], storage.Control.TableArn);
    }

    public DeadLetterQueue DeadLetters { get; }

    public WorkQueue Queue { get; }

    public OmniFunction Router { get; }
}
