using Omni.Aws;
using Omni.Pipeline;

namespace Omni.Twilio.Outbound;

/// <summary>Sends queued messages through Twilio.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings)
    : SenderFunction(TwilioSender.Carrier, settings, http => new TwilioSender(http, new TwilioOptions(settings), TimeProvider.System));
