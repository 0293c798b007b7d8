using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

public sealed partial class MessageStore
{
    /// <summary>How long after an outcome was lost it is first reconciled; receipts usually settle it before.</summary>
    public static readonly TimeSpan ReconcileAfter = TimeSpan.FromSeconds(20);

    /// <summary>What stands in the way of, or is left to do for, an event: everything in it only ever turns one way.</summary>
    /// <param name="IsListed">The event is in the timeline already.</param>
    /// <param name="IsFull">The timeline has no room in the item.</param>
    /// <param name="Raises">It raises the part's status.</param>
    /// <param name="IsCurrent">It is about the part's latest attempt.</param>
    /// <param name="IsSingle">The message has one part: its status is the message's.</param>
    /// <param name="IsLeased">The attempt is open.</param>
    /// <param name="WasUnknown">The part's outcome was unknown.</param>
    private readonly record struct EventView(bool IsListed, bool IsFull, bool Raises, bool IsCurrent, bool IsSingle, bool IsLeased, bool WasUnknown)
    {
        /// <summary>What is nearly always so: one part, the latest attempt, the first report of a higher status.</summary>
        public static EventView Usual { get; } = new(false, false, Raises: true, IsCurrent: true, IsSingle: true, IsLeased: true, WasUnknown: true);

        public static EventView Of(MessageRecord record, PartEvent e)
        {
            var part = record.State.Parts[e.Part];
            var current = part.Attempts == e.Attempt;
            return new(
                record.State.Timeline.Any(known => known.Id == e.Id),
                EventsInItem(record) >= MaxEventsInItem,
                // A failure of an attempt that was followed by another is history; a success of any attempt counts.
                e.Rank > part.Rank && (current || e.Status is MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read),
                current,
                record.State.Parts.Count == 1,
                part.LeaseUntil is not null,
                part.Rank.Status == MessageStatus.Unknown);
        }
    }

    /// <summary>
    /// Writes what happened to a part: the status is raised if the event ranks higher, the timeline gets the event in any case, the attempt it is about
    /// is closed. Any order of the same events, with any duplicates, ends in the same item.
    /// </summary>
    /// <param name="e">What happened.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message afterwards; null when there is no such message or part.</returns>
    public async Task<MessageRecord?> ApplyAsync(PartEvent e, CancellationToken cancellation = default)
    {
        var view = EventView.Usual;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var update = await EventUpdateAsync(e, view, cancellation).ConfigureAwait(false);
            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (result.Item is null) return null;

            var record = MessageCodec.FromItem(result.Item);
            if (e.Part >= record.State.Parts.Count) return null;
            if (result.Done) return await FollowUpAsync(record, e, cancellation).ConfigureAwait(false);

            view = EventView.Of(record, e);
            if (view is { IsListed: true, Raises: false } && !(view.IsCurrent && view.IsLeased && e.Status > MessageStatus.Sending))
            {
                return await FollowUpAsync(record, e, cancellation).ConfigureAwait(false);
            }
        }

        throw new TimeoutException($"The event {e.Id} of {e.MessageId} met a change at every try.");
    }

    private async Task<ItemUpdate> EventUpdateAsync(PartEvent e, EventView view, CancellationToken cancellation)
    {
        var update = Update(e.MessageId).IfExists(PartPath(e.Part, Columns.Rank));
        if (!view.IsListed) update = await ListAsync(update, e.MessageId, Listed(e), view.IsFull, cancellation).ConfigureAwait(false);
        if (view.Raises)
        {
            update.Set(PartPath(e.Part, Columns.Rank), Attr.S(e.Rank.Value)).If(PartPath(e.Part, Columns.Rank), "<", Attr.S(e.Rank.Value));
            if (view.IsSingle) update.Set(Columns.Rank, Attr.S(e.Rank.Value)).IfMissing(new Path(Columns.Parts, Columns.PartName(1)));
        }

        if (!view.IsCurrent) return update;

        update.If(PartPath(e.Part, Columns.PartAttempts), "=", Attr.N(e.Attempt)).Remove(PartPath(e.Part, Columns.PartLease));
        if (e.CarrierMessageId is { } id) update.Set(PartPath(e.Part, Columns.CarrierMessageId), Attr.S(id));
        if (e.Status == MessageStatus.Unknown && view.Raises)
        {
            update
                .Set(PartPath(e.Part, Columns.PartUnknownSince), Attr.Time(e.At))
                .Set(Columns.DueKey, Attr.S(MessageCodec.DueKey(e.MessageId)))
                .Set(Columns.DueAt, Attr.Time(e.At + ReconcileAfter));
        }
        else if (view.WasUnknown)
        {
            update.Remove(PartPath(e.Part, Columns.PartUnknownSince), Columns.DueKey, Columns.DueAt);
        }

        return update;
    }

    /// <summary>
    /// What an event may bring about beyond its part: the message rises to its lowest part, contradictions are marked, and a message that waited for this
    /// part's outcome goes on.
    /// </summary>
    private async Task<MessageRecord> FollowUpAsync(MessageRecord record, PartEvent e, CancellationToken cancellation)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var state = record.State;
            var lowest = Lowest(state.Parts.Select(p => p.Rank));
            var raises = lowest > state.Rank;
            var contradicts = !state.Contradicted && Contradicts(state.Timeline, e);
            var resumes = Resumes(record, e);
            if (!raises && !contradicts && !resumes) return record;

            var update = Update(e.MessageId);
            if (raises) update.Set(Columns.Rank, Attr.S(lowest.Value)).If(Columns.Rank, "<", Attr.S(lowest.Value));
            if (contradicts) update.Set(Columns.Contradicted, Attr.True);
            if (resumes)
            {
                var resumed = new TimelineEvent { Id = $"resumed-{e.Part}", Type = "resumed", At = e.At };
                update.Increment(Columns.Dispatch).Set(EventPath(resumed.Id), MessageCodec.Entry(resumed)).IfMissing(EventPath(resumed.Id));
            }

            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            record = MessageCodec.FromItem(result.Item!);
        }

        return record;
    }

    private static bool Contradicts(IReadOnlyList<TimelineEvent> timeline, PartEvent e)
    {
        var reports = timeline.Where(known => known.Part == e.Part && known.Attempt == e.Attempt).Select(known => EnumWords.FromWord<MessageStatus>(known.Type)).ToArray();
        return reports.Any(s => s is MessageStatus.Delivered or MessageStatus.Read)
            && reports.Any(s => s is MessageStatus.Undelivered or MessageStatus.Failed or MessageStatus.Expired);
    }

    /// <summary>Whether a part that was unknown turned out sent while later parts still wait: nobody holds a queue record for them any more.</summary>
    private static bool Resumes(MessageRecord record, PartEvent e)
    {
        var parts = record.State.Parts;
        var next = e.Part + 1;
        return next < parts.Count
            && e.Status is MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read
            && parts[next] is { Attempts: 0, Rank.Status: < MessageStatus.Sending }
            && EventsInItem(record) < MaxEventsInItem
            && record.State.Timeline.Any(known => known.Part == e.Part && known.Type == MessageStatus.Unknown.Word())
            && !record.State.Timeline.Any(known => known.Id == $"resumed-{e.Part}");
    }

    /// <summary>
    /// Ends what is not sent yet by a decision of ours: rejected, expired, canceled, failed. Parts that the carrier has, or may have, stay as they are.
    /// </summary>
    /// <param name="messageId">The message.</param>
    /// <param name="status">How it ends.</param>
    /// <param name="reason">Why.</param>
    /// <param name="carrierCode">The carrier's code that led to it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message afterwards; null when there is none.</returns>
    public async Task<MessageRecord?> CloseAsync(
        string messageId, MessageStatus status, FailureReason reason, string? carrierCode = null, CancellationToken cancellation = default)
    {
        var record = await FindAsync(messageId, cancellation).ConfigureAwait(false);
        for (var tries = 0; tries < MaxTries && record is not null; tries++)
        {
            var open = record.State.Parts.Index().Where(p => p.Item.Rank.Status < MessageStatus.Unknown && p.Item.LeaseUntil is null).ToArray();
            if (open.Length == 0) return record;

            var rank = RankKey.Of(status, reason, carrierCode);
            var update = Update(messageId);
            var full = EventsInItem(record) + open.Length > MaxEventsInItem;
            foreach (var (index, part) in open)
            {
                var e = new PartEvent
                {
                    MessageId = messageId, Part = index, Attempt = part.Attempts, Status = status, Reason = reason, CarrierCode = carrierCode, At = clock.GetUtcNow(),
                };
                update = await ListAsync(update, messageId, Listed(e), full, cancellation).ConfigureAwait(false);
                update
                    .Set(PartPath(index, Columns.Rank), Attr.S(rank.Value))
                    .Remove(PartPath(index, Columns.PartSlot))
                    .If(PartPath(index, Columns.Rank), "=", Attr.S(part.Rank.Value))
                    .If(PartPath(index, Columns.PartAttempts), "=", Attr.N(part.Attempts))
                    .IfMissing(PartPath(index, Columns.PartLease));
            }

            var lowest = Lowest(record.State.Parts.Index().Select(p => open.Any(o => o.Index == p.Index) ? rank : p.Item.Rank));
            if (lowest > record.State.Rank) update.Set(Columns.Rank, Attr.S(lowest.Value)).If(Columns.Rank, "<", Attr.S(lowest.Value));
            if (record.State.DueAt is not null && open.Length == record.State.Parts.Count) update.Remove(Columns.DueKey, Columns.DueAt);

            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            record = result.Item is null ? null : MessageCodec.FromItem(result.Item);
            if (result.Done) return record;
        }

        return record;
    }
}
