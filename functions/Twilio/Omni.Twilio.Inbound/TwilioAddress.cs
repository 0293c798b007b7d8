using Omni.Shared;

namespace Omni.Twilio.Inbound;

/// <summary>Twilio's addresses: a plain one is of the phone world, any other has its channel in front of a colon.</summary>
internal static class TwilioAddress
{
    private const string WhatsApp = "whatsapp:";

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
