using Amazon.Lambda.DynamoDBEvents;
using Omni.Aws;
using Omni.EventRecorder;

await FunctionHost.RunAsync<DynamoDBEvent, StreamsEventResponse, LambdaJson>(
    settings => new Function(settings).HandleAsync).ConfigureAwait(false);
