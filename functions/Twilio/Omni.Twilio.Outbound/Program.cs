using Omni.Pipeline;
using Omni.Twilio.Outbound;

await SenderFunction.RunAsync(settings => new Function(settings));
