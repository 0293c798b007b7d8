using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;
using Own = Omni.Aws.BatchColumns;

namespace Omni.Aws;

/// <summary>
/// The batches, in the table of messages. Who releases one claims a stretch of it, puts its messages and says so: what is claimed and not
/// said is put once more, so that at no moment a message is lost or made twice.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="messagesTable">The table of messages.</param>
/// <param name="clock">The time.</param>
public sealed class BatchStore(IAmazonDynamoDB dynamo, string messagesTable, TimeProvider clock)
{
    /// <summary>After this time without a step the Scheduler asks for one.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromMinutes(10);

    // A write that meets a transaction on the same item is refused, and may come again at once.
    private const int MaxTries = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private readonly TimeIndex _lists = new(dynamo, messagesTable, new(Columns.ConversationIndex, Columns.Conversation, Columns.CreatedAt));

    /// <summary>Writes a new batch, once. When its id is taken, nothing is written and the batch that has it comes back.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it was written, and the batch as it is.</returns>
    public async Task<(bool Created, BatchRecord Record)> CreateAsync(Batch batch, CancellationToken cancellation = default)
    {
        var item = BatchCodec.ToItem(batch, batch.ScheduledAt ?? batch.CreatedAt + Watch);
        try
        {
            await dynamo.PutItemAsync(new PutItemRequest
            {
                TableName = messagesTable,
                Item = item,
                ConditionExpression = "attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
            }, cancellation).ConfigureAwait(false);
            return (true, BatchCodec.FromItem(item));
        }
        catch (ConditionalCheckFailedException taken)
        {
            return (false, BatchCodec.FromItem(taken.Item));
        }
    }

    /// <summary>Reads a batch, consistently.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The batch; null when there is none.</returns>
    public async Task<BatchRecord?> FindAsync(string id, CancellationToken cancellation = default)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = messagesTable, Key = Attr.Key(id, Columns.BatchItem), ConsistentRead = true },
            cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? BatchCodec.FromItem(item) : null;
    }

    /// <summary>A tenant's batches, newest first.</summary>
    /// <param name="tenant">Whose batches.</param>
    /// <param name="from">Batches older than this.</param>
    /// <param name="notBefore">None older than this.</param>
    /// <param name="limit">The most batches.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The batches, and where to go on; null at the end.</returns>
    public async Task<(IReadOnlyList<BatchRecord> Batches, ListPosition? Next)> ListAsync(
        string tenant, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation = default)
    {
        var keys = await _lists.NewestAsync(Own.ListKeyOf(tenant), from, notBefore, limit, cancellation).ConfigureAwait(false);
        var items = await dynamo.ReadManyAsync(
            messagesTable, keys.Select(key => Attr.Key(key.MessageId, Columns.BatchItem)), cancellation).ConfigureAwait(false);
        var found = items.ToDictionary(item => item[Columns.Pk].S, BatchCodec.FromItem, StringComparer.Ordinal);
        return (
            [.. keys.Where(key => found.ContainsKey(key.MessageId)).Select(key => found[key.MessageId])],
            keys.Count == limit ? keys[^1] : null);
    }

    /// <summary>Claims the next messages of a running batch: from now on they may be in the table.</summary>
    /// <param name="record">The batch as just read, with nothing claimed.</param>
    /// <param name="count">How many.</param>
    /// <param name="rate">How many are released a second by now; 0 when that is not known.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The batch afterwards; null when somebody else took a step meanwhile, or stopped it.</returns>
    public async Task<BatchRecord?> ClaimAsync(BatchRecord record, int count, double rate, CancellationToken cancellation = default)
    {
        var result = await WriteAsync(
            () => Update(record.Batch.Id)
                .Set(Own.Claimed, Attr.N(record.Progress.Released + count))
                .Set(Own.Rate, BatchCodec.RateValue(rate))
                .Set(Own.ReleasedAt, Attr.Time(clock.GetUtcNow()))
                .If(Columns.Dispatch, "=", Attr.N(record.Progress.Dispatch))
                .If(Own.Claimed, "=", Attr.N(record.Progress.Released))
                .If(Own.Wanted, "=", Attr.S(BatchState.Running.Word())),
            cancellation).ConfigureAwait(false);
        return result.Done ? BatchCodec.FromItem(result.Item!) : null;
    }

    /// <summary>
    /// Says that what was claimed is in the table, and asks for the next step. Also of a batch that was stopped meanwhile.
    /// </summary>
    /// <param name="record">The batch as it was claimed.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task ReleasedAsync(BatchRecord record, CancellationToken cancellation = default)
    {
        var (batch, progress) = record;
        await WriteAsync(
            () =>
            {
                var update = Update(batch.Id)
                    .Set(Own.Released, Attr.N(progress.Claimed))
                    .Increment(Columns.Dispatch)
                    .If(Own.Released, "=", Attr.N(progress.Released))
                    .If(Own.Claimed, "=", Attr.N(progress.Claimed));
                return progress.DueAt is { } due && due > clock.GetUtcNow() + Watch / 2 ? update : DueAt(update, batch.Id, Watch);
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Has the Scheduler ask for the next step at a moment.</summary>
    /// <param name="record">The batch as just read.</param>
    /// <param name="at">The moment.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task WaitUntilAsync(BatchRecord record, DateTimeOffset at, CancellationToken cancellation = default) => WriteAsync(
        () => DueAt(Update(record.Batch.Id), record.Batch.Id, at - clock.GetUtcNow())
            .If(Columns.Dispatch, "=", Attr.N(record.Progress.Dispatch)),
        cancellation);

    /// <summary>Nothing of its release is left to do: the Scheduler need not look any more.</summary>
    /// <param name="record">The batch as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task ForgetDueAsync(BatchRecord record, CancellationToken cancellation = default)
    {
        if (record.Progress.DueAt is null) return;

        await WriteAsync(
            () => Update(record.Batch.Id)
                .Remove(Columns.DueKey, Columns.DueAt)
                .If(Columns.Dispatch, "=", Attr.N(record.Progress.Dispatch)),
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks for the next step under a new number: of a batch that is due, or whose record was received too often.</summary>
    /// <param name="record">The batch as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether this call asked.</returns>
    public async Task<bool> WakeAsync(BatchRecord record, CancellationToken cancellation = default) =>
        (await WriteAsync(
            () => DueAt(Update(record.Batch.Id), record.Batch.Id, Watch)
                .Increment(Columns.Dispatch)
                .If(Columns.Dispatch, "=", Attr.N(record.Progress.Dispatch)),
            cancellation).ConfigureAwait(false)).Done;

    /// <summary>Lets a batch rest.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The batch afterwards; null when it was not running.</returns>
    public Task<BatchRecord?> PauseAsync(string id, CancellationToken cancellation = default) => ChangeAsync(
        () => Update(id).Set(Own.Wanted, Attr.S(BatchState.Paused.Word())).Remove(Columns.DueKey, Columns.DueAt)
            .If(Own.Wanted, "=", Attr.S(BatchState.Running.Word())).If(Own.Open, ">", Attr.N(0)),
        cancellation);

    /// <summary>Goes on with a batch that rests.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The batch afterwards; null when it did not rest.</returns>
    public Task<BatchRecord?> ResumeAsync(string id, CancellationToken cancellation = default) => ChangeAsync(
        () => DueAt(Update(id), id, Watch).Set(Own.Wanted, Attr.S(BatchState.Running.Word())).Increment(Columns.Dispatch)
            .If(Own.Wanted, "=", Attr.S(BatchState.Paused.Word())),
        cancellation);

    /// <summary>Cancels a batch: nothing more of it is claimed, and who releases it asks what was released to stop.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The batch afterwards; null when it was canceled before, or nothing of it is left.</returns>
    public Task<BatchRecord?> CancelAsync(string id, CancellationToken cancellation = default) => ChangeAsync(
        () => DueAt(Update(id), id, Watch).Set(Own.Wanted, Attr.S(BatchState.Canceled.Word())).Increment(Columns.Dispatch)
            .If(Own.Wanted, "<>", Attr.S(BatchState.Canceled.Word())).If(Own.Open, ">", Attr.N(0)),
        cancellation);

    /// <summary>Says that the status items of what a canceled batch never released are done, once.</summary>
    /// <param name="record">The canceled batch as just read, with nothing claimed that is not released.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task CutAsync(BatchRecord record, CancellationToken cancellation = default)
    {
        var (batch, progress) = record;
        var unreleased = batch.Chunks - (progress.Released + Batch.ChunkSize - 1) / Batch.ChunkSize;
        if (unreleased == 0 || progress.Released == batch.Total) return;

        // From here on all of it is released: canceled messages are no less decided for never having been made.
        await WriteAsync(
            () => Update(batch.Id)
                .Increment(Own.Open, -unreleased)
                .Set(Own.Cut, Attr.N(progress.Released))
                .IfMissing(Own.Cut)
                .If(Own.Released, "=", Attr.N(progress.Released)),
            cancellation).ConfigureAwait(false);
    }

    private async Task<BatchRecord?> ChangeAsync(Func<ItemUpdate> update, CancellationToken cancellation)
    {
        var result = await WriteAsync(update, cancellation).ConfigureAwait(false);
        return result.Done ? BatchCodec.FromItem(result.Item!) : null;
    }

    private ItemUpdate Update(string id) =>
        new ItemUpdate(messagesTable, id, Columns.BatchItem).IfExists(Columns.Pk).Set(Columns.UpdatedAt, Attr.Time(clock.GetUtcNow()));

    private ItemUpdate DueAt(ItemUpdate update, string id, TimeSpan from) =>
        update.Set(Columns.DueKey, Attr.S(MessageCodec.DueKey(id))).Set(Columns.DueAt, Attr.Time(clock.GetUtcNow() + from));

    private async Task<WriteResult> WriteAsync(Func<ItemUpdate> update, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await update().WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            }
            catch (TransactionConflictException) when (tries < MaxTries)
            {
                await Task.Delay(Pause * (tries + Random.Shared.NextDouble()), clock, cancellation).ConfigureAwait(false);
            }
        }
    }
}
