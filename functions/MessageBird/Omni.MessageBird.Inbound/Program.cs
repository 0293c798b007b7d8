using Omni.MessageBird.Inbound;
using Omni.Pipeline;

await WebhookFunction.RunAsync(settings => new Function(settings));
