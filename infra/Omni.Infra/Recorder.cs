using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>
/// What counts what becomes of batches, and puts into the log what clients are told of: the second reader of the messages' stream. Where
/// clients are told of nothing, it only counts.
/// </summary>
internal sealed class Recorder : Construct
{
    public Recorder(Construct scope, StackContext context, Storage storage, Notifications? notifications) : base(scope, "Recorder")
    {
        DeadLetters = new DeadLetterQueue(this, "DeadLetters", $"{context.Options.Prefix}-recorder-dlq", context);
        var settings = new Dictionary<string, string>
        {
            [SettingNames.Stage] = context.Options.Stage,
            [SettingNames.MessagesTable] = storage.Messages.TableName,
            [SettingNames.RecorderDeadLetters] = DeadLetters.Queue.QueueUrl,
        };
        storage.AddEvents(settings, isRead: true);
        if (notifications is not null)
        {
            settings[SettingNames.ControlTable] = storage.Control.TableName;
            notifications.AddQueue(settings);
        }

        Function = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.EventRecorder",
            Description = "Follows the stream of messages: counts batches, and appends what clients are told of to the log of events.",
            Timeout = TimeSpan.FromSeconds(60),
            Settings = settings,
        });
        Function.Allow(["sqs:SendMessage"], DeadLetters.Queue.QueueArn);
        // The statuses of batches, and how many of their items are open.
        Function.Allow([TableActions.Update], storage.Messages.TableArn);
        if (notifications is not null) AllowTelling(storage, notifications);

        // Messages and batches, and the events of those who wrote theirs beside their state.
        Function.Function.AddEventSource(
            notifications is null ? storage.MessagesStream(DeadLetters, "m") : storage.MessagesStream(DeadLetters, "m", "b", "o"));
    }

    public DeadLetterQueue DeadLetters { get; }

    public OmniFunction Function { get; }

    private void AllowTelling(Storage storage, Notifications notifications)
    {
        // An append is a query for the lane's end and a put; the bound of a lane is read and raised.
        Function.Allow(
            [TableActions.ReadItem, TableActions.Query, TableActions.Put, TableActions.Update], storage.Events.TableArn);
        // Which endpoints want what was appended.
        Function.Allow([TableActions.Query], storage.Control.TableArn);
        notifications.AllowWaking(Function);
    }
}
