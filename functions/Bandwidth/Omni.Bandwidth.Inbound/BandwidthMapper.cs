using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Bandwidth.Inbound;

/// <summary>What one event of a callback says, in our words. Pure.</summary>
internal static class BandwidthMapper
{
    /// <summary>The events of one element of the call.</summary>
    /// <param name="element">The element.</param>
    /// <param name="ourApplication">Our application.</param>
    public static IReadOnlyList<CarrierEvent> Map(JsonElement element, string? ourApplication)
    {
        var callback = WebhookJson.Read(element, BandwidthJson.Default.BandwidthCallback, out var lost);
        if (callback?.Type is not { } type) return [CarrierEvent.Ignored.Unreadable];
        if (IsOther(callback.Message?.ApplicationId, ourApplication)) return [Ignored("other_application")];

        // A receipt taken for a message would be answered, and the answer's receipt too.
        var direction = callback.Message?.Direction;
        return type switch
        {
            "message-received" or "suggestion-response" or "requested-location-response" =>
                direction is "in" or null ? Message(callback, callback.Message ?? new(), lost) : [Ignored("not_inbound")],
            "message-sending" or "message-sent" or "message-delivered" or "message-failed" or "message-read" =>
                direction is "out" or null ? Receipt(callback, callback.Message ?? new()) : [Ignored("not_outbound")],
            _ => [Ignored($"unknown_type:{type}")],
        };
    }

    /// <summary>Nothing to do.</summary>
    /// <param name="reason">Why.</param>
    public static CarrierEvent.Ignored Ignored(string reason) => new() { Reason = reason };

    private static bool IsOther(string? application, string? ours) =>
        application is not null && !application.Equals(ours, StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<CarrierEvent> Message(BandwidthCallback callback, BandwidthMessage message, IReadOnlyList<string> lost)
    {
        var ours = BandwidthAddress.FindOurs(message.Owner ?? callback.To ?? First(message.To)) ?? Address.Unknown;
        Address[] others =
            message.To is { Count: > 1 } to
                ? [.. to.Select(BandwidthAddress.FindOurs).OfType<Address>().Where(other => other != ours)]
                : [];
        var received = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = message.Id ?? "",
            From = BandwidthAddress.Find(message.From) ?? Address.Unknown,
            To = ours,
            Content = callback.Message is null
                ? new UnsupportedContent { Kind = "unreadable" }
                : WebhookJson.Marked(
                    BandwidthContent.Of(message),
                    lost,
                    "message.text",
                    "message.media",
                    "message.suggestionResponse",
                    "message.locationResponse"),
            SentAt = WebhookTime.Parse(message.Time) ?? WebhookTime.Parse(callback.Time),
            ReplyTo = message.SuggestionResponse?.PairedMessageId,
            Participants = others is [] ? null : others,
        };

        // Nobody does this for us on local numbers and short codes. In a group it is about the person who wrote it and our number alone.
        return OptOutKeywords.Common.Hear(message.Text) is var (word, optedOut)
            ? [received, new CarrierEvent.ConsentChanged { From = received.From, To = ours, OptedOut = optedOut, Evidence = word }]
            : [received];
    }

    // https://dev.bandwidth.com/docs/messaging/webhooks. Neither order nor a single delivery is promised.
    private static IReadOnlyList<CarrierEvent> Receipt(BandwidthCallback callback, BandwidthMessage message)
    {
        var (code, id) = (callback.ErrorCode, message.Id ?? "");
        var report = new CarrierEvent.DeliveryReported
        {
            Reference = message.Tag is { Length: > 0 } tag ? tag : null,

            // A group's receipts come one for each recipient under one id. Omni sends to one person at a time; where others share the
            // application, the receipts of their groups must not stand for one another.
            CarrierMessageId = id.Length > 0 && message.To is { Count: > 1 } ? $"{id}/{Ids.Hash(callback.To ?? "")}" : id,
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
        return code == BandwidthErrors.RecipientBlocked
            && BandwidthAddress.FindOurs(message.Owner ?? message.From) is { } owner
            && BandwidthAddress.Find(callback.To ?? First(message.To)) is { } person
                ? [report, new CarrierEvent.ConsentChanged { From = person, To = owner, OptedOut = true, Evidence = code }]
                : [report];
    }

    private static string? First(IReadOnlyList<string>? list) => list is [var first, ..] ? first : null;
}
