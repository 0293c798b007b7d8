using Omni.Aws;
using Omni.Pipeline;

namespace Omni.Inteliquent.Outbound;

/// <summary>Sends queued messages through Inteliquent.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings)
    : SenderFunction(InteliquentSender.Carrier, settings, http => new InteliquentSender(http, new InteliquentOptions(settings)));
