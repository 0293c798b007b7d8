using Omni.Shared;

namespace Omni.Inteliquent.Inbound;

/// <summary>Inteliquent's numbers: usually eleven digits, but with a plus or without the leading 1 as well.</summary>
internal static class InteliquentAddress
{
    private const int NationalDigits = 10, FewestDigits = 11, MostDigits = 15;

    /// <summary>
    /// The address of a <c>from</c> or of one of <c>to</c>; null when it is of a form that we have no kind of address for.
    /// </summary>
    /// <param name="number">The number as the carrier writes it.</param>
    public static Address? TryParse(string? number)
    {
        var text = number?.Trim() ?? "";
        var digits = text.TrimStart('+');
        if (digits.Length > 0 && digits.All(char.IsAsciiDigit))
        {
            if (digits.Length == NationalDigits) return Address.Phone("+1" + digits);
            if (digits.Length is >= FewestDigits and <= MostDigits) return Address.Phone("+" + digits);
        }

        return text switch
        {
            _ when Shared.PhoneNumbers.IsShortCode(text) => new(AddressType.ShortCode, text),
            _ when Shared.PhoneNumbers.IsAlphanumericSender(text) => new(AddressType.Alphanumeric, text),
            _ => null,
        };
    }
}
