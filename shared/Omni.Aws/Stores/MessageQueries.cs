using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

/// <summary>A place in a list that runs from the newest message to the oldest.</summary>
/// <param name="CreatedAt">The moment of the last message seen, whole milliseconds.</param>
/// <param name="MessageId">Its id; messages of one millisecond are ordered by id, downwards.</param>
public sealed record ListPosition(DateTimeOffset CreatedAt, string MessageId)
{
    /// <summary>The order of lists: newest first.</summary>
    internal static Comparer<ListPosition> NewestFirst { get; } = Comparer<ListPosition>.Create((a, b) =>
        a.CreatedAt != b.CreatedAt ? b.CreatedAt.CompareTo(a.CreatedAt) : string.CompareOrdinal(b.MessageId, a.MessageId));

    internal bool IsOlderThan(ListPosition other) => NewestFirst.Compare(this, other) > 0;
}

/// <summary>One page of keys.</summary>
/// <param name="Keys">The positions, newest first.</param>
/// <param name="Next">Where to go on; null at the end of the asked time.</param>
public sealed record KeyPage(IReadOnlyList<ListPosition> Keys, ListPosition? Next);

/// <summary>Reads messages through the indexes, newest first. An index shows a write within moments, not at once.</summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The table of messages.</param>
/// <param name="listShards">Over how many keys of the index <c>list</c> a tenant's messages of a day are spread, at most.</param>
/// <param name="days">The days with messages; null to look at every day.</param>
public sealed class MessageQueries(IAmazonDynamoDB dynamo, string table, int listShards = Defaults.ListShards, ListDays? days = null)
{
    // A list is most often full with its first day, so that one is read alone; the further back, the less there is.
    private static readonly int[] DaysAtOnce = [1, 2, 4];

    /// <summary>
    /// A tenant's messages, newest first. Reads at most a few days a call, and none that is known to be empty,
    /// so a page may be short although more follows.
    /// </summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="from">Messages older than this.</param>
    /// <param name="notBefore">None older than this.</param>
    /// <param name="limit">The most keys.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<KeyPage> ByTenantAsync(
        string tenant, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation = default)
    {
        // Without an id a place is before all messages of its moment.
        var isBetween = from.MessageId.Length == 0;
        if (from.CreatedAt < notBefore || (isBetween && from.CreatedAt == notBefore)) return new([], null);

        var newest = isBetween ? from.CreatedAt.AddTicks(-1) : from.CreatedAt;
        var known = days is null ? null : await days.ReadAsync(tenant, cancellation).ConfigureAwait(false);
        var keys = new List<ListPosition>();
        var read = new List<DayRead>();
        using var walk = DaysBetween(newest, notBefore).Where(day => known?.MayHold(day) != false).GetEnumerator();
        var more = walk.MoveNext();
        foreach (var atOnce in DaysAtOnce)
        {
            var batch = new List<DateOnly>();
            for (; more && batch.Count < atOnce; more = walk.MoveNext()) batch.Add(walk.Current);

            var wanted = limit - keys.Count;
            var found = await Task.WhenAll(
                batch.Select(day => ReadDayAsync(tenant, day, from, notBefore, wanted, cancellation))).ConfigureAwait(false);
            read.AddRange(found);
            keys.AddRange(found.SelectMany(day => day.Newest).Take(wanted));
            if (!more || keys.Count == limit) break;
        }

        if (known is not null) await LearnAsync(tenant, known, read, from, notBefore, cancellation).ConfigureAwait(false);
        if (keys.Count == limit) return new(keys, keys[^1]);
        return new(keys, more ? new(StartOf(walk.Current.AddDays(1)), "") : null);
    }

    private static IEnumerable<DateOnly> DaysBetween(DateTimeOffset newest, DateTimeOffset oldest)
    {
        // Counted, so that neither end of the calendar is left: the first and the last day have no neighbour.
        var (last, first) = (ListDays.DayOf(newest), ListDays.DayOf(oldest));
        for (var back = 0; back <= last.DayNumber - first.DayNumber; back++) yield return last.AddDays(-back);
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static DateTimeOffset EndOf(DateOnly day) => new(day, TimeOnly.MaxValue, TimeSpan.Zero);

    private async Task<DayRead> ReadDayAsync(
        string tenant, DateOnly day, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation) =>
        new(day, await ReadShardsAsync(
            Columns.ListIndex, Columns.ListKey, shard => Columns.ListKeyOf(tenant, StartOf(day), shard), from, notBefore, limit,
            cancellation).ConfigureAwait(false));

    private async Task<IReadOnlyList<ListPosition>> ReadShardsAsync(
        string index, string key, Func<int, string> valueOf, ListPosition from, DateTimeOffset notBefore, int limit,
        CancellationToken cancellation)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, listShards).Select(shard =>
            NewestAsync(index, key, valueOf(shard), from, notBefore, limit, cancellation))).ConfigureAwait(false);
        return [.. shards.SelectMany(shard => shard).Order(ListPosition.NewestFirst).Take(limit)];
    }

    /// <summary>
    /// Remembers what the days told that nobody had noted: those next to the known ones, as far back as it is sure whether they hold
    /// something. A day that was looked at in part only, and showed nothing, is not.
    /// </summary>
    private async Task LearnAsync(
        string tenant, KnownDays known, List<DayRead> read, ListPosition from, DateTimeOffset notBefore, CancellationToken cancellation)
    {
        var since = known.Since;
        foreach (var (day, newest) in read)
        {
            if (day >= known.Since) continue;
            var isWhole = notBefore <= StartOf(day) && (from.CreatedAt > EndOf(day) || from.CreatedAt >= known.AsOf);
            if (day.AddDays(1) != since || (newest.Count == 0 && !isWhole)) break;

            if (newest.Count > 0) await days!.NoteAsync(tenant, newest[0].CreatedAt, cancellation).ConfigureAwait(false);
            since = day;
        }

        if (since < known.Since) await days!.LearnAsync(tenant, since, cancellation).ConfigureAwait(false);
    }

    private sealed record DayRead(DateOnly Day, IReadOnlyList<ListPosition> Newest);

    /// <summary>A tenant's messages of one label, newest first.</summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="label">The label.</param>
    /// <param name="from">Messages older than this.</param>
    /// <param name="notBefore">None older than this.</param>
    /// <param name="limit">The most keys.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<KeyPage> ByLabelAsync(
        string tenant, string label, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation = default)
    {
        var keys = await ReadShardsAsync(
            Columns.LabelIndex, Columns.LabelKey, shard => Columns.LabelKeyOf(tenant, label, shard), from, notBefore, limit,
            cancellation).ConfigureAwait(false);
        return new(keys, keys.Count == limit ? keys[^1] : null);
    }

    /// <summary>A conversation's messages, newest first.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="from">Messages older than this.</param>
    /// <param name="notBefore">None older than this.</param>
    /// <param name="limit">The most keys.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<KeyPage> ByConversationAsync(
        string conversationId, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation = default)
    {
        var keys = await NewestAsync(
            Columns.ConversationIndex, Columns.Conversation, conversationId, from, notBefore, limit, cancellation).ConfigureAwait(false);
        return new(keys, keys.Count == limit ? keys[^1] : null);
    }

    /// <summary>The newest messages of a conversation, in no order.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="before">None newer than this.</param>
    /// <param name="notBefore">None older than this.</param>
    /// <param name="limit">The most messages.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<MessageRecord>> RecentAsync(
        string conversationId, DateTimeOffset before, DateTimeOffset notBefore, int limit, CancellationToken cancellation = default)
    {
        var page = await ByConversationAsync(conversationId, new(before, ""), notBefore, limit, cancellation).ConfigureAwait(false);
        return [.. (await ReadAsync(page.Keys.Select(key => key.MessageId), cancellation).ConfigureAwait(false)).Values];
    }

    /// <summary>Reads messages by id.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Those that exist, by id.</returns>
    public async Task<IReadOnlyDictionary<string, MessageRecord>> ReadAsync(
        IEnumerable<string> ids, CancellationToken cancellation = default)
    {
        var items = await dynamo.ReadManyAsync(table, ids.Distinct().Select(id => Attr.Key(id, Columns.Main)), cancellation)
            .ConfigureAwait(false);
        return items.ToDictionary(item => item[Columns.Pk].S, MessageCodec.FromItem, StringComparer.Ordinal);
    }

    private async Task<List<ListPosition>> NewestAsync(
        string index, string key, string value, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation)
    {
        var keys = new List<ListPosition>();
        if (from.CreatedAt < notBefore) return keys; // BETWEEN refuses bounds in the wrong order

        Dictionary<string, AttributeValue>? start = null;
        do
        {
            var page = await dynamo.QueryAsync(new QueryRequest
            {
                TableName = table,
                IndexName = index,
                KeyConditionExpression = "#k = :k AND #c BETWEEN :a AND :b",
                ExpressionAttributeNames = new() { ["#k"] = key, ["#c"] = Columns.CreatedAt },
                ExpressionAttributeValues = new()
                {
                    [":k"] = Attr.S(value), [":a"] = Attr.Time(notBefore), [":b"] = Attr.Time(from.CreatedAt)
                },
                ScanIndexForward = false,
                Limit = limit + 1,
                ExclusiveStartKey = start,
            }, cancellation).ConfigureAwait(false);
            keys.AddRange((page.Items ?? [])
                .Select(item => new ListPosition(item.Moment(Columns.CreatedAt)!.Value, item[Columns.Pk].S))
                .Where(k => k.IsOlderThan(from)));
            start = page.LastEvaluatedKey is { Count: > 0 } last ? last : null;

            // The index orders messages of one millisecond in its own way: go on until that millisecond is complete, then order and cut.
        }
        while (start is not null && !(keys.Count >= limit && keys[limit - 1].CreatedAt > keys[^1].CreatedAt));
        return [.. keys.Order(ListPosition.NewestFirst).Take(limit)];
    }
}
