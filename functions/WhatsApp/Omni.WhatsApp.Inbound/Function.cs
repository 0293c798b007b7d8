using Omni.Aws;
using Omni.Pipeline;

namespace Omni.WhatsApp.Inbound;

/// <summary>Takes Meta's webhook calls: messages, statuses, preferences, and the question at set-up.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings) : WebhookFunction(new WhatsAppWebhook(new WhatsAppOptions(settings)), settings);
