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
        if (context.Options.Processor is { } processor) settings[SettingNames.Processor] = processor.Name;
        storage.AddEvents(settings);
        Processor = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.InboundProcessor",
            Description = "Writes messages, receipts and consents from the webhooks into the tables.",
            Timeout = timeout,
            Settings = settings,
        });
        Processor.ConsumeFrom(Queue, batchSize: 10);

        Processor.Allow([TableActions.ReadItem, TableActions.ReadItems, TableActions.Put, TableActions.Update], storage.Messages.TableArn);
        // "Read up to here" names a time, not the messages.
        Processor.Allow([TableActions.Query], storage.MessagesIndexArn(Storage.ConversationIndex));
        Processor.Allow([TableActions.ReadItem, TableActions.Update], storage.Sessions.TableArn);
        // A webhook that comes again after its message was deleted brings nothing back.
        Processor.Allow(["s3:DeleteObject"], storage.Blobs.ArnForObjects("raw/*"));
        // What a person said under one address holds under the others.
        // And what they write belongs to whose sender they wrote to.
        Processor.Allow([TableActions.Query, TableActions.Update, TableActions.ReadItem], storage.Control.TableArn);
    }

    public DeadLetterQueue DeadLetters { get; }

    public WorkQueue Queue { get; }

    public OmniFunction Processor { get; }
}
