using System.Globalization;
using Omni.Shared;

namespace Omni.MessageBird.Inbound;

/// <summary>What the fields of an SMS, an MMS or a status report say, in our words. Pure.</summary>
internal static class MessageBirdMapper
{
    /// <summary>The events of a call.</summary>
    /// <param name="fields">Its fields.</param>
    /// <param name="reference">Our reference out of the URL, for a report that does not give it back itself.</param>
    /// <exception cref="FormatException">A message or a report lacks what every one has.</exception>
    public static IReadOnlyList<CarrierEvent> Map(MessageBirdFields fields, string? reference = null)
    {
        var text = Text(fields);
        return (fields.Find("status"), fields.Media, text) switch
        {
            // Whoever writes has a text or a file; a report has neither.
            (not (null or "received") and var status, [], "") => [Report(fields, status, reference)],
            (_, [], "") => [new CarrierEvent.Ignored { Reason = "no_message" }],
            _ => MessageBirdKeywords.Hear(Message(fields, text), text),
        };
    }

    // https://developers.messagebird.com/api/sms-messaging/#handle-a-status-report
    private static CarrierEvent Report(MessageBirdFields fields, string status, string? reference) =>
        new MessageBirdStatus(
            fields.Find("reference") ?? reference, fields.Find("id") ?? throw new FormatException("The report has no id."), fields.Find("statusErrorCode"),
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
        CarrierMessageId = fields.Find("id", "mid", "message_id") ?? throw new FormatException("The message has no id."),
        From = MessageBirdAddress.Parse(fields.Find("originator")),
        To = MessageBirdAddress.Parse(fields.Find("recipient", "receiver", "shortcode")),
        Content = fields.Media.Count > 0 ? MessageBirdMedia.Of(fields.Media, Caption(fields, text)) : new TextContent { Body = text },
        SentAt = MessageBirdTime.Parse(fields.Find("createdDatetime")) ?? MessageBirdTime.ParseDigits(fields.Find("receive_datetime")),
    };

    // Some networks pad a text with NUL characters; no database and no screen wants them.
    private static string Text(MessageBirdFields fields) => fields.Find("body", "message")?.Replace("\0", "", StringComparison.Ordinal) ?? "";

    private static string? Caption(MessageBirdFields fields, string text) =>
        string.Join('\n', new[] { fields.Find("subject"), text }.Where(line => !string.IsNullOrEmpty(line))) is { Length: > 0 } caption ? caption : null;
}

/// <summary>MessageBird's times. One that cannot be read is none: it is no reason to lose a message.</summary>
internal static class MessageBirdTime
{
    /// <summary>A time in RFC 3339, whose plus may have become a space on its way.</summary>
    /// <param name="text">The text.</param>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text?.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>A time such as 20261123101500, in UTC.</summary>
    /// <param name="text">The text.</param>
    public static DateTimeOffset? ParseDigits(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}

/// <summary>The files of a message.</summary>
internal static class MessageBirdMedia
{
    /// <summary>The content of files that come without their types: the end of an address tells what is in it, until the bytes do.</summary>
    /// <param name="urls">Their addresses, at least one.</param>
    /// <param name="caption">The text beside them.</param>
    /// <exception cref="FormatException">An address is not one of the web.</exception>
    public static MediaContent Of(IReadOnlyList<string> urls, string? caption) =>
        MediaContent.Of([.. urls.Select(url => new MediaItem { MediaUrl = Address(url) })], caption);

    /// <summary>A file's address.</summary>
    /// <param name="url">As MessageBird writes it.</param>
    /// <exception cref="FormatException">It is not one of the web.</exception>
    public static Uri Address(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address is { Scheme: "https" or "http" }
            ? address
            : throw new FormatException("A file's address is not one of the web.");
}
