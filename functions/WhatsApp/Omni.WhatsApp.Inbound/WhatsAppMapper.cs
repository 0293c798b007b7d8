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
    private const int MostDigits = 15; // E.164
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
                value.Statuses, status => [WhatsAppStatus.Map(WebhookJson.Read(status, WhatsAppJson.Default.WireStatus), ours)]),
            .. WebhookJson.Events(
                value.Errors, error => [Ignored($"error:{WebhookJson.Read(error, WhatsAppJson.Default.WireError)?.Code}")]),
        ];
    }

    private static IEnumerable<CarrierEvent> Message(WireMessage? message, Address ours, WireContact[] contacts)
    {
        if (message is null) return [CarrierEvent.Ignored.Unreadable];
        if (message is { Type: "system" or "request_welcome" })
            return [Ignored(message.System?.Type is { } kind ? $"system:{kind}" : message.Type)];

        var contact = ContactOf(message, contacts);
        Address[] names = Names([message.From, message.FromUserId, contact?.WaId, contact?.UserId]);
        var (from, also) = (names.FirstOrDefault() ?? Address.Unknown, names.FirstOrDefault(name => name.Type != names[0].Type));
        var received = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = message.Id ?? "",
            From = from,
            To = ours,
            Content = WhatsAppContent.Of(message),
            SentAt = Time(message.Timestamp),
            ProfileName = contact?.Profile?.Name is { Length: > 0 } name ? name : null,
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
        _ when Names([preference.WaId, preference.UserId]) is [var person, .. var others] => new CarrierEvent.ConsentChanged
        {
            From = person,
            To = ours,
            AlsoFrom = others.FirstOrDefault(other => other.Type != person.Type),
            OptedOut = preference.Value == "stop",
            Scope = ConsentScope.Marketing,
            Evidence = $"user_preferences:{preference.Value}",
        },
        _ => CarrierEvent.Ignored.Unreadable,
    };

    private static WireContact? ContactOf(WireMessage message, WireContact[] contacts) =>
        contacts.FirstOrDefault(contact => (contact.WaId is { } waId && waId == message.From)
            || (contact.UserId is { } userId && (userId == message.FromUserId || userId == message.From)))
        ?? (message.From is null && message.FromUserId is null && contacts is [var only] ? only : null);

    /// <summary>
    /// The addresses that a person is named by, numbers first.
    /// Never repaired: a number that lacks a digit of today's is still the one that answers reach.
    /// </summary>
    /// <param name="names">What stands where a number or a user id should: at times the one in the place of the other.</param>
    internal static Address[] Names(IEnumerable<string?> names)
    {
        string[] told = [.. names.Where(name => !string.IsNullOrEmpty(name)).OfType<string>()];
        return
        [
            .. told.Where(IsNumber).Select(digits => Address.Phone($"+{digits}")),
            .. told.Where(name => name.Contains('.', StringComparison.Ordinal)).Select(id => new Address(AddressType.WhatsappUserId, id)),
        ];
    }

    private static bool IsNumber(string text) => text.Length <= MostDigits && text[0] != '0' && text.All(char.IsAsciiDigit);

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
