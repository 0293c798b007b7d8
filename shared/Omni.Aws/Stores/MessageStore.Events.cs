using System.Text.Json;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

public sealed partial class MessageStore
{
    /// <summary>How long after an outcome was lost it is first reconciled; receipts usually settle it before.</summary>
    public static readonly TimeSpan ReconcileAfter = TimeSpan.FromSeconds(20);

    /// <summary>What an event meets. What is decided on it is written only if the part's status is still the same.</summary>
    /// <param name="Seen">The part's status; null when it was not looked at.</param>
    /// <param name="IsListed">The event is in the timeline already.</param>
    /// <param name="IsFull">The timeline has no room in the item.</param>
    /// <param name="Raises">It raises the part's status.</param>
    /// <param name="IsCurrent">It is about the part's latest attempt.</param>
    /// <param name="IsSingle">The message has one part: its status is the message's.</param>
    /// <param name="IsLast">No part follows this one.</param>
    /// <param name="IsLeased">The attempt is open.</param>
    /// <param name="WasLost">An outcome of the part was unknown once.</param>
    /// <param name="TellsMore">It tells the price or the carrier's time, and they are not known yet.</param>
    /// <param name="IsNameless">The message's person was deleted: no id is written, for some hold a number.</param>
    private readonly record struct EventView(
        RankKey? Seen,
        bool IsListed,
        bool IsFull,
        bool Raises,
        bool IsCurrent,
        bool IsSingle,
        bool IsLast,
        bool IsLeased,
        bool WasLost,
        bool TellsMore,
        bool IsNameless)
    {
        /// <summary>What is nearly always so: one part, the latest attempt, the first report of a higher status.</summary>
        public static EventView Usual { get; } =
            new(
                null,
                IsListed: false,
                IsFull: false,
                Raises: true,
                IsCurrent: true,
                IsSingle: true,
                IsLast: true,
                IsLeased: true,
                WasLost: false,
                TellsMore: true,
                IsNameless: false);

        /// <summary>Whether the carrier's answer is known, whatever it was.</summary>
        public bool IsSettled => Seen?.Status > MessageStatus.Unknown;

        public static EventView Of(MessageRecord record, PartEvent e)
        {
            var part = record.State.Parts[e.Part];
            var current = part.Attempts == e.Attempt;
            return new(
                part.Rank,
                record.State.Timeline.Any(known => known.Id == e.Id),
                EventsInItem(record) >= MaxEventsInItem,
                // A failure of an attempt that was followed by another is history; a success of any attempt counts.
                e.Rank > part.Rank && (current || e.Status is MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read),
                current,
                record.State.Parts.Count == 1,
                e.Part == record.State.Parts.Count - 1,
                part.LeaseUntil is not null,
                part.UnknownSince is not null,
                (e.Pricing is not null && part.Pricing is null) || (e.CarrierTime is not null && part.CarrierTime is null),
                record.State.PersonDeletedAt is not null);
        }
    }

    /// <summary>
    /// Writes what happened to a part: the status is raised if the event ranks higher, the timeline gets the event in any case, the attempt
    /// it is about is closed. Any order of the same events, with any duplicates, ends in the same item.
    /// </summary>
    /// <param name="e">What happened.</param>
    /// <param name="known">The message as last seen, however long ago; null to assume what is nearly always so.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message afterwards; null when there is no such message or part.</returns>
    public async Task<MessageRecord?> ApplyAsync(PartEvent e, MessageRecord? known = null, CancellationToken cancellation = default)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var view = EventView.Usual;
            if (known is not null)
            {
                if (e.Part >= known.State.Parts.Count) return null;

                view = EventView.Of(known, e);
                if (view is { IsListed: true, Raises: false, TellsMore: false }
                    && !(view.IsCurrent && view.IsLeased && e.Status > MessageStatus.Sending))
                {
                    return await FollowUpAsync(known, e, cancellation).ConfigureAwait(false);
                }
            }

            var update = await EventUpdateAsync(e, view, cancellation).ConfigureAwait(false);
            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (result.Item is null) return null;

            known = MessageCodec.FromItem(result.Item);
            if (result.Done) return await FollowUpAsync(known, e, cancellation).ConfigureAwait(false);
        }

        throw new TimeoutException($"The event {e.Id} of {e.MessageId} met a change at every try.");
    }

    private async Task<ItemUpdate> EventUpdateAsync(PartEvent e, EventView view, CancellationToken cancellation)
    {
        var rank = PartPath(e.Part, Columns.Rank);
        var update = Update(e.MessageId).IfExists(rank);
        if (view.IsNameless) e = e with { CarrierMessageId = null };
        else if (e.CarrierMessageId is not null) update.IfMissing(Columns.PersonGone);
        if (!view.IsListed) update = await ListAsync(update, e.MessageId, Listed(e), view.IsFull, cancellation).ConfigureAwait(false);
        if (view.Seen is { } seen) update.If(rank, "=", Attr.S(seen.Value));
        else update.If(rank, "<", Attr.S(e.Rank.Value)).IfMissing(new Path(Columns.Parts, Columns.PartName(1)));

        if (view.Raises)
        {
            update.Set(rank, Attr.S(e.Rank.Value));
            if (view.IsSingle) update.Set(Columns.Rank, Attr.S(e.Rank.Value));
            if (e.Status > MessageStatus.Unknown && view.Seen is null or { Status: MessageStatus.Unknown })
            {
                update.Remove(Columns.DueKey, Columns.DueAt);
                if (!view.IsLast) update.Increment(Columns.Dispatch);
            }
        }

        if (view.TellsMore && e.CarrierTime is { } time) update.Set(PartPath(e.Part, Columns.PartCarrierTime), Attr.Time(time));
        if (view.TellsMore && e.Pricing is { } price)
            update.Set(PartPath(e.Part, Columns.PartPricing), Attr.S(JsonSerializer.Serialize(price, OmniJson.Wire.Pricing)));
        if (!view.IsCurrent) return update;

        update.If(PartPath(e.Part, Columns.PartAttempts), "=", Attr.N(e.Attempt));
        if (e.Status > MessageStatus.Sending) update.Remove(PartPath(e.Part, Columns.PartLease));
        if (e.CarrierMessageId is { } id) update.Set(PartPath(e.Part, Columns.CarrierMessageId), Attr.S(id));
        if (e.Status == MessageStatus.Unknown) Lose(update, e, view);
        return update;
    }

    /// <summary>
    /// An outcome was lost, and the record that waited for it is gone. While it is not settled the Scheduler looks after the message.
    /// Whatever settles it asks for the parts that follow; where a receipt was faster than we, this does. Each of the two happens once, so
    /// the order of both does not matter.
    /// </summary>
    private static void Lose(ItemUpdate update, PartEvent e, EventView view)
    {
        var since = PartPath(e.Part, Columns.PartUnknownSince);
        if (!view.IsSettled)
        {
            update
                .Set(since, Attr.Time(e.At))
                .Set(Columns.DueKey, Attr.S(MessageCodec.DueKey(e.MessageId)))
                .Set(Columns.DueAt, Attr.Time(e.At + ReconcileAfter));
        }
        else if (!view.WasLost)
        {
            update.Set(since, Attr.Time(e.At)).IfMissing(since);
            if (!view.IsLast) update.Increment(Columns.Dispatch);
        }
    }

    /// <summary>
    /// Raises a message to its lowest part, in case whoever wrote that part last did not come so far.
    /// Usually there is nothing to do, and no call.
    /// </summary>
    /// <param name="record">The message as last seen.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task RaiseToLowestAsync(MessageRecord record, CancellationToken cancellation = default) =>
        FollowUpAsync(record, null, cancellation);

    /// <summary>
    /// What an event may bring about beyond its part: the message rises to its lowest part, and contradictions are marked.
    /// </summary>
    private async Task<MessageRecord> FollowUpAsync(MessageRecord record, PartEvent? e, CancellationToken cancellation)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var lowest = Lowest(record.State.Parts.Select(p => p.Rank));
            var raises = lowest > record.State.Rank;
            var contradicts = e is not null && !record.State.Contradicted && Contradicts(record.State.Timeline, e);
            if (!raises && !contradicts) return record;

            var update = Update(record.Message.Id);
            if (raises) update.Set(Columns.Rank, Attr.S(lowest.Value)).If(Columns.Rank, "<", Attr.S(lowest.Value));
            if (contradicts) update.Set(Columns.Contradicted, Attr.True);
            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (result.Item is null) return record;

            record = MessageCodec.FromItem(result.Item);
        }

        return record;
    }

    // The event itself counts too: of a long timeline it stands beside the item.
    private static bool Contradicts(IReadOnlyList<TimelineEvent> timeline, PartEvent e)
    {
        MessageStatus?[] reports =
        [
            e.Status,
            .. timeline.Where(known => known.Part == e.Part && known.Attempt == e.Attempt)
                .Select(known => EnumWords.FromWord<MessageStatus>(known.Type)),
        ];
        return reports.Any(s => s is MessageStatus.Delivered or MessageStatus.Read)
            && reports.Any(s => s is MessageStatus.Undelivered or MessageStatus.Failed or MessageStatus.Expired);
    }
}
