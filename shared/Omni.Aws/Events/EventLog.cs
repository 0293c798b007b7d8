using System.Collections.Concurrent;
using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.SegmentCodec;

namespace Omni.Aws;

/// <summary>
/// The log of what clients are told of: for each tenant a few lanes, each a line of numbered segments. An append is one conditional put
/// behind the last segment, so a lane has no gaps, and whoever sees a segment has seen all before it.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The table's name.</param>
/// <param name="clock">The time.</param>
public sealed partial class EventLog(IAmazonDynamoDB dynamo, string table, TimeProvider clock)
{
    /// <summary>How long events are promised to be there. A lane without a segment for so long sleeps.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>
    /// How long an event stands in the table: a day more than promised, for the clocks of those who append may differ, and what is read
    /// now is read to its end.
    /// </summary>
    public static readonly TimeSpan Lifetime = Kept + TimeSpan.FromDays(1);

    /// <summary>So long after an append of its own a process takes its number for the lane's last, without asking.</summary>
    private static readonly TimeSpan TailKept = TimeSpan.FromMilliseconds(50);

    private const int MaxTails = 10_000;

    /// <summary>
    /// The item of number 0 holds a bound above all numbers of the lane, and never expires. It is raised in steps, so it costs next to
    /// nothing. A lane whose segments may have expired goes on at the bound.
    /// </summary>
    private const long Step = 1000;

    private const string Bound = "hi";

    /// <summary>The number of a lane's first segment.</summary>
    internal const long First = Step;

    /// <summary>
    /// How often an append is tried. Each time that it loses, another has won; nobody loses so often.
    /// </summary>
    private const int MaxTries = 100;

    private readonly ConcurrentDictionary<string, (long N, long At)> _tails = new(StringComparer.Ordinal);

    /// <summary>Appends events to a lane, in their order. Only the recorder does.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="lane">The lane, from 0.</param>
    /// <param name="events">The events.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The segments that hold them.</returns>
    public async Task<IReadOnlyList<EventSegment>> AppendAsync(
        string tenant, int lane, IReadOnlyList<ClientEvent> events, CancellationToken cancellation = default)
    {
        var segments = new List<EventSegment>();
        foreach (var (piece, packed) in Columns.Pack(events.ToArray()))
        {
            var (n, at) = await AppendAsync(KeyOf(tenant, lane), packed, cancellation).ConfigureAwait(false);
            segments.Add(new(n, at, piece.ToArray()));
        }

        return segments;
    }

    private async Task<(long N, DateTimeOffset At)> AppendAsync(string key, byte[] packed, CancellationToken cancellation)
    {
        var writer = Guid.NewGuid().ToString("N");
        var place = _tails.TryGetValue(key, out var tail) && clock.GetElapsedTime(tail.At) < TailKept
            ? new Place(tail.N + 1)
            : await FindPlaceAsync(key, cancellation).ConfigureAwait(false);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var now = clock.GetUtcNow();
            var item = ItemKey(key, place.N);
            item[Columns.Events] = new() { B = new(packed) };
            item[Columns.AppendedAt] = Attr.Time(now);
            item[Columns.Writer] = Attr.S(writer);
            item[Columns.Expires] = Attr.Expiry(now + Lifetime);
            if (place.Start is { } start
                ? await TryStartAsync(key, item, start, place.N, now, cancellation).ConfigureAwait(false)
                : await TryPutAsync(key, item, place.N, writer, cancellation).ConfigureAwait(false))
            {
                if (_tails.Count >= MaxTails) _tails.Clear();
                _tails[key] = (place.N, clock.GetTimestamp());
                return (place.N, now);
            }

            // Asked anew, never tried number by number: a put that fails is billed as well.
            place = await FindPlaceAsync(key, cancellation).ConfigureAwait(false);
        }

        throw new InvalidOperationException("The lane grows faster than anybody can append to it.");
    }

    /// <summary>Puts the segment behind the last one.</summary>
    /// <returns>Whether it is there.</returns>
    private async Task<bool> TryPutAsync(
        string key, Dictionary<string, AttributeValue> item, long n, string writer, CancellationToken cancellation)
    {
        if (n % Step == 0) await RaiseBoundAsync(key, n + Step, cancellation).ConfigureAwait(false);

        try
        {
            await dynamo.PutItemAsync(new PutItemRequest
            {
                TableName = table,
                Item = item,
                ConditionExpression = "attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
            }, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException taken)
        {
            // By ourselves, if the client repeated a put whose answer was lost.
            return taken.Item?.Text(Columns.Writer) == writer;
        }
        catch (TransactionConflictException)
        {
            return false;
        }
    }

    /// <summary>
    /// Puts the segment where an empty or sleeping lane goes on: one transaction with the bound, so that of several who start only one
    /// does. The number behind a last segment that is old is taken as well: who still thinks of appending there must look again.
    /// </summary>
    /// <returns>Whether it is there.</returns>
    private async Task<bool> TryStartAsync(
        string key, Dictionary<string, AttributeValue> item, Start start, long n, DateTimeOffset now, CancellationToken cancellation)
    {
        item[Columns.AfterSleep] = Attr.True;
        var values = new Dictionary<string, AttributeValue> { [":hi"] = Attr.N(n + Step) };
        if (start.Bound is { } bound) values[":was"] = Attr.N(bound);
        List<TransactWriteItem> writes =
        [
            new()
            {
                Update = new()
                {
                    TableName = table,
                    Key = ItemKey(key, 0),
                    UpdateExpression = "SET #hi = :hi",
                    ConditionExpression = start.Bound is null ? "attribute_not_exists(#hi)" : "#hi = :was",
                    ExpressionAttributeNames = new() { ["#hi"] = Bound },
                    ExpressionAttributeValues = values,
                },
            },
            PutNew(item),
        ];
        if (start.OldTail is { } old && old + 1 < n)
        {
            var closed = ItemKey(key, old + 1);
            closed[Columns.AppendedAt] = Attr.Time(now);
            closed[Columns.Expires] = Attr.Expiry(now + Lifetime);
            writes.Add(PutNew(closed));
        }

        try
        {
            await dynamo.TransactWriteItemsAsync(new TransactWriteItemsRequest { TransactItems = writes }, cancellation)
                .ConfigureAwait(false);
            return true;
        }
        catch (TransactionCanceledException lost) when (lost.CancellationReasons.Any(
            reason => reason.Code is "ConditionalCheckFailed" or "TransactionConflict"))
        {
            return false;
        }
    }

    private TransactWriteItem PutNew(Dictionary<string, AttributeValue> item) =>
        new() { Put = new() { TableName = table, Item = item, ConditionExpression = "attribute_not_exists(pk)" } };

    /// <summary>Where the next segment goes.</summary>
    private async Task<Place> FindPlaceAsync(string key, CancellationToken cancellation)
    {
        var last = await LastAsync(key, cancellation).ConfigureAwait(false);
        if (IsAwake(last)) return new(Columns.Number(last!) + 1);

        // Nothing, or nothing young: segments expire in any order, so an old one may have had others behind it. The bound is read before
        // the lane is looked at once more: what was started in between is seen here, what is started later changes the bound.
        var bound = (await ReadBoundAsync(key, cancellation).ConfigureAwait(false)).Number(Bound);
        last = await LastAsync(key, cancellation).ConfigureAwait(false);
        if (IsAwake(last)) return new(Columns.Number(last!) + 1);

        return new(bound ?? First, new(bound, last is not null && Columns.Number(last) is > 0 and var old ? old : null));
    }

    private async Task<Dictionary<string, AttributeValue>?> LastAsync(string key, CancellationToken cancellation)
    {
        var page = await dynamo.QueryAsync(new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(key) },
            ProjectionExpression = Head,
            ExpressionAttributeNames = HeadNames,
            ScanIndexForward = false,
            Limit = 1,
            ConsistentRead = true,
        }, cancellation).ConfigureAwait(false);
        return page.Items is [var last] ? last : null;
    }

    private async Task<Dictionary<string, AttributeValue>> ReadBoundAsync(string key, CancellationToken cancellation) =>
        (await dynamo.GetItemAsync(
            new GetItemRequest { TableName = table, Key = ItemKey(key, 0), ConsistentRead = true },
            cancellation).ConfigureAwait(false)).Item ?? [];

    private async Task RaiseBoundAsync(string key, long bound, CancellationToken cancellation)
    {
        try
        {
            await dynamo.UpdateItemAsync(new UpdateItemRequest
            {
                TableName = table,
                Key = ItemKey(key, 0),
                UpdateExpression = "SET #hi = :hi",
                ConditionExpression = "attribute_not_exists(#hi) OR #hi < :hi",
                ExpressionAttributeNames = new() { ["#hi"] = Bound },
                ExpressionAttributeValues = new() { [":hi"] = Attr.N(bound) },
            }, cancellation).ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException)
        {
            // Another was here first, for the same number or a later one.
        }
    }

    private bool IsAwake(Dictionary<string, AttributeValue>? last) =>
        last?.Moment(Columns.AppendedAt) is { } at && at >= clock.GetUtcNow() - Kept;

    private static string KeyOf(string tenant, int lane) => string.Create(CultureInfo.InvariantCulture, $"{tenant}#{lane}");

    private static Dictionary<string, AttributeValue> ItemKey(string key, long n) =>
        new() { [Columns.Pk] = Attr.S(key), [Columns.Sk] = Attr.N(n) };

    /// <param name="N">The number.</param>
    /// <param name="Start">How the lane is started there; null when it is awake.</param>
    private readonly record struct Place(long N, Start? Start = null);

    /// <param name="Bound">The bound as it was read; null for a lane that was never used.</param>
    /// <param name="OldTail">A segment that is left from before the sleep, behind all others that are; null for none.</param>
    private readonly record struct Start(long? Bound, long? OldTail);
}
