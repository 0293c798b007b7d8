using Omni.Aws;
using Omni.Shared;

namespace Omni.InboundProcessor;

/// <summary>
/// Finds the attempt that a receipt is about. Nearly always the receipt names it. Without our reference the carrier's id must tell: a
/// message of the conversation may have it, or a sender claimed it at the rendezvous.
/// </summary>
/// <param name="aws">The stores.</param>
internal sealed class ReceiptFinder(AwsClients aws)
{
    /// <summary>How many messages of a conversation are looked at.</summary>
    private const int MaxMessages = 100;

    /// <summary>How far our clock may be from that of whoever took the message.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether the carrier usually gives our reference back. Where it never does, senders claim every id, and no conversation need be read.
    /// </summary>
    /// <param name="envelope">What the receipt came in.</param>
    public static bool Echoes(InboundEnvelope envelope) => CarrierCatalogue.Find(envelope.Carrier)?.EchoesReference != false;

    /// <summary>Whether it has a reference that is none of ours: somebody else sends through the same account.</summary>
    /// <param name="reported">What the receipt says.</param>
    public static bool IsForeign(CarrierEvent.DeliveryReported reported) =>
        reported.Reference is { Length: > 0 } reference && AttemptReference.Parse(reference) is null;

    /// <summary>Finds it.</summary>
    /// <param name="arrival">What the receipt came in.</param>
    /// <param name="reported">What it says.</param>
    /// <param name="receipt">The receipt, to be kept where nobody knows the id yet.</param>
    /// <returns>
    /// The attempt, with the receipts that were kept before; null when nobody knows the id: the receipt is kept for whoever claims it.
    /// </returns>
    public async Task<Meeting?> FindAsync(Arrival arrival, CarrierEvent.DeliveryReported reported, ParkedReceipt receipt)
    {
        var envelope = arrival.Envelope;
        if (AttemptReference.Parse(reported.Reference) is { } named) return new(named, []);

        if (Echoes(envelope))
        {
            await foreach (var record in ConversationAsync(arrival, reported).ConfigureAwait(false))
            {
                if (AttemptOf(record, reported.CarrierMessageId) is { } attempt) return new(attempt, []);
            }
        }

        return await aws.Rendezvous
            .LeaveAsync(envelope.Carrier, envelope.Account, reported.CarrierMessageId, receipt).ConfigureAwait(false);
    }

    /// <summary>
    /// Marks the messages that a receipt may be about although nobody knows its id: those that are in doubt. What may have been taken is
    /// not sent again.
    /// </summary>
    /// <param name="arrival">What the receipt came in.</param>
    /// <param name="reported">What it says.</param>
    public async Task DoubtAsync(Arrival arrival, CarrierEvent.DeliveryReported reported)
    {
        await foreach (var record in ConversationAsync(arrival, reported).ConfigureAwait(false))
        {
            if (record.State.Parts.Any(part => part.Rank.Status == MessageStatus.Unknown || part.LeaseUntil is not null))
            {
                await aws.Messages.DoubtAsync(record.Message.Id).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// The messages that went to the person, where the receipt names both sides: also those to another address of theirs, which are read
    /// only when needed.
    /// </summary>
    private async IAsyncEnumerable<MessageRecord> ConversationAsync(Arrival arrival, CarrierEvent.DeliveryReported reported)
    {
        var envelope = arrival.Envelope;
        if (reported is not { From: { } person, To: { } ours }) yield break;

        var conversation = await arrival.BetweenAsync(ours, person).ConfigureAwait(false);
        foreach (var record in await RecentAsync(conversation.Id).ConfigureAwait(false)) yield return record;

        foreach (var session in await aws.Sessions.FindAllAsync(conversation).ConfigureAwait(false))
        {
            if (session.Id == conversation.Id) continue;
            foreach (var record in await RecentAsync(session.Id).ConfigureAwait(false)) yield return record;
        }

        async Task<IEnumerable<MessageRecord>> RecentAsync(string id)
        {
            var records = await aws.Queries
                .RecentAsync(id, envelope.ReceivedAt + Skew, envelope.ReceivedAt - Defaults.Retention, MaxMessages).ConfigureAwait(false);
            return records.Where(record => record.Message.Direction == Direction.Outbound);
        }
    }

    // The timeline tells which attempt had the id, also one that another followed; of a long one the rest stands beside the item, and the
    // part must do.
    private static AttemptReference? AttemptOf(MessageRecord record, string carrierMessageId)
    {
        foreach (var told in record.State.Timeline)
        {
            if (told is { Part: { } part, Attempt: { } attempt } && told.CarrierMessageId == carrierMessageId)
            {
                return new(record.Message.Id, part, attempt);
            }
        }

        foreach (var (part, state) in record.State.Parts.Index())
        {
            if (state.CarrierMessageId == carrierMessageId) return new(record.Message.Id, part, state.Attempts);
        }

        return null;
    }
}
