using Amazon.CDK;
using Amazon.CDK.AWS.SQS;
using Constructs;

namespace Omni.Infra;

/// <summary>A queue of what our own faults left behind. Anything in it is an alarm.</summary>
internal sealed class DeadLetterQueue : Construct
{
    // SQS's longest retention: the time there is to notice, mend and redrive.
    internal static readonly Duration LongestRetention = Duration.Days(14);

    public DeadLetterQueue(Construct scope, string id, string name, StackContext context) : base(scope, id)
    {
        Name = name;
        Queue = new Queue(this, "Queue", new QueueProps
        {
            QueueName = name,
            // The dead-letter queue of a FIFO queue is FIFO too. False is not accepted, only absence.
            Fifo = WorkQueue.IsFifo(name) ? true : null,
            RetentionPeriod = LongestRetention,
            Encryption = WorkQueue.Encryption(context),
            EncryptionMasterKey = context.Key,
            DataKeyReuse = WorkQueue.DataKeyReuse(context),
            EnforceSSL = true,
        });
        context.Alarms.WatchDeadLetters(this);
    }

    public string Name { get; }

    public Queue Queue { get; }
}

/// <summary>What one queue of work differs in from another.</summary>
internal sealed record WorkQueueShape
{
    /// <summary>Its name in AWS; a FIFO queue's ends in <c>.fifo</c>.</summary>
    public required string Name { get; init; }

    public required DeadLetterQueue DeadLetters { get; init; }

    public required int MaxReceiveCount { get; init; }

    /// <summary>The time-out of the function that reads it.</summary>
    public required TimeSpan ConsumerTimeout { get; init; }

    /// <summary>The oldest message that is nothing to worry about.</summary>
    public required TimeSpan UsualAge { get; init; }
}

/// <summary>A queue that a function reads. It cannot be made without a dead-letter queue, nor with too short a visibility.</summary>
internal sealed class WorkQueue : Construct
{
    public WorkQueue(Construct scope, string id, WorkQueueShape shape, StackContext context) : base(scope, id)
    {
        var fifo = IsFifo(shape.Name);
        Name = shape.Name;
        UsualAge = shape.UsualAge;
        Queue = new Queue(this, "Queue", new QueueProps
        {
            QueueName = Name,
            // High throughput: limits and deduplication are a group's own, so one busy conversation takes nothing from another.
            // docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
            Fifo = fifo ? true : null,
            DeduplicationScope = fifo ? DeduplicationScope.MESSAGE_GROUP : null,
            FifoThroughputLimit = fifo ? FifoThroughputLimit.PER_MESSAGE_GROUP_ID : null,
            RetentionPeriod = DeadLetterQueue.LongestRetention,
            // Six times the function's time-out: docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
            VisibilityTimeout = Duration.Seconds(6 * shape.ConsumerTimeout.TotalSeconds),
            DeadLetterQueue = new Amazon.CDK.AWS.SQS.DeadLetterQueue
            {
                Queue = shape.DeadLetters.Queue, MaxReceiveCount = shape.MaxReceiveCount
            },
            Encryption = Encryption(context),
            EncryptionMasterKey = context.Key,
            DataKeyReuse = DataKeyReuse(context),
            EnforceSSL = true,
        });
        context.Alarms.WatchAge(this);
    }

    public string Name { get; }

    public TimeSpan UsualAge { get; }

    public Queue Queue { get; }

    internal static QueueEncryption Encryption(StackContext context) =>
        context.Key is null ? QueueEncryption.SQS_MANAGED : QueueEncryption.KMS;

    // SQS asks KMS for a key once in this time for each who sends or receives; five minutes by default.
    internal static Duration? DataKeyReuse(StackContext context) => context.Key is null ? null : Duration.Hours(1);

    internal static bool IsFifo(string name) => name.EndsWith(".fifo", StringComparison.Ordinal);
}
