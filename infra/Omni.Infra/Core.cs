using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.Events;
using Amazon.CDK.AWS.Events.Targets;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.SQS;
using Amazon.JSII.Runtime.Deputy;
using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>
/// Where a mapping puts what it gives up on; its function may send there already. CDK's own lets it read the queue's attributes too.
/// </summary>
internal sealed class FailureQueue(IQueue queue) : DeputyBase, IEventSourceDlq
{
    public IDlqDestinationConfig Bind(IEventSourceMapping target, IFunction targetHandler) =>
        new DlqDestinationConfig { Destination = queue.QueueArn };
}

/// <summary>
/// The functions that know no carrier: the client API, the Dispatcher and the recorder behind the stream, the Scheduler on the clock.
/// </summary>
internal sealed class Core : Construct
{
    public Core(
        Construct scope,
        StackContext context,
        Storage storage,
        Intake intake,
        MediaConversion media,
        IReadOnlyList<CarrierChannel> channels,
        IReadOnlyList<ProcessorChannel> processors,
        Batching batching,
        Routing routing,
        Notifications? notifications,
        HttpFront http)
        : base(scope, "Core")
    {
        var options = context.Options;
        DispatcherDeadLetters = new DeadLetterQueue(this, "DispatcherDeadLetters", $"{options.Prefix}-dispatcher-dlq", context);

        Dispatcher = MakeDispatcher(context, storage, media, channels, processors, batching, routing);
        context.Alarms.WatchStream(
            Dispatcher, "Accepted messages wait in the stream: the Dispatcher is stuck or behind.", TimeSpan.FromMinutes(1));
        Recorder = new(this, context, storage, notifications);
        context.Alarms.WatchStream(
            Recorder.Function, "Batches stop and clients are told late: the recorder is stuck or behind.", TimeSpan.FromMinutes(15));

        Api = MakeApi(context, storage, intake, media, channels, processors, batching, routing, notifications, http);
        http.Route("/api/v1/{proxy+}", ["ANY"], Api);
        // Links in texts, where a carrier carries no files.
        http.Route("/f/{id}", ["GET"], Api);
        Scheduler = MakeScheduler(context, storage, channels, processors, notifications);
    }

    public DeadLetterQueue DispatcherDeadLetters { get; }

    public OmniFunction Api { get; }

    public OmniFunction Dispatcher { get; }

    /// <summary>What counts batches, and records events where clients are told of them.</summary>
    public Recorder Recorder { get; }

    public OmniFunction Scheduler { get; }

    private OmniFunction MakeApi(
        StackContext context,
        Storage storage,
        Intake intake,
        MediaConversion media,
        IReadOnlyList<CarrierChannel> channels,
        IReadOnlyList<ProcessorChannel> processors,
        Batching batching,
        Routing routing,
        Notifications? notifications,
        HttpFront http)
    {
        var settings = new Dictionary<string, string>
        {
            [SettingNames.Stage] = context.Options.Stage,
            [SettingNames.Carriers] = string.Join(',', channels.Select(channel => channel.Carrier.Id)),
            [SettingNames.MessagesTable] = storage.Messages.TableName,
            [SettingNames.ListShards] = storage.ListShards,
            [SettingNames.SessionsTable] = storage.Sessions.TableName,
            [SettingNames.ControlTable] = storage.Control.TableName,
            [SettingNames.BlobBucket] = storage.Blobs.BucketName,
            [SettingNames.PublicBaseUrl] = http.PublicBaseUrl,
            [SettingNames.InboundQueue] = intake.Queue.Queue.QueueUrl,
            [SettingNames.InboundDeadLetters] = intake.DeadLetters.Queue.QueueUrl,
            [SettingNames.DispatcherDeadLetters] = DispatcherDeadLetters.Queue.QueueUrl,
            [SettingNames.RecorderDeadLetters] = Recorder.DeadLetters.Queue.QueueUrl,
            [SettingNames.BatchQueue] = batching.Queue.Queue.QueueUrl,
            [SettingNames.BatchDeadLetters] = batching.DeadLetters.Queue.QueueUrl,
            [SettingNames.MediaDeadLetters] = media.DeadLetters.Queue.QueueUrl,
            [SettingNames.RouterDeadLetters] = routing.DeadLetters.Queue.QueueUrl,
        };
        if (context.Options.LongPolls is { } polls) settings[SettingNames.LongPolls] = polls.ToString(CultureInfo.InvariantCulture);
        if (context.Options.ApiRate is var rate && double.IsFinite(rate))
            settings[SettingNames.ApiRate] = rate.ToString(CultureInfo.InvariantCulture);
        if (context.Options.ApiBurst is { } burst) settings[SettingNames.ApiBurst] = burst.ToString(CultureInfo.InvariantCulture);
        if (context.Options.OnlyRegisteredSenders) settings[SettingNames.Senders] = "registered";
        storage.AddEvents(settings, isRead: true);
        if (notifications is not null)
        {
            notifications.AddQueue(settings);
            settings[SettingNames.NotifyDeadLetters] = notifications.DeadLetters.Queue.QueueUrl;
        }

        foreach (var channel in channels)
        {
            AddOutbound(settings, channel);
            settings[SettingNames.OutboundDeadLetters(channel.Carrier)] = channel.DeadLetters.Queue.QueueUrl;
            channel.AddRate(settings);
        }

        foreach (var processor in processors)
        {
            processor.AddQueue(settings);
            settings[SettingNames.TurnDeadLetters(processor.Processor)] = processor.DeadLetters.Queue.QueueUrl;
        }

        var api = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.Api",
            Description = "The client API under /api/v1.",
            // The gateway gives up after 30 seconds; a long poll takes up to 20.
            Timeout = TimeSpan.FromSeconds(29),
            MemoryMegabytes = 512,
            ReservedConcurrency = context.Options.ApiConcurrency,
            // A client's endpoint is tried at once, before it is told of anything again.
            CallsAnyHost = true,
            Settings = settings,
        });
        api.Allow([TableActions.ReadItem], storage.Messages.TableArn, storage.Sessions.TableArn, storage.Control.TableArn);
        // Indexes hold keys only; what a list shows is read by these. So are the lines of a carrier's senders.
        api.Allow([TableActions.ReadItems], storage.Messages.TableArn, storage.Sessions.TableArn, storage.Control.TableArn);
        api.Allow(
            [TableActions.Query],
            storage.Messages.TableArn, storage.MessagesIndexArn(Storage.ListIndex), storage.MessagesIndexArn(Storage.ConversationIndex),
            storage.MessagesIndexArn(Storage.LabelIndex), storage.SessionsIndexArn, storage.Control.TableArn,
            storage.ControlDueIndexArn);
        // A cancel request is written into the message. The days that have messages are noted. Keys, senders and webhook endpoints are
        // the caller's to make and to delete.
        api.Allow([TableActions.Put, TableActions.Update], storage.Messages.TableArn, storage.Control.TableArn);
        api.Allow([TableActions.Delete], storage.Control.TableArn);
        // Who is to be deleted is marked; conversations are given to people, and back to their processor.
        api.Allow([TableActions.Update, TableActions.Put], storage.Sessions.TableArn);
        if (notifications is not null)
        {
            api.Allow([TableActions.ReadItem, TableActions.Query], storage.Events.TableArn);
            notifications.AllowWaking(api);
        }

        // Its signed links open what it may read and write itself: files of messages and of clients, and nothing else of the bucket.
        api.Allow(["s3:GetObject", "s3:PutObject"], storage.Blobs.ArnForObjects("media/*"), storage.Blobs.ArnForObjects("uploads/*"));
        // The content of a message is deleted with its files and the carrier's own words.
        api.Allow(["s3:DeleteObject"], storage.Blobs.ArnForObjects("media/*"), storage.Blobs.ArnForObjects("raw/*"));
        // What batches are made of it keeps, and the answers to them it reads again.
        api.Allow(["s3:GetObject", "s3:PutObject"], storage.Blobs.ArnForObjects(Batching.Files));
        string[] queues = [.. channels.SelectMany(c => new[] { c.Outbound.Queue.QueueArn, c.Bulk.Queue.QueueArn })];
        string[] deadLetters =
        [
            .. channels.Select(c => c.DeadLetters.Queue.QueueArn), intake.DeadLetters.Queue.QueueArn, DispatcherDeadLetters.Queue.QueueArn,
            Recorder.DeadLetters.Queue.QueueArn, batching.DeadLetters.Queue.QueueArn, media.DeadLetters.Queue.QueueArn,
            .. processors.Select(p => p.DeadLetters.Queue.QueueArn),
            routing.DeadLetters.Queue.QueueArn,
            .. notifications is null ? Array.Empty<string>() : [notifications.DeadLetters.Queue.QueueArn],
        ];
        api.Allow(["sqs:GetQueueAttributes"], [.. queues, .. deadLetters]);
        // Dead letters are looked at, and given back to the queues that they were in.
        api.Allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"], deadLetters);
        api.Allow(
            ["sqs:SendMessage"],
            [
                .. queues, intake.Queue.Queue.QueueArn, batching.Queue.Queue.QueueArn,
                .. processors.Select(p => p.Turns.Queue.QueueArn),
            ]);
        return api;
    }

    private OmniFunction MakeDispatcher(
        StackContext context,
        Storage storage,
        MediaConversion media,
        IReadOnlyList<CarrierChannel> channels,
        IReadOnlyList<ProcessorChannel> processors,
        Batching batching,
        Routing routing)
    {
        var settings = new Dictionary<string, string>
        {
            [SettingNames.Stage] = context.Options.Stage,
            [SettingNames.Carriers] = string.Join(',', channels.Select(channel => channel.Carrier.Id)),
            [SettingNames.DispatcherDeadLetters] = DispatcherDeadLetters.Queue.QueueUrl,
            [SettingNames.MessagesTable] = storage.Messages.TableName,
            [SettingNames.BatchQueue] = batching.Queue.Queue.QueueUrl,
            [SettingNames.MediaQueue] = media.Queue.Queue.QueueUrl,
            [SettingNames.RouterQueue] = routing.Queue.Queue.QueueUrl,
        };
        foreach (var channel in channels) AddOutbound(settings, channel);
        foreach (var processor in processors) processor.AddQueue(settings);

        var dispatcher = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.Dispatcher",
            Description = "Follows the stream of messages and gives senders, processors, the Batcher and the router their work.",
            Timeout = TimeSpan.FromSeconds(60),
            Settings = settings,
        });
        dispatcher.Allow(
            ["sqs:SendMessage"],
            [
                DispatcherDeadLetters.Queue.QueueArn, batching.Queue.Queue.QueueArn, media.Queue.Queue.QueueArn,
                routing.Queue.Queue.QueueArn,
                .. channels.SelectMany(c => new[] { c.Outbound.Queue.QueueArn, c.Bulk.Queue.QueueArn }),
                .. processors.Select(p => p.Turns.Queue.QueueArn),
            ]);
        // The replies of a turn that follow its first.
        dispatcher.Allow([TableActions.ReadItems], storage.Messages.TableArn);
        // Messages and batches only: raw payloads, long timelines and statuses (other values of sk) are nobody's work.
        dispatcher.Function.AddEventSource(storage.MessagesStream(DispatcherDeadLetters, "m", "b"));
        return dispatcher;
    }

    private OmniFunction MakeScheduler(
        StackContext context,
        Storage storage,
        IReadOnlyList<CarrierChannel> channels,
        IReadOnlyList<ProcessorChannel> processors,
        Notifications? notifications)
    {
        CarrierChannel[] listing = [.. channels.Where(channel => channel.Carrier.ListsTemplates)];
        var settings = new Dictionary<string, string>
        {
            [SettingNames.Stage] = context.Options.Stage,
            [SettingNames.MessagesTable] = storage.Messages.TableName,
            [SettingNames.ListShards] = storage.ListShards,
            [SettingNames.SessionsTable] = storage.Sessions.TableName,
            [SettingNames.ControlTable] = storage.Control.TableName,
            [SettingNames.BlobBucket] = storage.Blobs.BucketName,
            [SettingNames.Carriers] = string.Join(',', channels.Select(channel => channel.Carrier.Id)),
        };
        foreach (var channel in listing) settings[SettingNames.OutboundQueue(channel.Carrier)] = channel.Outbound.Queue.QueueUrl;
        foreach (var processor in processors) processor.AddQueue(settings);
        storage.AddEvents(settings, isRead: true);
        notifications?.AddQueue(settings);
        var scheduler = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.Scheduler",
            Description = "Every minute: releases what is due, raises unknowns, expires what is late; wakes, counts, deletes people.",
            // Below the minute, so that two ticks seldom overlap; they may, because every decision is a conditional write.
            Timeout = TimeSpan.FromSeconds(50),
            // A whole processor: it alone releases what was scheduled for the same minute, and fast work costs no more than slow work.
            MemoryMegabytes = 1769,
            CalledByTheClock = true,
            Settings = settings,
        });
        scheduler.Allow([TableActions.Query], storage.MessagesIndexArn(Storage.DueIndex));
        scheduler.Allow([TableActions.ReadItem, TableActions.Update], storage.Messages.TableArn);
        // Usage: the messages of tenants' last days are counted, and the sums set.
        scheduler.Allow([TableActions.Query], storage.MessagesIndexArn(Storage.ListIndex), storage.Control.TableArn);
        scheduler.Allow([TableActions.ReadItems], storage.Messages.TableArn);
        scheduler.Allow([TableActions.ReadItem, TableActions.Update], storage.Control.TableArn);
        // People are deleted: who else knows all that names them? Their messages are blanked, their conversations and files go.
        scheduler.Allow([TableActions.Scan, TableActions.Delete], storage.Messages.TableArn, storage.Sessions.TableArn);
        scheduler.Allow([TableActions.Query], storage.Messages.TableArn, storage.ControlDueIndexArn);
        scheduler.Allow([TableActions.Delete], storage.Control.TableArn);
        scheduler.Allow([TableActions.ReadItem, TableActions.ReadItems, TableActions.Update], storage.Sessions.TableArn);
        scheduler.Allow(["s3:DeleteObject"], storage.Blobs.ArnForObjects("media/*"), storage.Blobs.ArnForObjects("raw/*"));
        // Processors are given the turns that they asked to be woken for.
        scheduler.Allow([TableActions.Query], storage.WakeIndexArn);
        scheduler.Allow(["sqs:SendMessage"], [.. processors.Select(p => p.Turns.Queue.QueueArn)]);
        // Senders are asked for the templates of carriers that list them.
        if (listing.Length > 0) scheduler.Allow(["sqs:SendMessage"], [.. listing.Select(channel => channel.Outbound.Queue.QueueArn)]);

        if (notifications is not null)
        {
            // The endpoints that lag, and what they wait for.
            scheduler.Allow([TableActions.Query], storage.Events.TableArn);
            notifications.AllowWaking(scheduler);
        }

        _ = new Rule(this, "EveryMinute", new RuleProps
        {
            RuleName = $"{context.Options.Prefix}-every-minute",
            Description = "The Scheduler's clock.",
            Schedule = Schedule.Rate(Duration.Minutes(1)),
            // A tick that cannot be delivered is dropped: the next one does its work.
            Targets = [new LambdaFunction(
                scheduler.Function, new LambdaFunctionProps { RetryAttempts = 0, MaxEventAge = Duration.Minutes(1) })],
        });
        return scheduler;
    }

    private static void AddOutbound(Dictionary<string, string> settings, CarrierChannel channel)
    {
        settings[SettingNames.OutboundQueue(channel.Carrier)] = channel.Outbound.Queue.QueueUrl;
        settings[SettingNames.BulkQueue(channel.Carrier)] = channel.Bulk.Queue.QueueUrl;
    }
}
