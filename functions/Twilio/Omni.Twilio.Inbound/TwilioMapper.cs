using Omni.Shared;

namespace Omni.Twilio.Inbound;

/// <summary>What Twilio's form says, in our words. Pure.</summary>
internal static class TwilioMapper
{
    /// <summary>The events of a call.</summary>
    /// <param name="form">The form.</param>
    /// <param name="reference">Our reference, out of the URL of a status callback.</param>
    /// <param name="ourAccount">Our account; null when any will do.</param>
    public static IReadOnlyList<CarrierEvent> Map(TwilioFields form, string? reference, string? ourAccount)
    {
        // Sub-accounts sign with tokens of their own, so this is a mistake in somebody's settings rather than an attack.
        if (ourAccount is not null && form.Find("AccountSid") is { } account && account != ourAccount) return [Ignored("other_account")];

        if ((form.Find("MessageSid") ?? form.Find("SmsSid") ?? form.Find("SmsMessageSid")) is not { } sid) return [Ignored("no_message")];

        return (form.Find("MessageStatus") ?? form.Find("SmsStatus")) switch
        {
            null or "received" => Message(form, sid),
            var status => [Receipt(form, sid, status, reference)],
        };
    }

    // https://www.twilio.com/docs/messaging/guides/track-outbound-message-status. There is no time in it, and no promise of order.
    private static CarrierEvent Receipt(TwilioFields form, string sid, string status, string? reference)
    {
        var code = form.Find("ErrorCode");
        return status switch
        {
            // Steps inside Twilio: they say nothing that the answer to our send did not say.
            "accepted" or "scheduled" or "queued" or "sending" or "receiving" => Ignored(status),
            "sent" => Report(MessageStatus.Sent),
            "delivered" or "partially_delivered" => Report(MessageStatus.Delivered),
            "read" => Report(MessageStatus.Read),
            "undelivered" or "failed" when code == TwilioErrors.ValidityPassed => Failure(MessageStatus.Expired, FailureReason.Expired),
            "undelivered" => Failure(MessageStatus.Undelivered, TwilioErrors.Table.ReasonOf(code)),
            "failed" => Failure(MessageStatus.Failed, TwilioErrors.Table.ReasonOf(code)),
            "canceled" => Failure(MessageStatus.Canceled, FailureReason.Canceled),
            _ => Ignored($"unknown_status:{status}"),
        };

        CarrierEvent.DeliveryReported Report(MessageStatus to) => new()
        {
            Reference = reference,
            CarrierMessageId = sid,
            From = TwilioAddress.Find(form.Find("To")),
            To = form.Find("MessagingServiceSid") is { } service
                ? new(AddressType.SenderPool, service)
                : TwilioAddress.Find(form.Find("From")),
            Status = to,
        };

        CarrierEvent.DeliveryReported Failure(MessageStatus to, FailureReason reason) =>
            Report(to) with { Reason = reason, CarrierCode = code };
    }

    private static CarrierEvent[] Message(TwilioFields form, string sid)
    {
        var from = TwilioAddress.Find(form.Find("From")) ?? Address.Unknown;
        var message = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = sid,
            From = from,
            To = TwilioAddress.Find(form.Find("To")) ?? Address.Unknown,
            Content = TwilioContent.Of(form),
            ProfileName = form.Find("ProfileName"),
            ReplyTo = form.Find("OriginalRepliedMessageSid"),
            AlsoFrom = TwilioAddress.OthersOf(from, form),
            Referral = Referral(form),
            Forwarded = IsTrue("Forwarded") || IsTrue("FrequentlyForwarded") ? true : null,
            FrequentlyForwarded = IsTrue("FrequentlyForwarded") ? true : null,
        };
        if (TwilioKeywords.Hear(form) is not var (word, optedOut)) return [message];

        // Twilio blocks the sender that was written to, and with it the whole messaging service that it belongs to: so do we.
        var consent = new CarrierEvent.ConsentChanged
        {
            From = from, AlsoFrom = message.AlsoFrom, To = message.To, OptedOut = optedOut, Evidence = word,
        };
        return form.Find("MessagingServiceSid") is { } service
            ? [message, consent, consent with { To = new Address(AddressType.SenderPool, service) }]
            : [message, consent];

        bool IsTrue(string field) => "true".Equals(form.Find(field), StringComparison.OrdinalIgnoreCase);
    }

    // Ordinary messages have ReferralNumMedia=0, which says nothing.
    private static Referral Referral(TwilioFields form) => new()
    {
        SourceType = form.Find("ReferralSourceType"),
        SourceId = form.Find("ReferralSourceId"),
        SourceUrl = form.Find("ReferralSourceUrl"),
        Headline = form.Find("ReferralHeadline"),
        Body = form.Find("ReferralBody"),
        MediaType = form.Find("ReferralMediaContentType"),
        MediaUrl = form.Find("ReferralMediaUrl"),
        ClickId = form.Find("ReferralCtwaClid"),
    };

    private static CarrierEvent.Ignored Ignored(string reason) => new() { Reason = reason };
}
