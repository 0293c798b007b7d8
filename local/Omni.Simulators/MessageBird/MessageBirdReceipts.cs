using System.Globalization;
using System.Text.Json.Nodes;
using Omni.Simulators.Files;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.MessageBird;

/// <summary>Walks accepted messages along their path and reports each step: SMS and MMS by GET, Conversations by JSON.</summary>
internal sealed class MessageBirdReceipts(
    MessageBirdAccount account, MessageBirdWebhooks webhooks, WebhookClient client, BackgroundWork background, TimeSpan pause)
{
    private static readonly string[] Failures = ["delivery_failed", "failed", "rejected", "unsupported", "bounce"];

    public void Start(MessageBirdMessage message, ReceiptRule? rule) =>
        background.Run(cancellation => PlayAsync(message, rule, cancellation));

    public async Task PlayAsync(MessageBirdMessage message, ReceiptRule? rule, CancellationToken cancellation)
    {
        var addresses = (message.Request["mediaUrls"] as JsonArray)?.Select(url => url?.ToString() ?? "") ?? [];
        var canGo = MessageBirdFiles.CanGo(await client.FetchAsync(addresses, cancellation));
        await Task.WhenAll(message.Recipients.Select(recipient => PlayAsync(message, recipient, canGo, rule, cancellation)));
    }

    /// <summary>Makes one report; null when nobody asked for any.</summary>
    public async Task<MessageBirdReport?> ReportAsync(
        MessageBirdMessage message, MessageBirdRecipient recipient, string status, int? errorCode, CancellationToken cancellation)
    {
        if (message.ReportUrl is not { } url) return null;

        WebhookAnswer answer;
        string? body = null;
        if (message.Kind is MessageBirdKind.Conversation)
        {
            body = MessageBirdConversation.Event(account, "message.updated", message, status, errorCode).ToJsonString();
            answer = await webhooks.PostAsync(url, body, MessageBirdWebhooks.Json, cancellation);
        }
        else
        {
            url = $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}"
                + $"{MessageBirdWebhooks.Encode(Fields(message, recipient, status, errorCode))}";
            answer = await webhooks.GetAsync(url, cancellation);
        }

        var report = new MessageBirdReport(status, url, body, answer);
        recipient.Add(report);
        return report;
    }

    private async Task PlayAsync(
        MessageBirdMessage message, MessageBirdRecipient recipient, bool canGo, ReceiptRule? rule, CancellationToken cancellation)
    {
        var ending = Plan(message, recipient, canGo, rule);
        var delay = rule?.DelayMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : pause;
        foreach (var position in ReceiptRule.Order(rule, ending.Path))
        {
            await Task.Delay(delay, account.Clock, cancellation);
            var status = ending.Path[position];
            var code = Failures.Contains(status) ? ending.ErrorCode : null;
            recipient.Advance(position, status, code, account.Clock.GetUtcNow());
            if (!ending.Silent) await ReportAsync(message, recipient, status, code, cancellation);
        }
    }

    private MessageBirdEnding Plan(MessageBirdMessage message, MessageBirdRecipient recipient, bool canGo, ReceiptRule? rule)
    {
        int? code = int.TryParse(rule?.ErrorCode, CultureInfo.InvariantCulture, out var number) ? number : null;
        var usual = canGo ? account.EndingOf(message, recipient.Number) : new(["sent", "delivery_failed"]);
        var ending = rule switch
        {
            { Path: { } path } => new(path, code ?? usual.ErrorCode),
            _ when code is not null => new(message.Kind is MessageBirdKind.Conversation ? ["failed"] : ["sent", "delivery_failed"], code),
            _ => usual,
        };
        return ending with { Silent = ending.Silent || rule is { Lost: true } };
    }

    // https://developers.messagebird.com/api/sms-messaging/#handle-a-status-report
    private IEnumerable<(string Name, string Value)> Fields(
        MessageBirdMessage message, MessageBirdRecipient recipient, string status, int? errorCode)
    {
        yield return ("id", message.Id);
        yield return ("mccmnc", "20408");
        yield return ("messageLength", message.Text.Length.ToString(CultureInfo.InvariantCulture));
        yield return ("messagePartCount", message.PartCount.ToString(CultureInfo.InvariantCulture));
        yield return ("ported", "0");
        if (status is "delivered")
        {
            yield return ("price[amount]", (0.0075m * message.PartCount).ToString(CultureInfo.InvariantCulture));
            yield return ("price[currency]", "EUR");
        }

        yield return ("recipient", recipient.Number);
        yield return ("reference", message.Reference ?? "");
        yield return ("status", status);
        yield return ("statusDatetime", account.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
        if (errorCode is { } code) yield return ("statusErrorCode", code.ToString(CultureInfo.InvariantCulture));
        yield return ("statusReason", status is "delivered" or "sent" ? "successfully delivered" : "DLR not received");
    }
}

/// <summary>The objects of the Conversations API.</summary>
internal static class MessageBirdConversation
{
    /// <summary>An event about a message that we sent.</summary>
    public static JsonObject Event(MessageBirdAccount account, string type, MessageBirdMessage message, string status, int? errorCode)
    {
        var content = Message(account, message, status, errorCode);
        return Event(type, message.From, message.Recipients[0].Number, name: null, content, account.Clock.GetUtcNow());
    }

    /// <summary>An event.</summary>
    public static JsonObject Event(
        string type, string channel, string person, string? name, JsonObject message, DateTimeOffset now) => new()
    {
        ["type"] = type,
        ["contact"] = new JsonObject
        {
            ["id"] = "a" + person,
            ["href"] = "",
            ["msisdn"] = long.Parse(person, CultureInfo.InvariantCulture),
            ["displayName"] = name ?? person,
            ["firstName"] = name ?? "",
            ["lastName"] = "",
            ["customDetails"] = new JsonObject(),
        },
        ["conversation"] = new JsonObject
        {
            ["id"] = ConversationOf(channel, person),
            ["contactId"] = "a" + person,
            ["status"] = "active",
            ["updatedDatetime"] = Time(now),
            ["lastUsedChannelId"] = channel,
        },
        ["message"] = message,
    };

    /// <summary>A message that we sent, as the API shows it.</summary>
    public static JsonObject Message(MessageBirdAccount account, MessageBirdMessage message, string status, int? errorCode)
    {
        var channel = account.ChannelOf(message.From);
        var shown = new JsonObject
        {
            ["id"] = message.Id,
            ["conversationId"] = ConversationOf(message.From, message.Recipients[0].Number),
            ["channelId"] = message.From,
            ["platform"] = channel?.Platform,
            ["to"] = message.Recipients[0].Number,
            ["from"] = channel?.Number,
            ["direction"] = "sent",
            ["status"] = status,
            ["type"] = message.Request["type"]?.DeepClone(),
            ["content"] = message.Request["content"]?.DeepClone(),
            ["createdDatetime"] = Time(message.CreatedAt),
            ["updatedDatetime"] = Time(account.Clock.GetUtcNow()),
        };
        if (message.Request["source"] is { } source) shown["source"] = source.DeepClone();
        if (errorCode is { } code) shown["error"] = new JsonObject { ["code"] = code, ["description"] = "the platform did not take it" };
        return shown;
    }

    public static string ConversationOf(string channel, string person) => $"{channel[..Math.Min(8, channel.Length)]}{person}";

    /// <summary>Times have nanoseconds here.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
}
