using Omni.Shared;

namespace Omni.Twilio.Inbound;

/// <summary>Twilio's addresses: a plain one is of the phone world, any other has its channel in front of a colon.</summary>
internal static class TwilioAddress
{
    private const string WhatsApp = "whatsapp:";

    /// <summary>The other names of a person on WhatsApp; null when there are none.</summary>
    /// <param name="person">Their address.</param>
    /// <param name="form">The form that they wrote.</param>
    public static IReadOnlyList<Address>? OthersOf(Address person, TwilioFields form)
    {
        if (person.Type != AddressType.WhatsappUserId) return null;

        string?[] names =
        [
            form.Find("WaId") is { } digits && digits.All(char.IsAsciiDigit) ? $"+{digits}" : null,
            form.Find("ExternalUserId"),
            form.Find("ParentExternalUserId"),
        ];
        Address[] others =
        [
            .. names.OfType<string>()
                .Select(name => name.StartsWith(WhatsApp, StringComparison.Ordinal) ? name[WhatsApp.Length..] : name) // seen either way
                .Where(name => name.Length > 0)
                .Select(name => new Address(AddressType.WhatsappUserId, name))
                .Where(name => name != person)
                .Distinct(),
        ];
        return others.Length > 0 ? others : null;
    }

    /// <summary>
    /// The address of a <c>From</c> or a <c>To</c>; null when it is missing, or of a channel or a form that we have no kind of address for.
    /// </summary>
    /// <param name="address">The address as Twilio writes it.</param>
    public static Address? Find(string? address) => address switch
    {
        null => null,
        ['+', ..] => Address.Phone(address), // E.164 already

        // With a number too: it must never be taken for the same number's SMS.
        _ when address.StartsWith(WhatsApp, StringComparison.Ordinal) => new(AddressType.WhatsappUserId, address[WhatsApp.Length..]),
        _ when Shared.PhoneNumbers.IsShortCode(address) => new(AddressType.ShortCode, address),
        _ when Shared.PhoneNumbers.IsAlphanumericSender(address) => new(AddressType.Alphanumeric, address),
        _ => null,
    };
}
