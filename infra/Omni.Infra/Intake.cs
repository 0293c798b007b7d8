using Amazon.CDK.AWS.Lambda.EventSources;
using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>What people and carriers tell us: the queue behind the webhooks, and the function that writes it down.</summary>
internal sealed class Intake : Construct
{
    public Intake(Construct scope, StackContext context, Storage storage) : base(scope, "Intake")
    {
        var prefix = context.Options.Prefix;
        var timeout = TimeSpan.FromSeconds(30);

        DeadLetters = new DeadLetterQueue(this, "DeadLetters", $"{prefix}-inbound-dlq", context);
        Queue = new WorkQueue(this, "Inbound", new WorkQueueShape
        {
            Name = $"{prefix}-inbound",
            DeadLetters = DeadLetters,
            MaxReceiveCount = 10,
            ConsumerTimeout = timeout,
            UsualAge = TimeSpan.FromMinutes(5),
        }, context);

        var settings = new Dictionary<string, string>
        {
            [SettingNames.Stage] = context.Options.Stage,
            [SettingNames.MessagesTable] = storage.Messages.TableName,
            [SettingNames.ListShards] = storage.ListShards,
            [SettingNames.SessionsTable] = storage.Sessions.TableName,
            [SettingNames.ControlTable] = storage.Control.TableName,
            [SettingNames.BlobBucket] = storage.Blobs.BucketName,
        };
        storage.AddEvents(settings);
        Processor = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.InboundProcessor",
            Description = "Writes messages, receipts and consents from the webhooks into the tables.",
            Timeout = timeout,
            Settings = settings,
        });
        Processor.Function.AddEventSource(
            new SqsEventSource(Queue.Queue, new SqsEventSourceProps { BatchSize = 10, ReportBatchItemFailures = true }));

        Processor.Allow([TableActions.ReadItem, TableActions.ReadItems, TableActions.Put, TableActions.Update], storage.Messages.TableArn);
        // "Read up to here" names a time, not the messages.
        Processor.Allow([TableActions.Query], storage.MessagesIndexArn(Storage.ConversationIndex));
        Processor.Allow([TableActions.ReadItem, TableActions.Update], storage.Sessions.TableArn, storage.Control.TableArn);
        Processor.Allow(["s3:GetObject", "s3:PutObject"], storage.Blobs.ArnForObjects("*"));
    }

    public DeadLetterQueue DeadLetters { get; }

    public WorkQueue Queue { get; }

    public OmniFunction Processor { get; }
}
