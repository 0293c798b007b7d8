using Omni.Aws;
using Omni.Pipeline;

namespace Omni.MessageBird.Inbound;

/// <summary>Takes MessageBird's webhook calls: inbound messages and status reports.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings) : WebhookFunction(new MessageBirdWebhook(new MessageBirdOptions(settings)), settings);
