using Omni.Pipeline;
using Omni.WhatsApp.Outbound;

await SenderFunction.RunAsync(settings => new Function(settings));
