using Omni.Aws;
using Omni.Pipeline;

namespace Omni.LiveChat.Inbound;

/// <summary>Takes LiveChat's webhook calls: what customers write, the echo of what we sent, what was seen.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings) : WebhookFunction(new LiveChatWebhook(new LiveChatOptions(settings)), settings);
