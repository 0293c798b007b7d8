using System.Globalization;
using System.Text.Json.Nodes;
using Omni.Simulators.Files;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.WhatsApp;

/// <summary>Walks accepted messages along their path and reports it.</summary>
internal sealed class WhatsAppReceipts(
    WhatsAppAccount account, WhatsAppWebhooks webhooks, WebhookClient client, BackgroundWork background, TimeSpan pause)
{
    public void Start(WhatsAppMessage message, ReceiptRule? rule) => background.Run(cancellation => PlayAsync(message, rule, cancellation));

    public async Task PlayAsync(WhatsAppMessage message, ReceiptRule? rule, CancellationToken cancellation)
    {
        var (path, errorCode) = await PlanAsync(message, rule, cancellation);
        var delay = rule?.DelayMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : pause;
        foreach (var position in ReceiptRule.Order(rule, path))
        {
            await Task.Delay(delay, account.Clock, cancellation);
            var status = path[position];
            int? code = status is "failed" ? errorCode ?? WhatsAppError.Fault : null;
            message.Advance(position, status, code, account.Clock.GetUtcNow());
            if (rule is not { Lost: true }) await PostAsync([message], status, code, cancellation);
        }
    }

    /// <summary>Reports the same status of several messages in one call.</summary>
    public async Task<WhatsAppDelivery> PostAsync(
        IReadOnlyList<WhatsAppMessage> messages, string status, int? errorCode, CancellationToken cancellation)
    {
        var changes = messages.GroupBy(message => message.Number)
            .Select(number => new WhatsAppChange(number.Key, "messages", Value([.. number], status, errorCode)));
        var delivery = await webhooks.PostAsync(changes, rawUnicode: false, cancellation);
        foreach (var message in messages) message.Add(delivery);
        return delivery;
    }

    // A message that Meta takes and then cannot send is told of in a failed status:
    // outside the window, after a stop of marketing, a file that is not there.
    private async Task<(IReadOnlyList<string> Path, int? ErrorCode)> PlanAsync(
        WhatsAppMessage message, ReceiptRule? rule, CancellationToken cancellation)
    {
        int? ruled = int.TryParse(rule?.ErrorCode, CultureInfo.InvariantCulture, out var code) ? code : null;
        if (rule?.Path is { } path) return (path, ruled);
        if (ruled is not null) return (["failed"], ruled);
        if (message.Send.Type is not "template" && !account.HasWindow(message.Number, message.Person))
            return (["failed"], WhatsAppError.Window);
        if (message.Category is "marketing" && account.HasStoppedMarketing(message.Number, message.Person))
            return (["failed"], WhatsAppError.MarketingStopped);
        if (!await CanFetchAsync(message, cancellation)) return (["failed"], WhatsAppError.MediaUpload);

        var ending = WhatsAppPeople.EndingOf(message.Person);
        return (message.Send.Type is "reaction" && ending.ErrorCode is null ? ["sent"] : ending.Path, ending.ErrorCode);
    }

    private async Task<bool> CanFetchAsync(WhatsAppMessage message, CancellationToken cancellation) =>
        (await client.FetchAsync(message.Send.Links, cancellation))
            .All(file => file.Look is { } look && WhatsAppFiles.Refuse(file.ContentType, look) is null);

    private JsonObject Value(IReadOnlyList<WhatsAppMessage> messages, string status, int? errorCode)
    {
        var value = new JsonObject();
        if (status is not "failed")
            value["contacts"] = new JsonArray([.. messages.Select(message => message.Person).Distinct().Select(WhatsAppInbound.Contact)]);
        value["statuses"] = new JsonArray([.. messages.Select(message => Status(message, status, errorCode))]);
        return value;
    }

    private JsonObject Status(WhatsAppMessage message, string status, int? errorCode)
    {
        var report = new JsonObject
        {
            ["id"] = message.Id,
            ["status"] = status,
            ["timestamp"] = account.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        };
        if (message.Person.WaId is { } waId) report["recipient_id"] = waId;
        report["recipient_user_id"] = message.Person.UserId;
        if (message.Send.CallbackData is { } reference) report["biz_opaque_callback_data"] = reference;
        if (status is "sent" or "delivered" or "read")
        {
            var isFree = message.Category is "service";
            report["pricing"] = new JsonObject
            {
                ["billable"] = !isFree,
                ["pricing_model"] = "PMP",
                ["type"] = isFree ? "free_customer_service" : "regular",
                ["category"] = message.Category,
            };
        }

        if (errorCode is { } code) report["errors"] = new JsonArray(WhatsAppError.Of(code).ToWebhook());
        return report;
    }
}
