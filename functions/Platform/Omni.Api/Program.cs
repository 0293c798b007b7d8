using Amazon.Lambda.APIGatewayEvents;
using Omni.Api;
using Omni.Aws;

await FunctionHost.RunAsync<APIGatewayHttpApiV2ProxyRequest, APIGatewayHttpApiV2ProxyResponse, LambdaJson>(
    settings => new Function(settings).HandleAsync);
