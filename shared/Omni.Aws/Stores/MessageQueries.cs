using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

/// <summary>A place in a list that runs from the newest to the oldest: of messages, or of what has a time and an id as they have.</summary>
/// <param name="CreatedAt">The moment of the last message seen, whole milliseconds.</param>
/// <param name="MessageId">Its id; messages of one millisecond are ordered by id, downwards.</param>
public sealed record ListPosition(DateTimeOffset CreatedAt, string MessageId)
{
    /// <summary>The order of lists: newest first.</summary>
    public static Comparer<ListPosition> NewestFirst { get; } = Comparer<ListPosition>.Create((a, b) =>
        a.CreatedAt != b.CreatedAt ? b.CreatedAt.CompareTo(a.CreatedAt) : string.CompareOrdinal(b.MessageId, a.MessageId));

    /// <summary>Whether it comes after another in that order.</summary>
    /// <param name="other">The other.</param>
    public bool IsOlderThan(ListPosition other) => NewestFirst.Compare(this, other) > 0;
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
    private readonly DayIndex _days = new(
        dynamo, table, new(Columns.ListIndex, Columns.ListKey, Columns.CreatedAt), listShards, days, holdsAllDays: true);

    private readonly TimeIndex _labels = new(dynamo, table, new(Columns.LabelIndex, Columns.LabelKey, Columns.CreatedAt));

    private readonly TimeIndex _conversations = new(
        dynamo, table, new(Columns.ConversationIndex, Columns.Conversation, Columns.CreatedAt));

    /// <summary>
    /// A tenant's messages, newest first. Reads at most a few days a call, and none that is known to be empty,
    /// so a page may be short although more follows.
    /// </summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="from">Messages older than this.</param>
    /// <param name="notBefore">None older than this.</param>
    /// <param name="limit">The most keys.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<KeyPage> ByTenantAsync(
        string tenant, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation = default) =>
        _days.ReadAsync(tenant, from, notBefore, limit, cancellation);

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
        var partitions = Enumerable.Range(0, listShards).Select(shard => Columns.LabelKeyOf(tenant, label, shard));
        var keys = await _labels.NewestAsync(partitions, from, notBefore, limit, cancellation).ConfigureAwait(false);
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
        var keys = await _conversations.NewestAsync(conversationId, from, notBefore, limit, cancellation).ConfigureAwait(false);
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
}
