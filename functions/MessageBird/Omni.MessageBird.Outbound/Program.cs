using Amazon.Lambda.SQSEvents;
using Omni.Aws;
using Omni.MessageBird.Outbound;

await FunctionHost.RunAsync<SQSEvent, SQSBatchResponse, LambdaJson>(settings => new Function(settings).HandleAsync);
