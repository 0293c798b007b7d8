using System.Text.Json.Serialization;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Omni.Aws;
using Omni.Pipeline;

namespace Omni.Inteliquent.Outbound;

/// <summary>Sends queued messages through Inteliquent.</summary>
public sealed class Function
{
    private readonly SenderPipeline _pipeline;

    /// <summary>The function over its real parts.</summary>
    /// <param name="settings">Its settings.</param>
    public Function(Settings settings)
        : this(SenderPipeline.Create(InteliquentSender.Carrier, settings, http => new InteliquentSender(http, new InteliquentOptions(settings))))
    {
    }

    internal Function(SenderPipeline pipeline) => _pipeline = pipeline;

    /// <summary>Handles one batch.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="context">The invocation.</param>
    public Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context) => _pipeline.HandleAsync(batch, context);
}

/// <summary>The JSON between Lambda and this function.</summary>
[JsonSerializable(typeof(SQSEvent))]
[JsonSerializable(typeof(SQSBatchResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext;
