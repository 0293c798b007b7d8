using System.Text.Json;
using Omni.Shared;

namespace Omni.Api;

/// <summary>Reads addresses and brings them to their canonical form.</summary>
internal static class AddressReader
{
    private const int MaxValue = 256;

    /// <summary>The recipient: a string is a phone number, or where the carrier knows none, an address of its first kind.</summary>
    public static Address? To(JsonFields request, Carrier? carrier)
    {
        var kind = KindOfText(carrier?.To);
        return Read(request, "to", text => Canonical(kind, text), RuleOf(kind));
    }

    /// <summary>
    /// The sender: a string is a phone number, else a short code, else a name if the carrier sends from names; where the carrier knows no
    /// phone numbers, an address of its first kind. Null when it is missing, or none.
    /// </summary>
    public static Address? From(JsonFields request, Carrier? carrier)
    {
        if (KindOfText(carrier?.From) is not AddressType.Phone and var kind)
            return Read(request, "from", text => Canonical(kind, text), RuleOf(kind), required: false);

        var names = carrier?.From.Contains(AddressType.Alphanumeric) != false;
        return Read(
            request, "from", text => FromText(text) is { } found && (names || found.Type != AddressType.Alphanumeric) ? found : null,
            names
                ? "It is a phone number such as +12065550100, a short code or a name of up to 11 letters and digits."
                : "It is a phone number such as +12065550100 or a short code.",
            required: false);
    }

    /// <summary>A string as an address: a phone number, else a short code, else a name; null when it is none of these.</summary>
    public static Address? FromText(string text)
    {
        if (text.StartsWith('+')) return Canonical(AddressType.Phone, text);

        return Canonical(AddressType.ShortCode, text) ?? Canonical(AddressType.Alphanumeric, text);
    }

    /// <summary>What is told of an address in a URL that is none.</summary>
    public const string UrlRule = "It is a phone number, a short code, a name, or type:value such as livechatChat:PJ0MRSHTDG.";

    /// <summary>
    /// An address in a path or a parameter: <c>type:value</c>, or a string as in a request; null when it is none.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="carrier">The carrier whose sender it is, where it is one: it may know no phone numbers.</param>
    public static Address? FromPath(string text, Carrier? carrier = null) =>
        text.Split(':', 2) is [var type, var value] && EnumWords.FromWord<AddressType>(type) is { } known
            ? Canonical(known, value)
            : KindOfText(carrier?.From) is not AddressType.Phone and var kind ? Canonical(kind, text) : FromText(text);

    /// <summary>An address of a known kind in its canonical form; null when it is none of that kind.</summary>
    public static Address? Canonical(AddressType type, string value) => type switch
    {
        AddressType.Phone => Shared.PhoneNumbers.TryNormalize(value, out var e164) ? Address.Phone(e164) : null,
        AddressType.ShortCode => Shared.PhoneNumbers.IsShortCode(value) ? new(type, value) : null,
        AddressType.Alphanumeric => Shared.PhoneNumbers.IsAlphanumericSender(value) ? new(type, value) : null,
        _ => value.Length is > 0 and <= MaxValue && !value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? new(type, value) : null,
    };

    /// <summary>Our address that something is about: a string is a phone number, else a short code, else a name; null for none.</summary>
    public static Address? Sender(JsonFields request) =>
        Read(request, "sender", FromText, "It is a phone number such as +12065550100, a short code or a name.", required: false);

    private static AddressType KindOfText(IReadOnlyList<AddressType>? kinds) =>
        kinds is null || kinds.Contains(AddressType.Phone) ? AddressType.Phone : kinds[0];

    private static Address? Read(JsonFields request, string name, Func<string, Address?> fromText, string rule, bool required = true)
    {
        switch (request.Member(name, required))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } text when fromText(text.GetString()!) is { } address:
                return address;
            case { ValueKind: JsonValueKind.String }:
                request.Refuse(name, "invalid_address", rule);
                return null;
            case { ValueKind: JsonValueKind.Object }:
                return Typed(request.Object(name)!);
            default:
                request.Refuse(name, "wrong_type", "It must be a string or an object of type and value.");
                return null;
        }
    }

    private static Address? Typed(JsonFields fields)
    {
        var value = fields.Text("value", required: true);
        var type = fields.Word<AddressType>("type", required: true);
        fields.RefuseOthers();
        if (type is not { } known || value is null) return null;
        if (Canonical(known, value) is { } address) return address;

        fields.Refuse("value", "invalid_address", RuleOf(known));
        return null;
    }

    private static string RuleOf(AddressType type) => type switch
    {
        AddressType.Phone => "It is a phone number in international form, such as +14155550123.",
        AddressType.ShortCode => "A short code has 3 to 8 digits.",
        AddressType.Alphanumeric => "A name has 1 to 11 letters, digits, spaces and _ + & -, one letter at least.",
        _ => $"It has 1 to {MaxValue} characters without spaces.",
    };
}
