using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Omni.Aws;

namespace Omni.Pipeline;

/// <summary>
/// A carrier's inbound function, over <see cref="WebhookPipeline"/>.
/// A carrier's own <c>Function</c> derives from it and says only its webhook.
/// </summary>
/// <param name="webhook">What is peculiar to the carrier.</param>
/// <param name="settings">The function's settings.</param>
/// <exception cref="SettingsException">Some are missing.</exception>
public abstract class WebhookFunction(ICarrierWebhook webhook, Settings settings)
{
    private readonly WebhookPipeline _pipeline = WebhookPipeline.Create(webhook, settings);

    /// <summary>Runs a function until its environment ends: what <c>Program.cs</c> calls.</summary>
    /// <param name="make">Makes the function.</param>
    public static Task RunAsync(Func<Settings, WebhookFunction> make) =>
        FunctionHost.RunAsync<APIGatewayHttpApiV2ProxyRequest, APIGatewayHttpApiV2ProxyResponse, GatewayJson>(
            settings => make(settings).HandleAsync);

    /// <summary>Handles one call.</summary>
    /// <param name="request">The gateway's event.</param>
    /// <param name="context">The invocation.</param>
    public Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context) =>
        _pipeline.HandleAsync(request);
}

/// <summary>The JSON between Lambda and an inbound function.</summary>
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyRequest))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
internal sealed partial class GatewayJson : JsonSerializerContext;
