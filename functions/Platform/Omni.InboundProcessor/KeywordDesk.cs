using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.InboundProcessor;

/// <summary>
/// Hears the words that a registered sender listens to, and answers what it answers by itself. The answer is a message like any other,
/// under an id that belongs to the one that it answers: a repeated webhook makes no second one.
/// </summary>
/// <param name="aws">The stores.</param>
/// <param name="log">The log.</param>
internal sealed class KeywordDesk(AwsClients aws, ILogger log)
{
    /// <summary>
    /// How long an answer may be tried. An opt-out may be confirmed within five minutes:
    /// https://www.ecfr.gov/current/title-47/section-64.1200#p-64.1200(a)(12)
    /// </summary>
    private const int TtlSeconds = 5 * 60;

    /// <summary>That a person opted out by a word of the sender's own, which no webhook knows; null when they did not.</summary>
    public static async Task<CarrierEvent.ConsentChanged?> HearOptOutAsync(Arrival arrival)
    {
        if (arrival.Envelope.Event is not CarrierEvent.MessageReceived received || OptOutWord(arrival) is not null) return null;
        if (await HearAsync(arrival, received).ConfigureAwait(false) is not { About: AutomaticAnswer.OptOut } heard) return null;

        return new() { From = received.From, To = received.To, AlsoFrom = received.AlsoFrom, OptedOut = true, Evidence = heard.Word };
    }

    /// <summary>Whether a message is a keyword that opts out or that is answered here: nobody else is to answer it.</summary>
    public static async Task<bool> IsAnsweredAsync(Arrival arrival, CarrierEvent.MessageReceived received) =>
        await HearAsync(arrival, received).ConfigureAwait(false) is { About: AutomaticAnswer.OptOut } or { Answer: not null };

    /// <summary>Answers a person's message, where its sender answers such by itself. In a group nobody is answered.</summary>
    /// <param name="arrival">What came in.</param>
    /// <param name="message">The person's message as it is stored.</param>
    public async Task AnswerAsync(Arrival arrival, Message message)
    {
        if (arrival.Envelope.Event is not CarrierEvent.MessageReceived { Participants: null or { Count: 0 } } received) return;
        if (await HearAsync(arrival, received).ConfigureAwait(false) is not { Answer: { } text } heard) return;

        var plan = MessagePlanner.Plan(new Message
        {
            Id = Ids.DerivedMessage("answer", message.Id),
            Carrier = message.Carrier,
            Tenant = message.Tenant,
            Account = message.Account,
            To = message.From,
            From = message.To,
            Content = new TextContent { Body = text },
            Priority = Priority.High,
            TtlSeconds = TtlSeconds,
            Automatic = heard.About,
            // Of the same moment as what it answers, and listed after it: a record that comes again days later sends nothing any more.
            CreatedAt = message.CreatedAt.AddMilliseconds(1),
            Trace = message.Trace,
        });
        if (plan.Message is not { } answer)
        {
            Log.NotAnswered(log, message.Id, plan.Problems[0].Code);
            return;
        }

        var (created, _) = await aws.Messages.CreateAsync(MessageStore.NewRecord(answer)).ConfigureAwait(false);
        Log.KeywordAnswered(log, message.Id, heard.About.Word(), answer.Id, created);
    }

    /// <summary>The keyword of a message to a registered sender; null for a message like any other.</summary>
    private static async Task<HeardKeyword?> HearAsync(Arrival arrival, CarrierEvent.MessageReceived received) =>
        received.Content is TextContent { Body: var body }
        && await arrival.SenderOfAsync(received.To).ConfigureAwait(false) is { Keywords: { Count: > 0 } keywords }
            ? HeardKeyword.Hear(body, OptOutWord(arrival), keywords)
            : null;

    /// <summary>The word by which the webhook heard somebody opt out; null for none.</summary>
    private static string? OptOutWord(Arrival arrival) =>
        arrival.Envelope.Consents?.FirstOrDefault(consent => consent.OptedOut) is { } consent ? consent.Evidence ?? "" : null;
}
