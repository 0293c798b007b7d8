using Omni.Aws;
using Omni.Pipeline;

namespace Omni.WhatsApp.Outbound;

/// <summary>Sends queued messages through WhatsApp's Cloud API.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings)
    : SenderFunction(WhatsAppSender.Carrier, settings, http => new WhatsAppSender(http, new WhatsAppOptions(settings)));
