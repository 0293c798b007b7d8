using System.Collections.Frozen;

namespace Omni.Twilio.Inbound;

/// <summary>
/// The words by which people opt out and in. Twilio obeys them itself for SMS, and the webhook is called all the same; on WhatsApp nobody does it for us.
/// https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
/// </summary>
internal static class TwilioKeywords
{
    private static readonly FrozenDictionary<string, bool> OptsOut = new Dictionary<string, bool>
    {
        ["STOP"] = true,
        ["STOPALL"] = true,
        ["UNSUBSCRIBE"] = true,
        ["CANCEL"] = true,
        ["END"] = true,
        ["QUIT"] = true,
        ["REVOKE"] = true,
        ["OPTOUT"] = true,
        ["START"] = false,
        ["YES"] = false,
        ["UNSTOP"] = false,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keyword of a message and whether it opts out (or in); null for a message like any other.</summary>
    /// <param name="form">The form.</param>
    public static (string Word, bool OptedOut)? Hear(TwilioFields form)
    {
        // OptOutType comes only with Advanced Opt-Out, whose words an account chooses. Otherwise the keyword must be the whole message.
        var word = (form.Find("OptOutType") ?? form.Find("Body") ?? "").Trim().ToUpperInvariant();
        return OptsOut.TryGetValue(word, out var optedOut) ? (word, optedOut) : null;
    }
}
