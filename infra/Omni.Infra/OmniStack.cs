using Amazon.CDK;
using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>The whole service. The carrier catalogue decides which carriers it has; nothing here knows one by name.</summary>
internal sealed class OmniStack : Stack
{
    public OmniStack(Construct scope, OmniOptions options) : base(scope, $"Omni-{options.Stage}", new StackProps
    {
        Description = "Omni: omnichannel messaging.",
        TerminationProtection = options.IsProduction,
        Tags = new Dictionary<string, string> { ["service"] = "omni", ["stage"] = options.Stage },
    })
    {
        var code = new FunctionCode(options);
        var key = CustomerKey.Of(this, options);
        var context = new StackContext(options, code, new Alarms(this, options, key), key);

        var storage = new Storage(this, options, key);
        var http = new HttpFront(this, options, key);
        var intake = new Intake(this, context, storage);

        CarrierChannel[] channels =
            [.. options.Carriers.Select(carrier => new CarrierChannel(this, context, carrier, storage, intake, http))];

        var batching = new Batching(this, context, storage, channels);
        var notifications = options.KeepsEvents ? new Notifications(this, context, storage) : null;
        var media = new MediaConversion(this, context, storage);
        var routing = new Routing(this, context, storage);
        ProcessorChannel[] processors =
            [.. ProcessorCatalogue.All.Select(processor => new ProcessorChannel(this, context, processor, storage))];
        var core = new Core(this, context, storage, intake, media, channels, processors, batching, routing, notifications, http);
        _ = new OmniDashboard(this, options, core, intake, batching, routing, notifications, http, channels, processors);
        code.RefuseMissing(this);

        Output("ApiUrl", http.Url, "The client API is under /api/v1.");
        Output("MessagesTableName", storage.Messages.TableName, "Messages and batches.");
        Output("SessionsTableName", storage.Sessions.TableName, "Conversations.");
        Output("ControlTableName", storage.Control.TableName, "API keys, consents, senders' lines.");
        Output("EventsTableName", storage.Events.TableName, "What clients are told of.");
        Output("BlobBucketName", storage.Blobs.BucketName, "What is too large for a table or a queue.");
        Output("InboundQueueUrl", intake.Queue.Queue.QueueUrl, "From the webhooks to the InboundProcessor.");
        Output("InboundDeadLetterQueueUrl", intake.DeadLetters.Queue.QueueUrl, "Its dead letters.");
        Output("DispatcherDeadLetterQueueUrl", core.DispatcherDeadLetters.Queue.QueueUrl, "The Dispatcher's dead letters.");
        Output("RecorderDeadLetterQueueUrl", core.Recorder.DeadLetters.Queue.QueueUrl, "The recorder's dead letters.");
        Output("BatchesQueueUrl", batching.Queue.Queue.QueueUrl, "Steps of batches' release.");
        Output("BatchesDeadLetterQueueUrl", batching.DeadLetters.Queue.QueueUrl, "Its dead letters.");
        Output("MediaQueueUrl", media.Queue.Queue.QueueUrl, "Messages whose files are made into what carriers take.");
        Output("MediaDeadLetterQueueUrl", media.DeadLetters.Queue.QueueUrl, "Its dead letters.");
        Output("RouterQueueUrl", routing.Queue.Queue.QueueUrl, "Messages whose plans of legs are to be followed.");
        Output("RouterDeadLetterQueueUrl", routing.DeadLetters.Queue.QueueUrl, "Its dead letters.");

        if (notifications is not null)
        {
            Output("NotifyQueueUrl", notifications.Queue.Queue.QueueUrl, "Wakes the workers of clients' endpoints.");
            Output("NotifyDeadLetterQueueUrl", notifications.DeadLetters.Queue.QueueUrl, "Its dead letters.");
        }

        foreach (var processor in processors)
        {
            var name = processor.Processor.Name.Replace(".", "", StringComparison.Ordinal);
            Output($"{name}TurnsQueueUrl", processor.Turns.Queue.QueueUrl, $"The turns of {processor.Processor.Name}.");
            Output($"{name}TurnsDeadLetterQueueUrl", processor.DeadLetters.Queue.QueueUrl, "Its dead letters.");
        }

        foreach (var channel in channels)
        {
            var name = channel.Carrier.Name;
            Output($"{name}WebhookUrl", $"{http.PublicBaseUrl}{channel.WebhookPath}", $"To be entered at {name}.");
            Output($"{name}OutboundQueueUrl", channel.Outbound.Queue.QueueUrl, $"Commands for {name}.");
            Output($"{name}OutboundBulkQueueUrl", channel.Bulk.Queue.QueueUrl, $"Bulk commands for {name}.");
            Output($"{name}OutboundDeadLetterQueueUrl", channel.DeadLetters.Queue.QueueUrl, "Their dead letters.");
        }
    }

    private void Output(string name, string value, string description) =>
        _ = new CfnOutput(this, name, new CfnOutputProps { Value = value, Description = description });
}
