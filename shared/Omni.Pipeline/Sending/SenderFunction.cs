using System.Text.Json.Serialization;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// A carrier's outbound function, over <see cref="SenderPipeline"/>.
/// A carrier's own <c>Function</c> derives from it and says only its sender.
/// </summary>
/// <param name="carrier">The carrier.</param>
/// <param name="settings">The function's settings.</param>
/// <param name="make">Makes the carrier's sender over the call to the carrier.</param>
/// <exception cref="SettingsException">Some are missing.</exception>
public abstract class SenderFunction(Carrier carrier, Settings settings, Func<CarrierHttp, ICarrierSender> make)
{
    private readonly SenderPipeline _pipeline = SenderPipeline.Create(carrier, settings, make);

    /// <summary>Runs a function until its environment ends: what <c>Program.cs</c> calls.</summary>
    /// <param name="make">Makes the function.</param>
    public static Task RunAsync(Func<Settings, SenderFunction> make) =>
        FunctionHost.RunAsync<SQSEvent, SQSBatchResponse, SenderJson>(settings => make(settings).HandleAsync);

    /// <summary>Handles one batch.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="context">The invocation.</param>
    public Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context) => _pipeline.HandleAsync(batch, context);
}

/// <summary>The JSON between Lambda and an outbound function.</summary>
[JsonSerializable(typeof(SQSEvent))]
[JsonSerializable(typeof(SQSBatchResponse))]
internal sealed partial class SenderJson : JsonSerializerContext;
