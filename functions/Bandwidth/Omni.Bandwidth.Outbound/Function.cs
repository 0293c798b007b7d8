using Omni.Aws;
using Omni.Pipeline;

namespace Omni.Bandwidth.Outbound;

/// <summary>Sends queued messages through Bandwidth.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings)
    : SenderFunction(
        BandwidthSender.Carrier, settings, http => BandwidthSender.Create(http, new BandwidthOptions(settings), TimeProvider.System));
