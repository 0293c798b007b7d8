using System.Buffers;
using PhoneNumbers;

namespace Omni.Shared;

/// <summary>The addresses of the phone world: E.164 numbers, short codes and alphanumeric senders.</summary>
/// <remarks>
/// The library's namespace has the same name and comes first outside Omni.Shared: write <c>Shared.PhoneNumbers</c> there.
/// </remarks>
public static class PhoneNumbers
{
    private const string NotAPhone = "***";

    // E.164: a country code and a national number, 15 digits together at most.
    private const int MaxDigits = 15;

    // Of fewer digits, what is shown would be most of the number.
    private const int FewestDigitsShown = 7;

    // What people write between digits. Letters are out: an extension or a vanity number is no address for a message.
    private static readonly SearchValues<char> Written = SearchValues.Create("0123456789 -.()");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> SenderCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _+&-");

    /// <summary>Brings a number in international writing (with its plus) to E.164; false, and empty, if it cannot be a number.</summary>
    /// <remarks>
    /// Asks whether the number is possible (a known country code and a right length), not whether it is valid: validity
    /// excludes the numbers reserved for fiction (+12065550100) and carriers' magic test numbers (+15005550006), and the
    /// list of ranges in use is always older than the last range opened. Who is not there is for the carrier to say.
    /// </remarks>
    public static bool TryNormalize(string input, out string e164)
    {
        e164 = "";
        var number = input.Trim();
        if (!number.StartsWith('+') || number.AsSpan(1).ContainsAnyExcept(Written)) return false;

        try
        {
            var util = PhoneNumberUtil.GetInstance();
            var parsed = util.Parse(number, defaultRegion: null);

            // IsPossibleNumber would also take a number without its area code, which can be dialled only next door.
            if (util.IsPossibleNumberWithReason(parsed) != PhoneNumberUtil.ValidationResult.IS_POSSIBLE) return false;

            var formatted = util.Format(parsed, PhoneNumberFormat.E164);
            if (formatted.Length > 1 + MaxDigits) return false;

            e164 = formatted;
            return true;
        }
        catch (NumberParseException)
        {
            return false;
        }
    }

    /// <summary>
    /// What a log may show of an address: of an E.164 number its length, country and last two digits, of anything else nothing.
    /// </summary>
    public static string Mask(string phoneOrAddress)
    {
        if (phoneOrAddress.Length is < 1 + FewestDigitsShown or > 1 + MaxDigits || phoneOrAddress[0] != '+') return NotAPhone;
        if (phoneOrAddress.AsSpan(1).ContainsAnyExcept(Digits)) return NotAPhone;

        // Only country codes 1 and 7 are a single digit long; of the others two digits tell enough.
        var shown = phoneOrAddress[1] is '1' or '7' ? 2 : 3;
        return $"{phoneOrAddress.AsSpan(0, shown)}{new string('*', phoneOrAddress.Length - shown - 2)}{phoneOrAddress.AsSpan(^2..)}";
    }

    /// <summary>
    /// The country of a number, ISO 3166-1 alpha-2; null for what is no number, and for numbers of no country. A number in no known range
    /// is of the main country of its code.
    /// </summary>
    /// <param name="address">The address.</param>
    public static string? CountryOf(Address address)
    {
        if (address.Type != AddressType.Phone) return null;

        try
        {
            var util = PhoneNumberUtil.GetInstance();
            var number = util.Parse(address.Value, defaultRegion: null);
            var country = util.GetRegionCodeForNumber(number) ?? util.GetRegionCodeForCountryCode(number.CountryCode);
            return IsCountry(country) ? country : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>Whether these are the two letters of a country that has numbers.</summary>
    /// <param name="country">The letters.</param>
    public static bool IsCountry(string country) => PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(country);

    /// <summary>Whether this is a short code: three to eight digits, without a plus.</summary>
    public static bool IsShortCode(string address) =>
        address.Length is >= 3 and <= 8 && !address.AsSpan().ContainsAnyExcept(Digits);

    /// <summary>
    /// Whether this may stand in place of a sender's number: 1 to 11 letters (one at least), digits, spaces and _ + &amp; -.
    /// </summary>
    public static bool IsAlphanumericSender(string address) =>
        address.Length is >= 1 and <= 11
        && !address.AsSpan().ContainsAnyExcept(SenderCharacters)
        && address.Any(char.IsAsciiLetter);
}
