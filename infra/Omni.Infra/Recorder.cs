using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>What puts into the log what clients are told of: the second reader of the messages' stream.</summary>
internal sealed class Recorder : Construct
{
    public Recorder(Construct scope, StackContext context, Storage storage, Notifications notifications) : base(scope, "Recorder")
    {
        DeadLetters = new DeadLetterQueue(this, "DeadLetters", $"{context.Options.Prefix}-recorder-dlq", context);
        var settings = new Dictionary<string, string>
        {
            [SettingNames.Stage] = context.Options.Stage,
            [SettingNames.EventsTable] = storage.Events.TableName,
            [SettingNames.ControlTable] = storage.Control.TableName,
            [SettingNames.RecorderDeadLetters] = DeadLetters.Queue.QueueUrl,
        };
        notifications.AddQueue(settings);
        Function = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.EventRecorder",
            Description = "Follows the stream of messages and appends what clients are told of to the log of events.",
            Timeout = TimeSpan.FromSeconds(60),
            Settings = settings,
        });
        // An append is a query for the lane's end and a put; the bound of a lane is read and raised.
        Function.Allow(
            [TableActions.ReadItem, TableActions.Query, TableActions.Put, TableActions.Update], storage.Events.TableArn);
        Function.Allow(["sqs:SendMessage"], DeadLetters.Queue.QueueArn);
        // Which endpoints want what was appended.
        Function.Allow([TableActions.Query], storage.Control.TableArn);
        notifications.AllowWaking(Function);
        // Messages, and the events of those who wrote theirs beside their state.
        Function.Function.AddEventSource(storage.MessagesStream(DeadLetters, "m", "o"));
    }

    public DeadLetterQueue DeadLetters { get; }

    public OmniFunction Function { get; }
}
