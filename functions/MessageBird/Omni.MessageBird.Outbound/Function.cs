using Omni.Aws;
using Omni.Pipeline;

namespace Omni.MessageBird.Outbound;

/// <summary>Sends queued messages through MessageBird.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings)
    : SenderFunction(
        MessageBirdSender.Carrier, settings, http => new MessageBirdSender(http, new MessageBirdOptions(settings), TimeProvider.System));
