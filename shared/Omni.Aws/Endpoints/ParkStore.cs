using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// An event that an endpoint did not take, and that is tried again. What is sent is read from the log again when it is due.
/// </summary>
/// <param name="EventId">The event.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="Segment">Its segment.</param>
/// <param name="Index">Its place in the segment.</param>
/// <param name="FirstAttemptAt">When it was tried first: so long is it tried.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Next">When it is tried next.</param>
public sealed record ParkedEvent(
    string EventId, int Lane, long Segment, int Index, DateTimeOffset FirstAttemptAt, int Attempts, DateTimeOffset Next);

/// <summary>
/// The events that endpoints did not take, in the control table: <c>park#{tenant}#{endpoint}</c>/event. Each stands in the index <c>due</c>
/// at its next time.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The control table.</param>
public sealed class ParkStore(IAmazonDynamoDB dynamo, string table)
{
    /// <summary>So many parked events are too many: the endpoint is failing.</summary>
    public const int Most = 1000;

    internal const string Partition = "park#";

    private const string Lane = "ln";
    private const string Segment = "n";
    private const string Index = "i";
    private const string FirstAttemptAt = "fa";
    private const string Attempts = "a";

    /// <summary>Parks an event, or notes that it was tried once more.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="parked">The event.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task PutAsync(string tenant, string endpoint, ParkedEvent parked, CancellationToken cancellation = default)
    {
        var item = Attr.Key(PartitionOf(tenant, endpoint), parked.EventId);
        item[Lane] = Attr.N(parked.Lane);
        item[Segment] = Attr.N(parked.Segment);
        item[Index] = Attr.N(parked.Index);
        item[FirstAttemptAt] = Attr.Time(parked.FirstAttemptAt);
        item[Attempts] = Attr.N(parked.Attempts);
        item[EndpointCodec.DueKey] = EndpointCodec.DueKeyOf(endpoint);
        item[EndpointCodec.DueAt] = Attr.Time(parked.Next);
        item["ex"] = Attr.Expiry(parked.FirstAttemptAt + EventLog.Kept);
        return dynamo.PutItemAsync(new PutItemRequest { TableName = table, Item = item }, cancellation);
    }

    /// <summary>Takes an event out: the endpoint took it, or it is given up.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task RemoveAsync(string tenant, string endpoint, string eventId, CancellationToken cancellation = default) =>
        dynamo.DeleteItemAsync(
            new DeleteItemRequest { TableName = table, Key = Attr.Key(PartitionOf(tenant, endpoint), eventId) }, cancellation);

    /// <summary>All parked events of an endpoint, the next one first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<ParkedEvent>> ListAsync(string tenant, string endpoint, CancellationToken cancellation = default)
    {
        var parked = new List<ParkedEvent>();
        var query = Query(tenant, endpoint);
        do
        {
            var page = await dynamo.QueryAsync(query, cancellation).ConfigureAwait(false);
            parked.AddRange((page.Items ?? []).Select(FromItem));
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });

        return [.. parked.OrderBy(event_ => event_.Next).ThenBy(event_ => event_.Segment).ThenBy(event_ => event_.Index)];
    }

    /// <summary>Whose partition a key is.</summary>
    internal static (string Tenant, string Endpoint) EndpointOf(string pk)
    {
        var end = pk.LastIndexOf('#');
        return (pk[Partition.Length..end], pk[(end + 1)..]);
    }

    private QueryRequest Query(string tenant, string endpoint) => new()
    {
        TableName = table,
        KeyConditionExpression = "pk = :pk",
        ExpressionAttributeValues = new() { [":pk"] = Attr.S(PartitionOf(tenant, endpoint)) },
        ConsistentRead = true,
    };

    private static ParkedEvent FromItem(Dictionary<string, AttributeValue> item) => new(
        item["sk"].S,
        (int)item.Number(Lane)!.Value,
        item.Number(Segment)!.Value,
        (int)item.Number(Index)!.Value,
        item.Moment(FirstAttemptAt)!.Value,
        (int)item.Number(Attempts)!.Value,
        item.Moment(EndpointCodec.DueAt)!.Value);

    private static string PartitionOf(string tenant, string endpoint) => $"{Partition}{tenant}#{endpoint}";
}
