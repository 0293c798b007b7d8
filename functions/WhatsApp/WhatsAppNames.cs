using Omni.Shared;

namespace Omni.WhatsApp;

/// <summary>
/// What WhatsApp calls people: by a number, by a user id, by one of the business's parent account, by all of them at once.
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
/// </summary>
internal static class WhatsAppNames
{
    private const int MostDigits = 15; // E.164

    /// <summary>
    /// The addresses that a person is named by, numbers first; what is neither a number nor a user id is none.
    /// Never repaired: a number that lacks a digit of today's is still the one that answers reach.
    /// </summary>
    /// <param name="names">What stands where a number or a user id should: at times the one in the place of the other.</param>
    public static Address[] Of(params ReadOnlySpan<string?> names)
    {
        var (numbers, ids) = (new List<Address>(), new List<Address>());
        foreach (var name in names)
        {
            if (string.IsNullOrEmpty(name)) continue;
            if (IsNumber(name)) numbers.Add(Address.Phone($"+{name}"));
            else if (name.Contains('.', StringComparison.Ordinal)) ids.Add(new(AddressType.WhatsappUserId, name));
        }

        return [.. numbers.Concat(ids).Distinct()];
    }

    private static bool IsNumber(string text) => text.Length <= MostDigits && text[0] != '0' && text.All(char.IsAsciiDigit);
}
