using Amazon.Lambda.SQSEvents;
using Omni.Aws;
using Omni.Router;

await FunctionHost.RunAsync<SQSEvent, SQSBatchResponse, LambdaJson>(settings => new Function(settings).HandleAsync).ConfigureAwait(false);
