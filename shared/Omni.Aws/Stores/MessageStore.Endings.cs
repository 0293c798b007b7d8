using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

public sealed partial class MessageStore
{
    /// <summary>The timeline event of the client's wish that a message be canceled.</summary>
    public const string CancelRequested = "cancelRequested";

    /// <summary>How parts end by a decision of ours.</summary>
    /// <param name="Status">The status.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="CarrierCode">The carrier's code that led to it.</param>
    /// <param name="ListedAs">Why, in the timeline.</param>
    private sealed record Ending(MessageStatus Status, FailureReason Reason, string? CarrierCode, FailureReason ListedAs);

    private static readonly Ending Cancellation = new(MessageStatus.Canceled, FailureReason.Canceled, null, FailureReason.Canceled);

    /// <summary>
    /// Ends what is not sent yet by a decision of ours: rejected, expired, canceled, failed. Parts that the carrier has, or may have, stay
    /// as they are. Whose time or tries are up says what it was put off by the last time:
    /// its code stands beside the reason, and both in the timeline.
    /// </summary>
    /// <param name="messageId">The message.</param>
    /// <param name="status">How it ends.</param>
    /// <param name="reason">Why.</param>
    /// <param name="carrierCode">The carrier's code that led to it.</param>
    /// <param name="listedAs">Why each part ends, where that is not why the message does.</param>
    /// <param name="notTaken">An attempt of unknown outcome that was surely not taken: its part ends too.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message afterwards; null when there is none.</returns>
    public async Task<MessageRecord?> CloseAsync(
        string messageId,
        MessageStatus status,
        FailureReason reason,
        string? carrierCode = null,
        FailureReason? listedAs = null,
        AttemptReference? notTaken = null,
        CancellationToken cancellation = default)
    {
        var record = await FindAsync(messageId, cancellation).ConfigureAwait(false);
        for (var tries = 0; tries < MaxTries && record is not null; tries++)
        {
            int[] waiting =
                [.. record.State.Parts.Index().Where(p => p.Item.IsWaiting || IsNotTaken(p.Index, p.Item, notTaken)).Select(p => p.Index)];
            if (waiting.Length == 0) return record;

            var deferral = reason is FailureReason.Expired or FailureReason.RetriesExhausted
                ? waiting.Select(part => record.State.Parts[part].Deferral).FirstOrDefault(d => d is not null)
                : null;
            var ending = new Ending(status, reason, carrierCode ?? deferral?.CarrierCode, listedAs ?? deferral?.Reason ?? reason);
            var update = await EndAsync(Update(messageId), record, waiting, ending, cancellation).ConfigureAwait(false);
            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            record = result.Item is null ? null : MessageCodec.FromItem(result.Item);
            if (result.Done) return record;
        }

        return record;
    }

    /// <summary>
    /// Cancels what has not left of a message, in one write with the wish itself: from then on no attempt can be begun, whatever stops
    /// where. A part whose call is open, or whose outcome is unknown, is decided by what becomes of that attempt; it is not tried again.
    /// A message that has left or ended already is not touched.
    /// </summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message afterwards.</returns>
    /// <exception cref="TimeoutException">The message changed at every try.</exception>
    public Task<MessageRecord> CancelAsync(MessageRecord record, CancellationToken cancellation = default) =>
        record.Message.Failover is null ? FulfilAsync(record, Wish.Cancel, cancellation) : CancelPlanAsync(record, cancellation);

    private async Task<MessageRecord> FulfilAsync(MessageRecord record, Wish wish, CancellationToken cancellation)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var isOver = !PlanOutlook.IsOpen(record);
            var isFulfilled = IsFulfilled(wish, record.State);
            if (isOver && isFulfilled) return record;

            var update = Update(record.Message.Id);
            if (!isFulfilled) Delete(update, wish, record);
            if (!isOver) update = await StopAsync(update, record, cancellation).ConfigureAwait(false);
            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            record = result.Item is null ? record : MessageCodec.FromItem(result.Item);
        }

        throw new TimeoutException($"Canceling or deleting {record.Message.Id} met a change at every try.");
    }

    /// <summary>Adds the wish to cancel, and the end of what has not left.</summary>
    private async Task<ItemUpdate> StopAsync(ItemUpdate update, MessageRecord record, CancellationToken cancellation)
    {
        if (!record.State.CancelRequested)
        {
            var asked = new TimelineEvent { Id = CancelRequested, Type = CancelRequested, At = clock.GetUtcNow() };
            update.Set(Columns.CancelRequested, Attr.True).Set(EventPath(asked.Id), MessageCodec.Entry(asked));
        }

        // What has left in the meantime is seen before the wish is taken.
        foreach (var (part, state) in record.State.Parts.Index().Where(p => p.Item.IsPending))
            update.If(PartPath(part, Columns.Rank), "=", Attr.S(state.Rank.Value));
        int[] waiting = [.. record.State.Parts.Index().Where(p => p.Item.IsWaiting).Select(p => p.Index)];
        return waiting.Length > 0 ? await EndAsync(update, record, waiting, Cancellation, cancellation).ConfigureAwait(false) : update;
    }

    private static bool IsNotTaken(int part, PartState state, AttemptReference? notTaken) =>
        notTaken is { } attempt && attempt.Part == part && attempt.Attempt == state.Attempts && state.Rank.Status == MessageStatus.Unknown;

    /// <summary>Ends parts, on the condition that they are as they were seen.</summary>
    private async Task<ItemUpdate> EndAsync(
        ItemUpdate update, MessageRecord record, int[] parts, Ending ending, CancellationToken cancellation)
    {
        var rank = RankKey.Of(ending.Status, ending.Reason, ending.CarrierCode);
        var full = EventsInItem(record) + parts.Length > MaxEventsInItem;
        foreach (var part in parts)
        {
            var state = record.State.Parts[part];
            var e = new PartEvent
            {
                MessageId = record.Message.Id, Part = part, Attempt = state.Attempts, Status = ending.Status, Reason = ending.Reason,
                CarrierCode = ending.CarrierCode, At = clock.GetUtcNow(),
            };
            update = await ListAsync(
                update, record.Message.Id, Listed(e) with { Reason = ending.ListedAs }, full, cancellation).ConfigureAwait(false);
            update
                .Set(PartPath(part, Columns.Rank), Attr.S(rank.Value))
                .Remove(PartPath(part, Columns.PartSlot))
                .If(PartPath(part, Columns.Rank), "=", Attr.S(state.Rank.Value))
                .If(PartPath(part, Columns.PartAttempts), "=", Attr.N(state.Attempts))
                .IfMissing(PartPath(part, Columns.PartLease));
        }

        var lowest = Lowest(record.State.Parts.Index().Select(p => parts.Contains(p.Index) ? rank : p.Item.Rank));
        if (lowest > record.State.Rank) update.Set(Columns.Rank, Attr.S(lowest.Value)).If(Columns.Rank, "<", Attr.S(lowest.Value));
        var isSettled = !record.State.Parts.Index().Any(p => p.Item.IsPending && !parts.Contains(p.Index));
        if (record.State.DueAt is not null && isSettled) update.Remove(Columns.DueKey, Columns.DueAt);
        return update;
    }
}
