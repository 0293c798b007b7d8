using Omni.LiveChat.Inbound;
using Omni.Pipeline;

await WebhookFunction.RunAsync(settings => new Function(settings));
