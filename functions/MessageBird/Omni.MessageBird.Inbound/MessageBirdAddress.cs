using Omni.Shared;

namespace Omni.MessageBird.Inbound;

/// <summary>MessageBird's addresses: numbers stand there as digits, mostly without their plus.</summary>
internal static class MessageBirdAddress
{
    // E.164 has 15 digits at most.
    private const int MaxDigits = 15;

    /// <summary>The address of a field; null when it is missing or of a kind that we have no address for.</summary>
    /// <param name="text">What stands there.</param>
    public static Address? Find(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text is not ['+', ..] && Shared.PhoneNumbers.IsShortCode(text)) return new(AddressType.ShortCode, text);

        var digits = text.TrimStart('+');
        if (digits.Length is > 0 and <= MaxDigits && digits.All(char.IsAsciiDigit)) return Address.Phone("+" + digits);
        return Shared.PhoneNumbers.IsAlphanumericSender(text) ? new(AddressType.Alphanumeric, text) : null;
    }
}
