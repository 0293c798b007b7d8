using Amazon.Lambda.DynamoDBEvents;
using Omni.Aws;
using Omni.Dispatcher;

await FunctionHost.RunAsync<DynamoDBEvent, StreamsEventResponse, LambdaJson>(
    settings => new Function(settings).HandleAsync).ConfigureAwait(false);
