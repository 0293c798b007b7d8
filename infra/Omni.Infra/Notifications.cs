using Amazon.CDK.AWS.Lambda.EventSources;
using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>What tells clients' endpoints: the queue that wakes its workers, and the function that they are.</summary>
internal sealed class Notifications : Construct
{
    // Workers that wait for slow endpoints at the same time: what is taken from the account's concurrency.
    private const int MaxConcurrency = 50;

    // A wake that nobody can handle is a fault of ours; what it was about the Scheduler finds within a minute.
    private const int MaxReceiveCount = 100;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public Notifications(Construct scope, StackContext context, Storage storage) : base(scope, "Notifications")
    {
        var prefix = context.Options.Prefix;
        DeadLetters = new DeadLetterQueue(this, "DeadLetters", $"{prefix}-notify-dlq.fifo", context);
        Queue = new WorkQueue(this, "Notify", new WorkQueueShape
        {
            Name = $"{prefix}-notify.fifo",
            DeadLetters = DeadLetters,
            MaxReceiveCount = MaxReceiveCount,
            ConsumerTimeout = Timeout,
            // A record waits a minute at most for what is due again, and comes fifty times.
            UsualAge = TimeSpan.FromHours(1),
        }, context);

        Notifier = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.Notifier",
            Description = "Tells clients' endpoints what the log of events says.",
            Timeout = Timeout,
            MemoryMegabytes = 512,
            CallsAnyHost = true,
            Settings = new()
            {
                [SettingNames.Stage] = context.Options.Stage,
                [SettingNames.MessagesTable] = storage.Messages.TableName,
                [SettingNames.ControlTable] = storage.Control.TableName,
                [SettingNames.EventsTable] = storage.Events.TableName,
                [SettingNames.NotifyQueue] = Queue.Queue.QueueUrl,
            },
        });
        // One record an invocation: a slow endpoint holds up nobody else's record.
        Notifier.Function.AddEventSource(new SqsEventSource(Queue.Queue, new SqsEventSourceProps
        {
            BatchSize = 1, ReportBatchItemFailures = true, MaxConcurrency = MaxConcurrency,
        }));
        Notifier.Allow([TableActions.ReadItem, TableActions.Query], storage.Events.TableArn);
        Notifier.Allow(
            [TableActions.ReadItem, TableActions.Query, TableActions.Put, TableActions.Update, TableActions.Delete],
            storage.Control.TableArn);
        // That an endpoint was disabled is told in the log, by way of the outbox.
        Notifier.Allow([TableActions.Put], storage.Messages.TableArn);
        AllowWaking(Notifier);
        context.Alarms.WatchEndpoints();
    }

    /// <summary>Tells a function where it wakes workers.</summary>
    public void AddQueue(Dictionary<string, string> settings) => settings[SettingNames.NotifyQueue] = Queue.Queue.QueueUrl;

    /// <summary>Allows a function to wake workers.</summary>
    public void AllowWaking(OmniFunction function) => function.Allow(["sqs:SendMessage"], Queue.Queue.QueueArn);

    public DeadLetterQueue DeadLetters { get; }

    public WorkQueue Queue { get; }

    public OmniFunction Notifier { get; }
}
