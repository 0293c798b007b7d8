using System.Text.Json;
using Omni.Aws;
using Omni.Scheduler;

await FunctionHost.RunAsync<JsonElement, SchedulerReport, LambdaJson>(settings => new Function(settings).HandleAsync).ConfigureAwait(false);
