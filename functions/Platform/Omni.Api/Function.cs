using System.Text.Json;
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
    /// <param name="request">The gateway's event, or the wish for a key of who may invoke the function.</param>
    /// <param name="context">The invocation.</param>
    public Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(ApiEvent request, ILambdaContext context) =>
        request is { Bootstrap: { } wish, IsOfGateway: false }
            ? _pipeline.BootstrapAsync(wish, context)
            : _pipeline.HandleAsync(request, context);
}

/// <summary>
/// What the function is invoked with. The gateway writes a client's request into members of its own: what a client sends stands in texts,
/// and never beside them.
/// </summary>
public sealed class ApiEvent : APIGatewayHttpApiV2ProxyRequest
{
    /// <summary>What is wanted of a key; null in every event of the gateway.</summary>
    public JsonElement? Bootstrap { get; set; }

    /// <summary>Whether a gateway made it.</summary>
    [JsonIgnore]
    public bool IsOfGateway => RequestContext is not null || RawPath is not null || RouteKey is not null;
}

/// <summary>The JSON between Lambda and this function.</summary>
[JsonSerializable(typeof(ApiEvent))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext;
