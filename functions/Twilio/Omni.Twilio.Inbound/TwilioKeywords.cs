using Omni.Shared;

namespace Omni.Twilio.Inbound;

/// <summary>
/// The words by which people opt out and in. Twilio obeys them itself for SMS, and the webhook is called all the same;
/// on WhatsApp nobody does it for us.
/// https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
/// </summary>
internal static class TwilioKeywords
{
    private static readonly OptOutKeywords Keywords = new(alsoOut: ["REVOKE", "OPTOUT"], alsoIn: []);

    /// <summary>The keyword of a message and whether it opts out (or in); null for a message like any other.</summary>
    /// <param name="form">The form.</param>
    /// <remarks>
    /// OptOutType comes only with Advanced Opt-Out, whose words an account chooses. Otherwise the keyword must be the whole message.
    /// </remarks>
    public static (string Word, bool OptedOut)? Hear(TwilioFields form) => Keywords.Hear(form.Find("OptOutType") ?? form.Find("Body"));
}
