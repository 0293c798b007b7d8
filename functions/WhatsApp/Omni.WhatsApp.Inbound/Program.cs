using Omni.Pipeline;
using Omni.WhatsApp.Inbound;

await WebhookFunction.RunAsync(settings => new Function(settings));
