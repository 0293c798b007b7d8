using Omni.Inteliquent.Inbound;
using Omni.Pipeline;

await WebhookFunction.RunAsync(settings => new Function(settings));
