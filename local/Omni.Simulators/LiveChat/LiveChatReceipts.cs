using System.Text.Json.Nodes;
using Omni.Simulators.Script;

namespace Omni.Simulators.LiveChat;

/// <summary>
/// Tells what became of our events. By itself LiveChat only echoes them; that the customer has seen them is told when they have, which a
/// rule (<c>receipts.path</c>) or the control API decides.
/// </summary>
internal sealed class LiveChatReceipts(LiveChatAccount account, LiveChatWebhooks webhooks, BackgroundWork background, TimeSpan pause)
{
    public const string IncomingEvent = "incoming_event", IncomingChat = "incoming_chat", Seen = "events_marked_as_seen";

    public void Start(LiveChatMessage message, ReceiptRule? rule, string target) =>
        background.Run(cancellation => PlayAsync(message, rule, target, cancellation));

    public async Task PlayAsync(LiveChatMessage message, ReceiptRule? rule, string target, CancellationToken cancellation)
    {
        var path = rule?.Path ?? [message.Echo];
        var delay = rule?.DelayMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : pause;
        foreach (var position in ReceiptRule.Order(rule, path))
        {
            await Task.Delay(delay, account.Clock, cancellation);
            var (action, payload) = path[position] == Seen ? (Seen, See(message.ChatId)) : (message.Echo, Echo(message));
            if (rule is { Lost: true }) continue;

            var (body, answer) = await webhooks.PostAsync(target, action, payload, cancellation);
            message.AddWebhook(new { at = account.Clock.GetUtcNow(), body, answer });
        }
    }

    /// <summary>The customer looks at the chat.</summary>
    public JsonObject See(string chatId, string? upTo = null)
    {
        lock (account.Gate)
        {
            var chat = account.FindChat(chatId)!;
            var seen = chat.SeenUpTo[chat.Customer.Id] = upTo ?? account.Moment();
            return new() { ["user_id"] = chat.Customer.Id, ["chat_id"] = chat.Id, ["seen_up_to"] = seen };
        }
    }

    private JsonObject Echo(LiveChatMessage message)
    {
        lock (account.Gate)
        {
            if (message.Echo == IncomingEvent)
                return new() { ["chat_id"] = message.ChatId, ["thread_id"] = message.ThreadId, ["event"] = message.Event.DeepClone() };

            var chat = account.FindChat(message.ChatId)!;
            return new() { ["chat"] = chat.Show(chat.Threads.Single(thread => thread.Id == message.ThreadId)) };
        }
    }
}
