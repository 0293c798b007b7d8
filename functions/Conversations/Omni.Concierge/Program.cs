using Omni.Concierge;
using Omni.Conversations;

await ProcessorFunction.RunAsync(settings => new Function(settings)).ConfigureAwait(false);
