using Omni.Aws;
using Omni.Pipeline;

namespace Omni.LiveChat.Outbound;

/// <summary>Sends queued messages through LiveChat.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings)
    : SenderFunction(LiveChatSender.Carrier, settings, http => new LiveChatSender(http, new LiveChatOptions(settings)));
