using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>What came of one call of a client's endpoint.</summary>
public sealed record EndpointAttempt
{
    /// <summary>The event.</summary>
    public required string EventId { get; init; }

    /// <summary>Its type.</summary>
    public required string Type { get; init; }

    /// <summary>When the call was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many times the event was tried, this time included.</summary>
    public required int Attempt { get; init; }

    /// <summary>Whether the endpoint took it.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why there was no answer; null when there was one.</summary>
    public string? Error { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>How the answer's body begins; null when there was none.</summary>
    public string? Body { get; init; }

    /// <summary>When the event is tried again; null when it is not.</summary>
    public DateTimeOffset? Next { get; init; }
}

/// <summary>
/// The attempts of endpoints that are kept, in the control table: <c>att#{tenant}#{endpoint}</c>/time and event. All that failed, and the
/// last one that did not.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class AttemptStore(IAmazonDynamoDB dynamo, string table, TimeProvider clock)
{
    /// <summary>How long an attempt is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    // Behind every time: the last success is the first of the list.
    private const string LastSuccess = "ok";

    /// <summary>Keeps an attempt.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task AddAsync(string tenant, string endpoint, EndpointAttempt attempt, CancellationToken cancellation = default)
    {
        var item = Attr.Key(PartitionOf(tenant, endpoint), attempt.Succeeded ? LastSuccess : KeyOf(attempt.At, attempt.EventId));
        item["id"] = Attr.S(attempt.EventId);
        item["ty"] = Attr.S(attempt.Type);
        item["at"] = Attr.Time(attempt.At);
        item["a"] = Attr.N(attempt.Attempt);
        item["ok"] = new() { BOOL = attempt.Succeeded };
        item["ms"] = Attr.N((long)attempt.Latency.TotalMilliseconds);
        item["ex"] = Attr.Expiry(attempt.At + Kept);
        if (attempt.Status is { } status) item["st"] = Attr.N(status);
        if (attempt.Error is { } error) item["er"] = Attr.S(error);
        if (attempt.Body is { } body) item["bo"] = Attr.S(body);
        if (attempt.Next is { } next) item["nx"] = Attr.Time(next);
        return dynamo.PutItemAsync(new PutItemRequest { TableName = table, Item = item }, cancellation);
    }

    /// <summary>The attempts of an endpoint: the last success, and before it the failures, the newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="limit">The most.</param>
    /// <param name="before">Where the page before ended; null for the first.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The attempts, and where they go on; null when they do not.</returns>
    public async Task<(IReadOnlyList<EndpointAttempt> Attempts, string? Next)> ListAsync(
        string tenant, string endpoint, int limit, string? before = null, CancellationToken cancellation = default)
    {
        var partition = PartitionOf(tenant, endpoint);
        var page = await dynamo.QueryAsync(new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(partition) },
            ScanIndexForward = false,
            Limit = limit,
            ExclusiveStartKey = before is null ? null : Attr.Key(partition, before),
        }, cancellation).ConfigureAwait(false);
        var expired = clock.GetUtcNow() - Kept; // TTL deletes when it likes
        return (
            [.. (page.Items ?? []).Select(FromItem).Where(attempt => attempt.At > expired)],
            page.LastEvaluatedKey is { Count: > 0 } last ? last["sk"].S : null);
    }

    private static string PartitionOf(string tenant, string endpoint) => $"att#{tenant}#{endpoint}";

    private static string KeyOf(DateTimeOffset at, string eventId) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds():D15}#{eventId}");

    private static EndpointAttempt FromItem(Dictionary<string, AttributeValue> item) => new()
    {
        EventId = item["id"].S,
        Type = item["ty"].S,
        At = item.Moment("at")!.Value,
        Attempt = (int)item.Number("a")!.Value,
        Succeeded = item.Flag("ok"),
        Status = (int?)item.Number("st"),
        Error = item.Text("er"),
        Latency = TimeSpan.FromMilliseconds(item.Number("ms")!.Value),
        Body = item.Text("bo"),
        Next = item.Moment("nx"),
    };
}
