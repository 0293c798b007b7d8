using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Omni.Aws;

namespace Omni.Api;

/// <summary>The client API: everything under <c>/api/v1</c>.</summary>
public sealed class Function
{
    private readonly ApiPipeline _pipeline;

    /// <summary>The function over its real parts.</summary>
    /// <param name="settings">Its settings.</param>
    public Function(Settings settings)
        : this(ApiParts.Create(settings))
    {
    }

    internal Function(ApiParts parts) => _pipeline = new(new Router(Routes.Of(parts)), parts);

    /// <summary>Handles one call.</summary>
    /// <param name="request">The gateway's event.</param>
    /// <param name="context">The invocation.</param>
    public Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context) =>
        _pipeline.HandleAsync(request, context);
}

/// <summary>The JSON between Lambda and this function.</summary>
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyRequest))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext;
