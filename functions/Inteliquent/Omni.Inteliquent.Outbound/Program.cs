using Amazon.Lambda.SQSEvents;
using Omni.Aws;
using Omni.Inteliquent.Outbound;

await FunctionHost.RunAsync<SQSEvent, SQSBatchResponse, LambdaJson>(settings => new Function(settings).HandleAsync);
