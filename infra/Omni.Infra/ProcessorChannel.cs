using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>
/// A processor: its own queue of turns, and its function. One queue each, for a filter of a shared one would throw others' records away.
/// </summary>
internal sealed class ProcessorChannel : Construct
{
    // Conversations are answered side by side: what is taken from the account's concurrency.
    private const int MaxConcurrency = 20;

    // The function itself gives up what its processor cannot do; this is for what is nobody's fault but ours.
    private const int MaxReceiveCount = 100;

    // Six times this is how long a turn that ended its process is hidden, and it is tried six times: less than a quarter of an hour.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public ProcessorChannel(Construct scope, StackContext context, Processor processor, Storage storage) : base(scope, processor.Name)
    {
        Processor = processor;
        var prefix = $"{context.Options.Prefix}-{processor.Id}-turns";
        DeadLetters = new DeadLetterQueue(this, "DeadLetters", $"{prefix}-dlq.fifo", context);
        Turns = new WorkQueue(this, "Turns", new WorkQueueShape
        {
            Name = $"{prefix}.fifo",
            DeadLetters = DeadLetters,
            MaxReceiveCount = MaxReceiveCount,
            ConsumerTimeout = Timeout,
            // What stands behind a turn that fails every time waits for the conversation to be handed over.
            UsualAge = TimeSpan.FromMinutes(15),
        }, context);

        var settings = new Dictionary<string, string>
        {
            [SettingNames.Stage] = context.Options.Stage,
            [SettingNames.MessagesTable] = storage.Messages.TableName,
            [SettingNames.ListShards] = storage.ListShards,
            [SettingNames.SessionsTable] = storage.Sessions.TableName,
            [SettingNames.ControlTable] = storage.Control.TableName,
            [SettingNames.BlobBucket] = storage.Blobs.BucketName,
            [SettingNames.TurnQueue(processor)] = Turns.Queue.QueueUrl,
            [SettingNames.TurnDeadLetters(processor)] = DeadLetters.Queue.QueueUrl,
        };
        storage.AddEvents(settings);
        Function = new OmniFunction(this, context, new FunctionShape
        {
            Project = processor.Name,
            Description = $"The turns of {processor.Name}: answers people, whatever carrier they write through.",
            Timeout = Timeout,
            CallsAnyHost = processor.CallsOthers,
            Settings = settings,
        });
        Function.ConsumeFrom(Turns, batchSize: 10, MaxConcurrency);
        Function.Allow(["sqs:ChangeMessageVisibility"], Turns.Queue.QueueArn);
        Function.Allow(["sqs:SendMessage"], DeadLetters.Queue.QueueArn);
        // The mark on the person's message, the replies, what clients are told; and whether people have answered.
        Function.Allow([TableActions.Put, TableActions.Update, TableActions.ReadItems], storage.Messages.TableArn);
        Function.Allow([TableActions.Query], storage.MessagesIndexArn(Storage.ConversationIndex));
        // What is left between turns, and how often one failed.
        Function.Allow([TableActions.ReadItem, TableActions.Put, TableActions.Update], storage.Sessions.TableArn);
        // The days that have messages.
        Function.Allow([TableActions.Update], storage.Control.TableArn);
        // Its signed links open what it may read itself: the files that people sent.
        Function.Allow(["s3:GetObject"], storage.Blobs.ArnForObjects("media/*"));
    }

    public Processor Processor { get; }

    public DeadLetterQueue DeadLetters { get; }

    public WorkQueue Turns { get; }

    public OmniFunction Function { get; }

    /// <summary>Tells a function where turns are given.</summary>
    public void AddQueue(Dictionary<string, string> settings) => settings[SettingNames.TurnQueue(Processor)] = Turns.Queue.QueueUrl;
}
