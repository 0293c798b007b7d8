using Amazon.Lambda.APIGatewayEvents;
using Omni.Aws;
using Omni.MessageBird.Inbound;

await FunctionHost.RunAsync<APIGatewayHttpApiV2ProxyRequest, APIGatewayHttpApiV2ProxyResponse, LambdaJson>(
    settings => new Function(settings).HandleAsync);
