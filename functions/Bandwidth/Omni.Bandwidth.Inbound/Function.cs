using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Omni.Aws;
using Omni.Pipeline;

namespace Omni.Bandwidth.Inbound;

/// <summary>Takes Bandwidth's callbacks: inbound messages and what became of ours.</summary>
public sealed class Function
{
    private readonly WebhookPipeline _pipeline;

    /// <summary>The function over its real parts.</summary>
    /// <param name="settings">Its settings.</param>
    public Function(Settings settings)
        : this(WebhookPipeline.Create(new BandwidthWebhook(new BandwidthOptions(settings)), settings))
    {
    }

    internal Function(WebhookPipeline pipeline) => _pipeline = pipeline;

    /// <summary>Handles one call.</summary>
    /// <param name="request">The gateway's event.</param>
    /// <param name="context">The invocation.</param>
    public Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context) =>
        _pipeline.HandleAsync(request);
}

/// <summary>The JSON between Lambda and this function.</summary>
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyRequest))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext;
