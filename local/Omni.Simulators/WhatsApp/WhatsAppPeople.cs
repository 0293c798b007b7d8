using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Omni.Simulators.WhatsApp;

/// <summary>A person on WhatsApp: always with a business-scoped user id, and with a number unless they hide it.</summary>
/// <param name="UserId"><c>CC.</c> and letters or digits.</param>
/// <param name="WaId">Their number as WhatsApp knows it, digits only; null when it is hidden.</param>
internal sealed record WhatsAppPerson(string UserId, string? WaId);

/// <summary>How a message to somebody ends.</summary>
/// <param name="Path">The statuses that are reported.</param>
/// <param name="ErrorCode">The code of a failing last one.</param>
internal sealed record WhatsAppEnding(IReadOnlyList<string> Path, int? ErrorCode = null);

/// <summary>
/// Everybody who has a number. Meta has no numbers with a meaning; these are the simulator's, out of a range that nobody owns.
/// </summary>
internal sealed class WhatsAppPeople
{
    private static readonly WhatsAppEnding Usual = new(["sent", "delivered"]);

    public static IReadOnlyDictionary<string, WhatsAppEnding> Endings { get; } = new Dictionary<string, WhatsAppEnding>
    {
        ["15005550001"] = new(["failed"], 131026), // not on WhatsApp
        ["15005550002"] = new(["sent"]), // a phone that is off
        ["15005550003"] = new(["failed"], 131049), // not delivered, to keep the engagement healthy
        ["15005550004"] = new(["failed"], 130472), // part of an experiment
        ["15005550005"] = new(["sent", "failed"], 131026), // fails after it was sent
        ["15005550006"] = new(["sent", "read"]), // has the chat open: no delivered in between
    };

    private readonly ConcurrentDictionary<string, WhatsAppPerson> _byUserId = new(StringComparer.Ordinal);

    /// <summary>The person with a number, as somebody wrote it: with its plus or without.</summary>
    public WhatsAppPerson OfPhone(string phone)
    {
        var waId = WaIdOf(phone.TrimStart('+'));
        var country = waId switch { ['1', ..] => "US", ['3', '1', ..] => "NL", ['4', '4', ..] => "GB", ['5', '5', ..] => "BR", _ => "ZZ" };
        var userId = $"{country}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(waId)).AsSpan(0, 8))}";
        return _byUserId.GetOrAdd(userId, new WhatsAppPerson(userId, waId));
    }

    /// <summary>The person with a user id: somebody seen before, or somebody whose number we do not know.</summary>
    public WhatsAppPerson OfUser(string userId) => _byUserId.GetOrAdd(userId, new WhatsAppPerson(userId, WaId: null));

    public static WhatsAppEnding EndingOf(WhatsAppPerson person) =>
        person.WaId is { } waId && Endings.TryGetValue(waId, out var ending) ? ending : Usual;

    // Brazil: people write the mobile 9 after the area code, and many accounts are older than it.
    private static string WaIdOf(string digits) =>
        digits is ['5', '5', _, _, '9', ..] && digits.Length == 13 ? digits.Remove(4, 1) : digits;
}
