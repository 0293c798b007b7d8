using System.Collections.Frozen;

namespace Omni.Simulators.Twilio;

/// <summary>How a message ends when no rule says otherwise.</summary>
/// <param name="Path">Statuses after the one in the create answer.</param>
/// <param name="Silent">The statuses are reached and no receipt tells of it.</param>
internal sealed record TwilioEnding(IReadOnlyList<string> Path, int? ErrorCode = null, bool Silent = false);

/// <summary>Numbers with a meaning: Twilio's own magic ones, and this simulator's conventions for the end of a message.</summary>
internal static class TwilioNumbers
{
    public const string MagicSender = "+15005550006";

    // https://www.twilio.com/docs/iam/test-credentials
    public static readonly FrozenDictionary<string, int> RefusedSenders = new Dictionary<string, int>
    {
        ["+15005550001"] = 21212,
        ["+15005550007"] = 21606,
        ["+15005550008"] = 21611,
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, int> RefusedRecipients = new Dictionary<string, int>
    {
        ["+15005550001"] = 21211,
        ["+15005550002"] = 21612,
        ["+15005550003"] = 21408,
        ["+15005550004"] = 21610,
        ["+15005550009"] = 21614,
    }.ToFrozenDictionary();

    /// <summary>The simulator's own: the last four digits are those of the error code, without one zero.</summary>
    public static readonly FrozenDictionary<string, TwilioEnding> Endings = new Dictionary<string, TwilioEnding>
    {
        ["+15005553003"] = new(["sent", "undelivered"], 30003),
        ["+15005553005"] = new(["sent", "undelivered"], 30005),
        ["+15005553007"] = new(["failed"], 30007),
        ["+15005553036"] = new(["failed"], 30036),
        ["+15005553000"] = new(["sent"], Silent: true),
    }.ToFrozenDictionary();

    public static readonly TwilioEnding Delivered = new(["sent", "delivered"]);

    public static TwilioEnding EndingOf(string to) => Endings.GetValueOrDefault(TwilioAddress.WithoutChannel(to), Delivered);
}
