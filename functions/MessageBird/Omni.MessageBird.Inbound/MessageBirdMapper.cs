using System.Globalization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Inbound;

/// <summary>What the fields of an SMS, an MMS or a status report say, in our words. Pure.</summary>
internal static class MessageBirdMapper
{
    /// <summary>The events of a call.</summary>
    /// <param name="fields">Its fields.</param>
    /// <param name="reference">Our reference out of the URL, for a report that does not give it back itself.</param>
    public static IReadOnlyList<CarrierEvent> Map(MessageBirdFields fields, string? reference = null)
    {
        var text = Text(fields);
        return (fields.Find("status"), fields.Media, text) switch
        {
            // Whoever writes has a text or a file; a report has neither. A short code's form is a message also when it is empty.
            (not (null or "received") and var status, [], "") => [Report(fields, status, reference)],
            (_, [], "") when fields.Find("shortcode") is null => [new CarrierEvent.Ignored { Reason = "no_message" }],
            _ => MessageBirdKeywords.Hear(Message(fields, text), text),
        };
    }

    // https://developers.messagebird.com/api/sms-messaging/#handle-a-status-report
    private static CarrierEvent Report(MessageBirdFields fields, string status, string? reference) =>
        new MessageBirdStatus(
            fields.Find("reference") ?? reference, fields.Find("id") ?? "", fields.Find("statusErrorCode"),
            MessageBirdErrors.Reports)
        {
            Person = MessageBirdAddress.Find(fields.Find("recipient")),
            Ours = MessageBirdAddress.Find(fields.Find("originator")),
            Pricing = decimal.TryParse(fields.Find("price[amount]"), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
                ? new() { Amount = amount, Currency = fields.Find("price[currency]") }
                : null,
        }.Map(status);

    private static CarrierEvent.MessageReceived Message(MessageBirdFields fields, string text) => new()
    {
        CarrierMessageId = fields.Find("id", "mid", "message_id") ?? "",
        From = MessageBirdAddress.Find(fields.Find("originator")) ?? Address.Unknown,
        To = MessageBirdAddress.Find(fields.Find("recipient", "receiver", "shortcode")) ?? Address.Unknown,
        Content = fields.Media.Count > 0
            ? InboundFiles.Content([.. fields.Media.Select(InboundFiles.Find)], Caption(fields, text))
            : new TextContent { Body = text },
        SentAt = WebhookTime.Parse(fields.Find("createdDatetime")) ?? ParseDigits(fields.Find("receive_datetime")),
    };

    private static string Text(MessageBirdFields fields) => fields.Find("body", "message") ?? "";

    private static string? Caption(MessageBirdFields fields, string text) =>
        string.Join('\n', new[] { fields.Find("subject"), text }.Where(line => !string.IsNullOrEmpty(line))) is { Length: > 0 } caption
            ? caption
            : null;

    // A time such as 20261123101500, in UTC.
    private static DateTimeOffset? ParseDigits(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
