using Omni.Aws;
using Omni.Pipeline;

namespace Omni.Bandwidth.Inbound;

/// <summary>Takes Bandwidth's callbacks: inbound messages and what became of ours.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings) : WebhookFunction(new BandwidthWebhook(new BandwidthOptions(settings)), settings);
