using Omni.Pipeline;
using Omni.Twilio.Inbound;

await WebhookFunction.RunAsync(settings => new Function(settings));
