using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

public sealed partial class MessageStore
{
    /// <summary>
    /// The timeline event of a receipt without our reference, under an id that nobody knows, that may be about the message.
    /// </summary>
    public const string ReceiptUnmatched = "receiptUnmatched";

    /// <summary>The timeline event of a message that waits for its delivery window; the last time counts.</summary>
    public const string OutsideWindow = "outsideWindow";

    /// <summary>The ids of messages that the Scheduler must look at, from the sparse index, earliest first in each of its shards.</summary>
    /// <param name="shard">The shard, 0 to <see cref="MessageColumns.DueShards"/> − 1.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async IAsyncEnumerable<string> DueAsync(
        int shard, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        Dictionary<string, AttributeValue>? from = null;
        do
        {
            var page = await dynamo.QueryAsync(new QueryRequest
            {
                TableName = table,
                IndexName = Columns.DueIndex,
                KeyConditionExpression = "dp = :shard AND da <= :now",
                ExpressionAttributeValues = new() { [":shard"] = Attr.S(Columns.DueKeyOf(shard)), [":now"] = Attr.Time(clock.GetUtcNow()) },
                ExclusiveStartKey = from,
            }, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items ?? []) yield return item[Columns.Pk].S;
            from = page.LastEvaluatedKey is { Count: > 0 } key ? key : null;
        }
        while (from is not null);
    }

    /// <summary>The number of shards of <see cref="DueAsync"/>.</summary>
    public static int DueShards => Columns.DueShards;

    /// <summary>Releases a scheduled message whose time has come: it is queued and asked to be sent.</summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether this call released it.</returns>
    public async Task<bool> ReleaseAsync(MessageRecord record, CancellationToken cancellation = default)
    {
        var queued = Attr.S(RankKey.Of(MessageStatus.Queued).Value);
        var released = new TimelineEvent { Id = "released", Type = "released", At = clock.GetUtcNow() };
        var update = Due(record).Set(Columns.Rank, queued).If(Columns.Rank, "<", queued)
            .Increment(Columns.Dispatch).Remove(Columns.DueKey, Columns.DueAt)
            .Set(EventPath(released.Id), MessageCodec.Entry(released));
        for (var part = 0; part < record.State.Parts.Count; part++) update.Set(PartPath(part, Columns.Rank), queued);
        return (await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;
    }

    /// <summary>Has a message wait until a moment, at which the Scheduler asks for it again.</summary>
    /// <param name="message">The planned message.</param>
    /// <param name="part">The part whose turn it is, from 0.</param>
    /// <param name="until">The moment.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it waits; false when an attempt is open, it is sent, or to be canceled.</returns>
    public async Task<bool> WaitAsync(Message message, int part, DateTimeOffset until, CancellationToken cancellation = default)
    {
        var e = new TimelineEvent { Id = OutsideWindow, Type = OutsideWindow, At = clock.GetUtcNow() };
        var result = await Update(message.Id)
            .Set(Columns.DueKey, Attr.S(MessageCodec.DueKey(message.Id)))
            .Set(Columns.DueAt, Attr.Time(until))
            .Set(EventPath(e.Id), MessageCodec.Entry(e))
            .Remove(PartPath(part, Columns.PartSlot))
            .If(PartPath(part, Columns.Rank), "<", Attr.S(RankKey.Floor(MessageStatus.Sent)))
            .IfMissing(PartPath(part, Columns.PartLease))
            .IfMissing(Columns.CancelRequested)
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (result.Done || result.Item is not null) return result.Done;

        // It came into the queue by hand and has no item yet.
        await AdoptAsync(message, cancellation).ConfigureAwait(false);
        return await WaitAsync(message, part, until, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks for a message that waits to be sent, once.</summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether this call asked.</returns>
    public async Task<bool> WakeAsync(MessageRecord record, CancellationToken cancellation = default) =>
        (await Due(record)
            .Increment(Columns.Dispatch)
            .Remove(Columns.DueKey, Columns.DueAt)
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;

    /// <summary>Asks for an overdue unknown message to be reconciled, and for another look should that come to nothing.</summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="nextLook">When to look again.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether this call asked.</returns>
    public async Task<bool> RaiseAsync(MessageRecord record, DateTimeOffset nextLook, CancellationToken cancellation = default) =>
        (await Due(record)
            .Increment(Columns.Dispatch)
            .Set(Columns.DueAt, Attr.Time(nextLook))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;

    /// <summary>
    /// Asks once more for what is left to do for a message, whose record was a dead letter; its faults are forgotten. Of one that is
    /// finished, or that waits for its time, nothing is. A plan is looked at in any case.
    /// </summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether there was something left.</returns>
    public async Task<bool> RedriveAsync(MessageRecord record, CancellationToken cancellation = default)
    {
        var (message, state) = record;
        if (message.Failover is not null) return await FollowAsync(message.Id, cancellation).ConfigureAwait(false);

        var isLeft = message.Direction == Direction.Inbound
            ? state.Files.Any(file => file.Status == FileStatus.Pending)
                || (state.ReadAsked && !state.Timeline.Any(e => e.Type is ReadMarked or ReadMarkRefused))
                || (message.Processor is not null && state is { Turn: null, ContentDeletedAt: null })
            : record.Status != MessageStatus.Scheduled && state.Parts.Any(part => part.IsWaiting || part.IsPending);
        if (!isLeft) return false;

        // The part that had the faults is one that waits; two that ask at the same time both do, and a message is sent once all the same.
        var update = Update(message.Id).Increment(Columns.Dispatch);
        for (var part = 0; part < state.Parts.Count; part++) update.Remove(PartPath(part, Columns.PartFaults));
        return (await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;
    }

    /// <summary>
    /// Leaves an unknown message as it is: nothing more can be found out, and it is not to be sent blindly. Each is counted, and an alarm
    /// tells.
    /// </summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task HoldAsync(MessageRecord record, CancellationToken cancellation = default)
    {
        var held = new TimelineEvent { Id = "held", Type = "held", At = clock.GetUtcNow() };
        var result = await Update(record.Message.Id).Remove(Columns.DueKey, Columns.DueAt).IfExists(Columns.DueAt)
            .Set(EventPath(held.Id), MessageCodec.Entry(held))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (result.Done) Metrics.Count("OutcomeHeld", record.Message.Carrier);
    }

    /// <summary>
    /// Notes that a receipt came which may be about this message, whose outcome is unknown: it had none of our references, and nobody knows
    /// its id. That no receipt came is no proof any more (<see cref="ReceiptUnmatched"/>).
    /// </summary>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task DoubtAsync(string messageId, CancellationToken cancellation = default)
    {
        var doubt = new TimelineEvent { Id = ReceiptUnmatched, Type = ReceiptUnmatched, At = clock.GetUtcNow() };
        return Update(messageId).Set(EventPath(doubt.Id), MessageCodec.Entry(doubt)).WriteAsync(dynamo, cancellation);
    }

    /// <summary>Takes a message out of the index when nothing is left to do for it there.</summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task ForgetDueAsync(MessageRecord record, CancellationToken cancellation = default) =>
        Due(record).Remove(Columns.DueKey, Columns.DueAt).WriteAsync(dynamo, cancellation);

    // Only one look at each due moment takes effect.
    private ItemUpdate Due(MessageRecord record) => Update(record.Message.Id).If(Columns.DueAt, "=", Attr.Time(record.State.DueAt!.Value));
}
