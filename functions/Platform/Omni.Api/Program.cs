using Amazon.Lambda.APIGatewayEvents;
using Omni.Api;
using Omni.Aws;

await FunctionHost.RunAsync<ApiEvent, APIGatewayHttpApiV2ProxyResponse, LambdaJson>(
    settings => new Function(settings).HandleAsync);
