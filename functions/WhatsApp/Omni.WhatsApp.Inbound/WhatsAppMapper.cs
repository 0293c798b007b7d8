using System.Globalization;
using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Inbound;

/// <summary>What Meta's calls say, in our words. Pure. Every list is walked to its end, and each item is read by itself.</summary>
internal static class WhatsAppMapper
{
    // From here on a time is in milliseconds: in seconds it would be the year 33658.
    private const long FirstMilliseconds = 1_000_000_000_000;
    private const long LastMilliseconds = 253_402_300_799_999;

    /// <summary>The events of a call.</summary>
    /// <param name="body">Its body.</param>
    /// <exception cref="JsonException">It is no JSON, or none of Meta's.</exception>
    public static IReadOnlyList<CarrierEvent> Map(ReadOnlySpan<byte> body)
    {
        var call = WebhookJson.Read(WebhookJson.Parse(body), WhatsAppJson.Default.WireCall)
            ?? throw new FormatException("The call is no object.");
        if (call.Object != "whatsapp_business_account") return [Ignored("other_object")];
        if (call.Entry.ValueKind is not JsonValueKind.Array) throw new FormatException("The call has no entries.");

        return WebhookJson.Events(call.Entry, entry => WebhookJson.Read(entry, WhatsAppJson.Default.WireEntry) is { } read
            ? WebhookJson.Events(read.Changes, change => Change(WebhookJson.Read(change, WhatsAppJson.Default.WireChange)))
            : [CarrierEvent.Ignored.Unreadable]);
    }

    private static IEnumerable<CarrierEvent> Change(WireChange? change) => change switch
    {
        { Field: "messages", Value: { } value } => Messages(value),
        { Field: "user_preferences", Value: { } value } => WebhookJson.Events(
            value.UserPreferences,
            preference => [Preference(WebhookJson.Read(preference, WhatsAppJson.Default.WirePreference), OurNumber(value))]),
        null or { Field: "messages" or "user_preferences" or null } => [CarrierEvent.Ignored.Unreadable],

        // Echoes are messages of ours from the phone app: taken for a person's, we would answer ourselves.
        // The others are about the account.
        { Field: var field } => [Ignored(field)],
    };

    private static IEnumerable<CarrierEvent> Messages(WireValue value)
    {
        var ours = OurNumber(value);
        WireContact[] contacts = [.. WebhookJson.Items(value.Contacts)
            .Select(contact => WebhookJson.Read(contact, WhatsAppJson.Default.WireContact))
            .OfType<WireContact>()];
        return
        [
            .. WebhookJson.Events(
                value.Messages, message => Message(WebhookJson.Read(message, WhatsAppJson.Default.WireMessage), ours, contacts)),
            .. WebhookJson.Events(
                value.Statuses,
                status => [WhatsAppStatus.Map(WebhookJson.Read(status, WhatsAppJson.Default.WireStatus), ours, contacts)]),
            .. WebhookJson.Events(
                value.Errors, error => [Ignored($"error:{WebhookJson.Read(error, WhatsAppJson.Default.WireError)?.Code}")]),
        ];
    }

    private static IEnumerable<CarrierEvent> Message(WireMessage? message, Address ours, WireContact[] contacts)
    {
        if (message is null) return [CarrierEvent.Ignored.Unreadable];
        if (message is { Type: "system" or "request_welcome" })
            return [Ignored(message.System?.Type is { } kind ? $"system:{kind}" : message.Type)];

        var contact = ContactOf(contacts, message.From, message.FromUserId);
        var (from, also) = Split(WhatsAppNames.Of(
            message.From, message.FromUserId, message.FromParentUserId, contact?.WaId, contact?.UserId, contact?.ParentUserId));
        from ??= Address.Unknown;
        var received = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = message.Id ?? "",
            From = from,
            To = ours,
            Content = WhatsAppContent.Of(message),
            SentAt = Time(message.Timestamp),
            ProfileName = contact?.Profile?.Name is { Length: > 0 } name ? name : null,
            Referral = message.Referral?.ToReferral(),
            Forwarded = message.Context is { Forwarded: true } or { FrequentlyForwarded: true } ? true : null,
            FrequentlyForwarded = message.Context is { FrequentlyForwarded: true } ? true : null,
            ReplyTo = message.Context?.Id ?? message.Edit?.OriginalMessageId ?? message.Revoke?.OriginalMessageId,
            Participants = message.GroupId is null ? null : [], // who else is in a group is not said
            Thread = message.GroupId,
            AlsoFrom = also,

            // "A user messages you or calls you" opens one; that a change, a reaction or the words in a group do, Meta says nowhere.
            OpensNoWindow = message.GroupId is not null || message.Type is "reaction" or "edit" or "revoke",
        };

        // WhatsApp does nothing about such words. Only what was typed counts: a button that says "Cancel" may be about an appointment. In a
        // group it is said to others too.
        return message.GroupId is null
            && received.Content is TextContent text
            && OptOutKeywords.Common.Hear(text.Body) is var (word, optedOut)
            ? [received, new CarrierEvent.ConsentChanged { From = from, To = ours, AlsoFrom = also, OptedOut = optedOut, Evidence = word }]
            : [received];
    }

    // https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/user_preferences
    private static CarrierEvent Preference(WirePreference? preference, Address ours) => preference switch
    {
        null => CarrierEvent.Ignored.Unreadable,
        { Category: not "marketing_messages" } or { Value: not ("stop" or "resume" or "signup") } => Ignored("preference"),
        _ when Split(WhatsAppNames.Of(preference.WaId, preference.UserId, preference.ParentUserId)) is ({ } person, var also) =>
            new CarrierEvent.ConsentChanged
            {
                From = person,
                To = ours,
                AlsoFrom = also,
                OptedOut = preference.Value == "stop",
                Scope = ConsentScope.Marketing,
                Evidence = $"user_preferences:{preference.Value}",
            },
        _ => CarrierEvent.Ignored.Unreadable,
    };

    /// <summary>The contact that a person's number or user id belongs to; null when the call names none.</summary>
    /// <param name="contacts">The contacts of the call.</param>
    /// <param name="id">What stands where their number should: at times their user id.</param>
    /// <param name="userId">Their user id.</param>
    internal static WireContact? ContactOf(WireContact[] contacts, string? id, string? userId) =>
        contacts.FirstOrDefault(contact => (contact.WaId is { } waId && waId == id)
            || (contact.UserId is { } known && (known == userId || known == id)))
        ?? (id is null && userId is null && contacts is [var only] ? only : null);

    private static (Address? First, IReadOnlyList<Address>? Others) Split(Address[] names) =>
        names is [var first, .. var others] ? (first, others.Length > 0 ? others : null) : (null, null);

    private static Address OurNumber(WireValue value)
    {
        // written with spaces and a plus at times
        var digits = string.Concat((value.Metadata?.DisplayPhoneNumber ?? "").Where(char.IsAsciiDigit));
        return digits.Length > 0 ? Address.Phone($"+{digits}")
            : value.Metadata?.PhoneNumberId is { Length: > 0 } id ? new(AddressType.SenderPool, id)
            : Address.Unknown;
    }

    private static DateTimeOffset? Time(string? text) =>
        !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var time) || time > LastMilliseconds ? null
        : DateTimeOffset.FromUnixTimeMilliseconds(time >= FirstMilliseconds ? time : time * 1000);

    private static CarrierEvent.Ignored Ignored(string reason) => new() { Reason = reason };
}
