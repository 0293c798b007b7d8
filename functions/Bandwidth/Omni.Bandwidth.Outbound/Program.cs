using Omni.Bandwidth.Outbound;
using Omni.Pipeline;

await SenderFunction.RunAsync(settings => new Function(settings));
