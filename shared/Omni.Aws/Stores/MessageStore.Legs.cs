using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

public sealed partial class MessageStore
{
    /// <summary>The timeline event of a leg that began because the one before it did not reach the person.</summary>
    public const string NextLeg = "nextLeg";

    /// <summary>The legs of a plan that were begun, read consistently, in their order.</summary>
    /// <param name="parent">The message with the plan, as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The legs; null when one is gone.</returns>
    public async Task<IReadOnlyList<MessageRecord>?> LegsAsync(MessageRecord parent, CancellationToken cancellation = default)
    {
        var count = parent.State.CurrentLeg + 1;
        var items = await dynamo.ReadManyAsync(
            table,
            Enumerable.Range(0, count).Select(leg => Attr.Key(Legs.IdOf(parent.Message.Id, leg), Columns.Main)),
            cancellation).ConfigureAwait(false);
        return items.Count < count ? null : [.. items.Select(MessageCodec.FromItem).OrderBy(leg => leg.Message.Leg)];
    }

    /// <summary>
    /// Goes on to the next leg, in one step: the parent moves on, what is left of the leg before is taken back, and the next one is there.
    /// Nothing is written when the leg before it reached the person meanwhile, the client canceled, or somebody else took the step.
    /// </summary>
    /// <param name="parent">The message with the plan, as just read.</param>
    /// <param name="before">The leg that it is at, as just read.</param>
    /// <param name="outlook">What follows of the two.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether the step was taken.</returns>
    /// <exception cref="TransactionCanceledException">Other writes were in the way at every try.</exception>
    public async Task<bool> StepAsync(
        MessageRecord parent, MessageRecord before, PlanOutlook outlook, CancellationToken cancellation = default)
    {
        var next = outlook.Next!;
        if (days is not null) await days.NoteAsync(next.Tenant, next.CreatedAt, cancellation).ConfigureAwait(false);

        var began = new TimelineEvent
        {
            Id = $"{NextLeg}.{next.Leg}", Type = NextLeg, At = clock.GetUtcNow(), Leg = next.Leg, Reason = before.State.Rank.Reason,
        };
        var step = MoveOf(parent, outlook)
            .Set(Columns.Leg, Attr.N(next.Leg!.Value))
            .Set(EventPath(began.Id), MessageCodec.Entry(began))
            .IfMissing(Columns.CancelRequested)
            .IfMissing(Columns.Gone);
        return await Transaction.TryAsync(
            dynamo,
            clock,
            [step.AsPart(), await TakeBackAsync(before, cancellation).ConfigureAwait(false), PutOf(next)],
            cancellation,
            decisive: 3).ConfigureAwait(false);
    }

    /// <summary>Writes what a plan is by what became of its legs. Where that is what it was already, nothing is written.</summary>
    /// <param name="parent">The message with the plan, as just read.</param>
    /// <param name="outlook">What it is.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it is so now; false when it changed meanwhile.</returns>
    public async Task<bool> MoveAsync(MessageRecord parent, PlanOutlook outlook, CancellationToken cancellation = default)
    {
        var state = parent.State;
        if (outlook.Rank == state.Rank && outlook.DueAt == state.DueAt && outlook.AlsoSent.SequenceEqual(state.AlsoSent)) return true;

        return (await MoveOf(parent, outlook).WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;
    }

    /// <summary>Has a plan looked at, whatever became of its legs.</summary>
    /// <param name="parentId">The message with the plan.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether there is such a message.</returns>
    public async Task<bool> FollowAsync(string parentId, CancellationToken cancellation = default) =>
        (await Update(parentId).Increment(Columns.Dispatch).WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;

    private static Message FirstLegOf(Message parent) => Legs.Begin(parent, 0, parent.CreatedAt)
        ?? throw new ArgumentException("The message has no time for its first leg.", nameof(parent));

    private async Task<(bool Created, MessageRecord Record)> CreatePlanAsync(MessageRecord record, CancellationToken cancellation)
    {
        var parent = record.Message;
        if (days is not null) await days.NoteAsync(parent.Tenant, parent.CreatedAt, cancellation).ConfigureAwait(false);

        var isNew = await Transaction.TryAsync(dynamo, clock, [PutOf(parent), PutOf(FirstLegOf(parent))], cancellation)
            .ConfigureAwait(false);
        return isNew
            ? (true, record)
            : (false, await FindAsync(parent.Id, cancellation).ConfigureAwait(false)
                ?? throw new TimeoutException($"{parent.Id} was there, and is gone."));
    }

    private TransactWriteItem PutOf(Message message) => new()
    {
        Put = new()
        {
            TableName = table,
            Item = MessageCodec.ToItem(NewRecord(message), listShards),
            ConditionExpression = "attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        },
    };

    /// <summary>The parent as an outlook has it, if it is as it was seen.</summary>
    private ItemUpdate MoveOf(MessageRecord parent, PlanOutlook outlook)
    {
        var (message, state) = parent;
        var update = Update(message.Id)
            .If(Columns.Leg, "=", Attr.N(state.CurrentLeg))
            .If(Columns.Rank, "=", Attr.S(state.Rank.Value));
        if (outlook.Rank > state.Rank)
        {
            var type = outlook.Rank.Status.Word();
            var e = new TimelineEvent
            {
                Id = $"{type}.{outlook.RankLeg}", Type = type, At = clock.GetUtcNow(), Leg = outlook.RankLeg, Reason = outlook.Rank.Reason,
            };
            update.Set(Columns.Rank, Attr.S(outlook.Rank.Value)).Set(EventPath(e.Id), MessageCodec.Entry(e));
        }

        if (outlook.AlsoSent.Count > 0) update.Set(Columns.AlsoSent, MessageCodec.NumbersValue(outlook.AlsoSent));
        else update.Remove(Columns.AlsoSent);
        if (outlook.DueAt is { } due)
            update.Set(Columns.DueKey, Attr.S(MessageCodec.DueKey(message.Id))).Set(Columns.DueAt, Attr.Time(due));
        else update.Remove(Columns.DueKey, Columns.DueAt);
        return update;
    }

    /// <summary>Takes back what has not left of a leg, unless it reached the person.</summary>
    private async Task<TransactWriteItem> TakeBackAsync(MessageRecord leg, CancellationToken cancellation)
    {
        var delivered = Attr.S(RankKey.Floor(MessageStatus.Delivered));
        if (!PlanOutlook.IsOpen(leg))
        {
            return new ItemUpdate(table, leg.Message.Id, Columns.Main).IfExists(Columns.Pk).If(Columns.Rank, "<", delivered).AsCheck();
        }

        var update = await StopAsync(Update(leg.Message.Id), leg, cancellation).ConfigureAwait(false);
        return update.If(Columns.Rank, "<", delivered).AsPart();
    }

    /// <summary>
    /// Cancels a plan: no leg follows, and what has not left of the current one is taken back, in one step. A plan that is at its last leg
    /// with nothing left to take back is not touched.
    /// </summary>
    private async Task<MessageRecord> CancelPlanAsync(MessageRecord record, CancellationToken cancellation)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var leg = await FindAsync(record.CurrentLegId, cancellation).ConfigureAwait(false);
            var isOpen = leg is not null && PlanOutlook.IsOpen(leg);
            var isLast = record.State.CurrentLeg == record.Message.Failover!.Count - 1;
            if (!isOpen && (isLast || record.Status.IsFinal() || record.State.CancelRequested)) return record;

            var update = Update(record.Message.Id)
                .If(Columns.Leg, "=", Attr.N(record.State.CurrentLeg))
                .If(Columns.Rank, "=", Attr.S(record.State.Rank.Value))
                .Remove(Columns.DueKey, Columns.DueAt);
            if (!record.State.CancelRequested)
            {
                var asked = new TimelineEvent { Id = CancelRequested, Type = CancelRequested, At = clock.GetUtcNow() };
                update.Set(Columns.CancelRequested, Attr.True).Set(EventPath(asked.Id), MessageCodec.Entry(asked))
                    .IfMissing(Columns.CancelRequested);
            }

            // Nothing of it has left: it is canceled. What may have left decides otherwise, and is followed.
            if (isOpen && leg!.State.Parts.All(part => part.IsWaiting) && record.Status < MessageStatus.Canceled)
            {
                var canceled = new TimelineEvent
                {
                    Id = $"{MessageStatus.Canceled.Word()}.{record.State.CurrentLeg}", Type = MessageStatus.Canceled.Word(),
                    At = clock.GetUtcNow(), Leg = record.State.CurrentLeg, Reason = FailureReason.Canceled,
                };
                update.Set(Columns.Rank, Attr.S(RankKey.Of(MessageStatus.Canceled, FailureReason.Canceled).Value))
                    .Set(EventPath(canceled.Id), MessageCodec.Entry(canceled));
            }

            if (isOpen)
            {
                await Transaction.TryAsync(
                    dynamo,
                    clock,
                    [update.AsPart(), (await StopAsync(Update(leg!.Message.Id), leg, cancellation).ConfigureAwait(false)).AsPart()],
                    cancellation,
                    decisive: 2).ConfigureAwait(false);
            }
            else
            {
                await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            }

            record = await FindAsync(record.Message.Id, cancellation).ConfigureAwait(false) ?? record;
        }

        throw new TimeoutException($"Canceling {record.Message.Id} met a change at every try.");
    }
}
