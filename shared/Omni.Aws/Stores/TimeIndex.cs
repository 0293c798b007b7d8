using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>The names of an index that is sorted by time.</summary>
/// <param name="Name">The index.</param>
/// <param name="Key">Its partition key.</param>
/// <param name="Time">Its sort key, a moment.</param>
internal sealed record IndexNames(string Name, string Key, string Time);

/// <summary>Reads the keys of an index that is sorted by time, newest first.</summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The table.</param>
/// <param name="index">The index.</param>
/// <param name="idOf">What tells items of one millisecond apart; null for the table's partition key.</param>
internal sealed class TimeIndex(
    IAmazonDynamoDB dynamo, string table, IndexNames index, Func<Dictionary<string, AttributeValue>, string>? idOf = null)
{
    /// <summary>The newest keys of one partition.</summary>
    /// <param name="value">The partition.</param>
    /// <param name="from">What is older than this.</param>
    /// <param name="notBefore">Nothing older than this.</param>
    /// <param name="limit">The most keys.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<List<ListPosition>> NewestAsync(
        string value, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation)
    {
        var keys = new List<ListPosition>();
        if (from.CreatedAt < notBefore) return keys; // BETWEEN refuses bounds in the wrong order

        Dictionary<string, AttributeValue>? start = null;
        do
        {
            var page = await dynamo.QueryAsync(new QueryRequest
            {
                TableName = table,
                IndexName = index.Name,
                KeyConditionExpression = "#k = :k AND #c BETWEEN :a AND :b",
                ExpressionAttributeNames = new() { ["#k"] = index.Key, ["#c"] = index.Time },
                ExpressionAttributeValues = new()
                {
                    [":k"] = Attr.S(value), [":a"] = Attr.Time(notBefore), [":b"] = Attr.Time(from.CreatedAt)
                },
                ScanIndexForward = false,
                Limit = limit + 1,
                ExclusiveStartKey = start,
            }, cancellation).ConfigureAwait(false);
            keys.AddRange((page.Items ?? [])
                .Select(item => new ListPosition(item.Moment(index.Time)!.Value, idOf?.Invoke(item) ?? item["pk"].S))
                .Where(k => k.IsOlderThan(from)));
            start = page.LastEvaluatedKey is { Count: > 0 } last ? last : null;

            // The index orders items of one millisecond in its own way: go on until that millisecond is complete, then order and cut.
        }
        while (start is not null && !(keys.Count >= limit && keys[limit - 1].CreatedAt > keys[^1].CreatedAt));
        return [.. keys.Order(ListPosition.NewestFirst).Take(limit)];
    }

    /// <summary>The newest keys of several partitions.</summary>
    /// <param name="values">The partitions.</param>
    /// <param name="from">What is older than this.</param>
    /// <param name="notBefore">Nothing older than this.</param>
    /// <param name="limit">The most keys of all together.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<List<ListPosition>> NewestAsync(
        IEnumerable<string> values, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(
            values.Select(value => NewestAsync(value, from, notBefore, limit, cancellation))).ConfigureAwait(false);
        return [.. found.SelectMany(keys => keys).Order(ListPosition.NewestFirst).Take(limit)];
    }
}
