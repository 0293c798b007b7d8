using Omni.Aws;
using Omni.Pipeline;

namespace Omni.Inteliquent.Inbound;

/// <summary>Takes Inteliquent's webhook calls: inbound messages and receipts.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings) : WebhookFunction(new InteliquentWebhook(new InteliquentOptions(settings)), settings);
