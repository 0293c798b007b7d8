using Omni.Bandwidth.Inbound;
using Omni.Pipeline;

await WebhookFunction.RunAsync(settings => new Function(settings));
