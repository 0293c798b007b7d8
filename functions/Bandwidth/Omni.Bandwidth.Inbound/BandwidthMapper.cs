using System.Globalization;
using System.Text.Json;
using Omni.Shared;

namespace Omni.Bandwidth.Inbound;

/// <summary>What one event of a callback says, in our words. Pure, and it never throws: one bad event must not lose the others of its call.</summary>
internal static class BandwidthMapper
{
    /// <summary>The reason to ignore what cannot be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>The events of one element of the call.</summary>
    /// <param name="element">The element.</param>
    /// <param name="ourApplication">Our application.</param>
    public static IReadOnlyList<CarrierEvent> Map(JsonElement element, string? ourApplication)
    {
        try
        {
            return element.Deserialize(BandwidthJson.Default.BandwidthCallback) is { } callback ? Map(callback, ourApplication) : [Ignored(Unreadable)];
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or InvalidOperationException)
        {
            // The last is what half of a surrogate pair in a text is answered with.
            return [BandwidthSalvage.Message(element) ?? (CarrierEvent)Ignored(Unreadable)];
        }
    }

    /// <summary>Nothing to do.</summary>
    /// <param name="reason">Why.</param>
    public static CarrierEvent.Ignored Ignored(string reason) => new() { Reason = reason };

    private static IReadOnlyList<CarrierEvent> Map(BandwidthCallback callback, string? ourApplication)
    {
        var message = callback.Message;
        if (message.ApplicationId is { } application && !string.Equals(application, ourApplication, StringComparison.OrdinalIgnoreCase)) return [Ignored("other_application")];

        var isOurs = callback.Type is "message-sending" or "message-sent" or "message-delivered" or "message-failed" or "message-read";
        return callback.Type switch
        {
            // A receipt taken for a message would be answered, and the answer's receipt too.
            "message-received" or "suggestion-response" or "requested-location-response" => message.Direction is "in" or null ? Message(callback) : [Ignored("not_inbound")],
            _ when isOurs => message.Direction is "out" or null ? Receipt(callback) : [Ignored("not_outbound")],
            { Length: <= 40 } type when type.All(c => char.IsAsciiLetterLower(c) || c == '-') => [Ignored($"unknown_type:{type}")],
            _ => [Ignored("unknown_type")],
        };
    }

    private static IReadOnlyList<CarrierEvent> Message(BandwidthCallback callback)
    {
        var message = callback.Message;
        var ours = BandwidthAddress.ParseOurs(message.Owner ?? callback.To ?? First(message.To));
        var received = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = message.Id,
            From = BandwidthAddress.Parse(message.From),
            To = ours,
            Content = BandwidthContent.Of(message),
            SentAt = Time(message.Time) ?? Time(callback.Time),
            ReplyTo = message.SuggestionResponse?.PairedMessageId,
            Participants = message.To is { Count: > 1 } to && to.Select(BandwidthAddress.ParseOurs).Where(other => other != ours).ToArray() is { Length: > 0 } others ? others : null,
        };

        // Nobody does this for us on local numbers and short codes. In a group it is about the person who wrote it and our number alone.
        return OptOutKeywords.Common.Hear(message.Text) is var (word, optedOut)
            ? [received, new CarrierEvent.ConsentChanged { From = received.From, To = ours, OptedOut = optedOut, Evidence = word }]
            : [received];
    }

    // https://dev.bandwidth.com/docs/messaging/webhooks. Neither order nor a single delivery is promised.
    private static IReadOnlyList<CarrierEvent> Receipt(BandwidthCallback callback)
    {
        var message = callback.Message;
        var code = callback.ErrorCode?.ToString(CultureInfo.InvariantCulture);
        var report = new CarrierEvent.DeliveryReported
        {
            Reference = message.Tag is { Length: > 0 } tag ? tag : null,

            // A group's receipts come one for each recipient under one id. Omni sends to one person at a time; where others share the application, the
            // receipts of their groups must not stand for one another.
            CarrierMessageId = message.To is { Count: > 1 } ? $"{message.Id}/{Ids.Hash(callback.To ?? "")}" : message.Id,
            From = BandwidthAddress.Find(callback.To ?? First(message.To)),
            To = BandwidthAddress.Find(message.From ?? message.Owner),
            Status = callback.Type switch
            {
                "message-delivered" => MessageStatus.Delivered,
                "message-read" => MessageStatus.Read,
                "message-failed" => BandwidthErrors.StatusOf(code),
                _ => MessageStatus.Sent, // "sending" too: Bandwidth has it, which is all that our "sent" says
            },
        };
        if (callback.Type != "message-failed") return [report];

        // 9902 says only that no receipt came within two hours; a real one that comes after all, with "delivered", outranks it.
        report = report with { Reason = BandwidthErrors.ReasonOf(code), CarrierCode = code };
        return code == BandwidthErrors.RecipientBlocked && (message.Owner ?? message.From) is { } owner && (callback.To ?? First(message.To)) is { } person
            ? [report, new CarrierEvent.ConsentChanged { From = BandwidthAddress.Parse(person), To = BandwidthAddress.ParseOurs(owner), OptedOut = true, Evidence = code }]
            : [report];
    }

    private static string? First(IReadOnlyList<string>? list) => list is [var first, ..] ? first : null;

    // With or without a fraction, with a T or a space, with or without its zone; null when it is none of these.
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
