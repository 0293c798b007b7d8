using System.Text.Json.Serialization;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Conversations;

/// <summary>The function of a processor. A processor's own <c>Function</c> derives from it and says only which processor it is.</summary>
public abstract class ProcessorFunction
{
    /// <summary>How long a link to a person's file opens it.</summary>
    private static readonly TimeSpan LinkLife = TimeSpan.FromHours(1);

    private readonly TurnPipeline _pipeline;

    /// <summary>The function over its settings.</summary>
    /// <param name="name">The processor's name in <see cref="ProcessorCatalogue"/>.</param>
    /// <param name="settings">The function's settings.</param>
    /// <param name="processor">The processor.</param>
    /// <exception cref="ArgumentException">There is no such processor in the catalogue.</exception>
    /// <exception cref="SettingsException">Some settings are missing.</exception>
    protected ProcessorFunction(string name, Settings settings, MessageProcessor processor)
    {
        var known = ProcessorCatalogue.Find(name) ?? throw new ArgumentException($"The catalogue has no processor {name}.", nameof(name));
        var values = settings.Require(
            SettingNames.TurnQueue(known), SettingNames.TurnDeadLetters(known), SettingNames.MessagesTable, SettingNames.SessionsTable,
            SettingNames.ControlTable, SettingNames.BlobBucket);
        var aws = new AwsClients(settings);
        _pipeline = new(processor, new()
        {
            Processor = known,
            Dialogs = aws.Dialogs,
            Queries = aws.Queries,
            Queues = aws.Queues,
            Queue = values[0],
            DeadLetters = values[1],
            LinkTo = (tenant, mediaId) => aws.Blobs.LinkTo(BlobStore.MediaKey(tenant, mediaId), LinkLife),
            Clock = TimeProvider.System,
            Log = JsonLogger.Console,
        });
    }

    /// <summary>Runs a function until its environment ends: what <c>Program.cs</c> calls.</summary>
    /// <param name="make">Makes the function.</param>
    public static Task RunAsync(Func<Settings, ProcessorFunction> make) =>
        FunctionHost.RunAsync<SQSEvent, SQSBatchResponse, ProcessorJson>(settings => make(settings).HandleAsync);

    /// <summary>Handles one batch.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="context">The invocation.</param>
    public Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context) => _pipeline.HandleAsync(batch, context);
}

/// <summary>The JSON between Lambda and a processor's function.</summary>
[JsonSerializable(typeof(SQSEvent))]
[JsonSerializable(typeof(SQSBatchResponse))]
internal sealed partial class ProcessorJson : JsonSerializerContext;
