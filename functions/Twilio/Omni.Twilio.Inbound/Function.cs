using Omni.Aws;
using Omni.Pipeline;

namespace Omni.Twilio.Inbound;

/// <summary>Takes Twilio's webhook calls: inbound messages and status callbacks.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings) : WebhookFunction(new TwilioWebhook(new TwilioOptions(settings)), settings);
