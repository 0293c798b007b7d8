using Omni.Shared;

namespace Omni.WhatsApp.Inbound;

/// <summary>
/// What a status says, in our words. Statuses repeat, overtake each other and may be left out.
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status
/// </summary>
internal static class WhatsAppStatus
{
    /// <summary>The event of a status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="ours">Our number.</param>
    /// <param name="contacts">The contacts of the call.</param>
    public static CarrierEvent Map(WireStatus? status, Address ours, WireContact[] contacts)
    {
        if (status is not { Id.Length: > 0 }) return CarrierEvent.Ignored.Unreadable; // which message is it about?

        var names = Names(status, contacts);
        var code = status.Errors?.FirstOrDefault()?.Code;
        return status.Status switch
        {
            "sent" => Report(MessageStatus.Sent),
            "delivered" => Report(MessageStatus.Delivered),
            "read" or "played" => Report(MessageStatus.Read),
            "failed" when code == WhatsAppErrors.Expired => Failure(MessageStatus.Expired),
            "failed" when WhatsAppErrors.IsUndelivered(code) => Failure(MessageStatus.Undelivered),
            "failed" => Failure(MessageStatus.Failed),
            "deleted" => new CarrierEvent.Ignored { Reason = "deleted" },
            var other => new CarrierEvent.Ignored { Reason = $"unknown_status:{other}" },
        };

        CarrierEvent.DeliveryReported Report(MessageStatus to) => new()
        {
            Reference = status.CallbackData,
            CarrierMessageId = status.Id,
            From = names.FirstOrDefault(),
            KnownAs = names.Length > 0 ? names : null,
            To = ours == Address.Unknown ? null : ours,
            Status = to,
            Pricing = Price(status.Pricing),
        };

        CarrierEvent.DeliveryReported Failure(MessageStatus to) =>
            Report(to) with { Reason = WhatsAppErrors.Table.ReasonOf(code), CarrierCode = code };
    }

    // Of a group it names the group, and one of those in it.
    private static Address[] Names(WireStatus status, WireContact[] contacts)
    {
        if (status.RecipientType == "group") return [];

        var contact = WhatsAppMapper.ContactOf(contacts, status.RecipientId, status.RecipientUserId);
        return WhatsAppNames.Of(
            status.RecipientId,
            status.RecipientUserId,
            status.ParentRecipientUserId,
            contact?.WaId,
            contact?.UserId,
            contact?.ParentUserId);
    }

    private static Pricing? Price(WirePricing? pricing) =>
        pricing is null
            ? null
            : new() { Billable = pricing.Billable, Category = pricing.Category, Model = pricing.Model, Kind = pricing.Type };
}
