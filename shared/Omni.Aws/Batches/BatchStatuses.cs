using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;
using Own = Omni.Aws.BatchColumns;

namespace Omni.Aws;

/// <summary>
/// What became of each message of a batch: status items of <see cref="Batch.ChunkSize"/> messages each, beside the batch, hold the highest
/// status that was seen of each. Statuses are set, never added up, so that whoever sees a change twice counts it once.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="messagesTable">The table of messages.</param>
/// <param name="clock">The time.</param>
public sealed class BatchStatuses(IAmazonDynamoDB dynamo, string messagesTable, TimeProvider clock)
{
    private const int MaxTries = 12;

    /// <summary>
    /// Sets what became of messages of one status item. A message without a status is on its way; <see cref="MessageStatus.Scheduled"/>
    /// waits for its time; <see cref="MessageStatus.Unknown"/> is held, and anything above is what it says. When all of the item are
    /// decided, the batch has one open item less.
    /// </summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="total">How many messages the batch has.</param>
    /// <param name="statuses">The status of each message, by its place in the batch: all in one item.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="TimeoutException">The item changed at every try.</exception>
    public async Task SetAsync(
        string batchId, int total, IReadOnlyDictionary<int, MessageStatus> statuses, CancellationToken cancellation = default)
    {
        var chunk = statuses.Keys.First() / Batch.ChunkSize;
        var rising = statuses;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var update = new ItemUpdate(messagesTable, batchId, Own.StatusItem(chunk))
                .SetOnce(Columns.Expires, Attr.Expiry(clock.GetUtcNow() + Defaults.Retention));
            foreach (var (index, status) in rising)
            {
                var rank = Attr.N((int)status);
                update.Set(NameOf(index), rank).IfMissingOr(NameOf(index), "<", rank);
            }

            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (!result.Done)
            {
                // Seen before, or overtaken: what is left of it is set.
                rising = statuses.Where(s => StatusOf(result.Item!, s.Key) is not { } there || there < s.Value).ToDictionary();
                if (rising.Count > 0) continue;
            }

            await CloseAsync(batchId, total, chunk, result.Item!, cancellation).ConfigureAwait(false);
            return;
        }

        throw new TimeoutException($"The statuses of {batchId} met a change at every try.");
    }

    /// <summary>What a batch counts of a message; null while it is on its way.</summary>
    /// <param name="status">The message's status.</param>
    /// <param name="isDue">Whether the Scheduler is to look at it: one of unknown outcome is held otherwise.</param>
    public static MessageStatus? CountedOf(MessageStatus status, bool isDue) => status switch
    {
        MessageStatus.Unknown when !isDue => status,
        >= MessageStatus.Sent => status,
        _ => null,
    };

    /// <summary>Counts a batch. At every moment the counts together are the batch.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="batches">The batches.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The batch and its counts; null when there is none.</returns>
    public async Task<(BatchRecord Record, BatchCounts Counts)?> CountAsync(
        string batchId, BatchStore batches, CancellationToken cancellation = default)
    {
        // The batch is read after them: what has a status by now was claimed before.
        var byIndex = await ReadAsync(batchId, Own.StatusPrefix, Own.LastStatus, cancellation).ConfigureAwait(false);
        if (await batches.FindAsync(batchId, cancellation).ConfigureAwait(false) is not { } record) return null;

        var (batch, progress) = record;
        var byStatus = byIndex.Where(s => s.Index < progress.Claimed).CountBy(s => s.Status).ToDictionary();
        var rest = batch.Total - progress.Claimed;
        if (progress.Wanted == BatchState.Canceled)
        {
            byStatus[MessageStatus.Canceled] = byStatus.GetValueOrDefault(MessageStatus.Canceled) + rest;
            rest = 0;
        }

        var decided = byIndex.Count(s => s.Index < progress.Claimed);
        return (record, BatchCounts.Of(rest, progress.Claimed - decided, byStatus));
    }

    /// <summary>The statuses of a stretch of a batch, by place; those that are not decided are missing.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="from">The first place.</param>
    /// <param name="to">The first place behind it.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyDictionary<int, MessageStatus>> ReadAsync(
        string batchId, int from, int to, CancellationToken cancellation = default)
    {
        if (from >= to) return new Dictionary<int, MessageStatus>();

        var read = await ReadAsync(
            batchId,
            Own.StatusItem(from / Batch.ChunkSize),
            Own.StatusItem((to - 1) / Batch.ChunkSize),
            cancellation).ConfigureAwait(false);
        return read.Where(s => s.Index >= from && s.Index < to).ToDictionary(s => s.Index, s => s.Status);
    }

    private async Task<List<(int Index, MessageStatus Status)>> ReadAsync(
        string batchId, string first, string last, CancellationToken cancellation)
    {
        var statuses = new List<(int, MessageStatus)>();
        var query = new QueryRequest
        {
            TableName = messagesTable,
            KeyConditionExpression = "pk = :pk AND sk BETWEEN :from AND :to",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(batchId), [":from"] = Attr.S(first), [":to"] = Attr.S(last) },
            ConsistentRead = true,
        };
        do
        {
            var page = await dynamo.QueryAsync(query, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                var start = Batch.ChunkSize * int.Parse(item[Columns.Sk].S.AsSpan(Own.StatusPrefix.Length), CultureInfo.InvariantCulture);
                statuses.AddRange(StatusesOf(item).Select(s => (start + s.Place, s.Status)));
            }

            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });
        return statuses;
    }

    /// <summary>Counts an item as done once all of it are decided; once, however often it is seen.</summary>
    private async Task CloseAsync(
        string batchId, int total, int chunk, Dictionary<string, AttributeValue> item, CancellationToken cancellation)
    {
        var size = Math.Min(Batch.ChunkSize, total - chunk * Batch.ChunkSize);
        if (item.Flag(Own.Done) || StatusesOf(item).Count(s => s.Status >= MessageStatus.Unknown) < size) return;

        var done = new ItemUpdate(messagesTable, batchId, Own.StatusItem(chunk)).Set(Own.Done, Attr.True).IfMissing(Own.Done);
        var less = new ItemUpdate(messagesTable, batchId, Columns.BatchItem)
            .IfExists(Columns.Pk).Increment(Own.Open, -1).Set(Columns.UpdatedAt, Attr.Time(clock.GetUtcNow()));
        await Transaction.TryAsync(dynamo, clock, [done.AsPart(), less.AsPart()], cancellation, decisive: 2).ConfigureAwait(false);
    }

    private static IEnumerable<(int Place, MessageStatus Status)> StatusesOf(Dictionary<string, AttributeValue> item) =>
        from attribute in item
        where char.IsAsciiDigit(attribute.Key[0])
        select (int.Parse(attribute.Key, CultureInfo.InvariantCulture), StatusOf(attribute.Value));

    private static MessageStatus? StatusOf(Dictionary<string, AttributeValue> item, int index) =>
        item.GetValueOrDefault(NameOf(index)) is { } rank ? StatusOf(rank) : null;

    private static MessageStatus StatusOf(AttributeValue rank) => (MessageStatus)int.Parse(rank.N, CultureInfo.InvariantCulture);

    private static string NameOf(int index) => (index % Batch.ChunkSize).ToString(CultureInfo.InvariantCulture);
}
