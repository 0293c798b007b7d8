using Omni.Shared;

namespace Omni.Bandwidth.Inbound;

/// <summary>Bandwidth's addresses: numbers, of which old samples lack the plus, short codes and names.</summary>
internal static class BandwidthAddress
{
    private const int FewestDigits = 9, MostDigits = 15; // fewer are a short code, more are no number

    /// <summary>An address; null when it is missing, or of a form that we have no kind of address for.</summary>
    /// <param name="address">The address as Bandwidth writes it.</param>
    public static Address? Find(string? address) => address?.Trim() switch
    {
        ['+', .. var digits] when IsNumber(digits) => Address.Phone("+" + digits),
        { Length: >= FewestDigits } digits when IsNumber(digits) => Address.Phone("+" + digits),
        { } code when Shared.PhoneNumbers.IsShortCode(code) => new(AddressType.ShortCode, code),
        { } name when Shared.PhoneNumbers.IsAlphanumericSender(name) => new(AddressType.Alphanumeric, name),
        _ => null,
    };

    /// <summary>
    /// Our own side, which may also be the agent of a rich channel: a sender that Bandwidth keeps under a name. Null when it is missing.
    /// </summary>
    /// <param name="address">The address as Bandwidth writes it.</param>
    public static Address? FindOurs(string? address) =>
        Find(address) ?? (string.IsNullOrWhiteSpace(address) ? null : new(AddressType.SenderPool, address.Trim()));

    private static bool IsNumber(string digits) =>
        digits.Length <= MostDigits && digits.Length > 0 && digits[0] != '0' && digits.All(char.IsAsciiDigit);
}
