using Omni.Shared;

namespace Omni.MessageBird.Inbound;

/// <summary>
/// The words by which people opt out and in. MessageBird obeys them itself for SMS, and the webhook is called all the same; in channels
/// nobody does it for us. https://docs.bird.com, "Opt-in and opt-out compliance"
/// </summary>
internal static class MessageBirdKeywords
{
    // ARRÊT is how a French phone corrects ARRET.
    private static readonly OptOutKeywords Words = new(alsoOut: ["ARRET", "ARRÊT"], alsoIn: ["BEGIN", "RESUME", "REVERT"]);

    /// <summary>The events of a message: itself, and the consent that changes when it is one of the words.</summary>
    /// <param name="message">The message.</param>
    /// <param name="text">Its text.</param>
    public static IReadOnlyList<CarrierEvent> Hear(CarrierEvent.MessageReceived message, string? text) =>
        Words.Hear(text) is var (word, optedOut)
            ? [message, new CarrierEvent.ConsentChanged { From = message.From, To = message.To, OptedOut = optedOut, Evidence = word }]
            : [message];
}
