using Omni.MessageBird.Outbound;
using Omni.Pipeline;

await SenderFunction.RunAsync(settings => new Function(settings));
