using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.SegmentCodec;

namespace Omni.Aws;

/// <summary>A place in a lane of the log.</summary>
/// <param name="N">The number of the last segment that was read; 0 before the first.</param>
/// <param name="AsOf">
/// A moment at which that segment was the lane's last: when it was appended, or later, when nothing was found behind it. It tells whether
/// anything may have expired unread.
/// </param>
public readonly record struct LanePosition(long N, DateTimeOffset AsOf);

/// <summary>What was read of a lane.</summary>
/// <param name="Segments">The segments, in their order.</param>
/// <param name="Next">Where to read on.</param>
/// <param name="IsEnd">Whether there is nothing more to be read now.</param>
/// <param name="IsExpired">
/// Whether what followed on the position may be gone. Nothing is read then; <see cref="EventLog.EarliestAsync"/> tells where to go on.
/// </param>
public sealed record LaneRead(IReadOnlyList<EventSegment> Segments, LanePosition Next, bool IsEnd, bool IsExpired = false);

public sealed partial class EventLog
{
    /// <summary>How far clocks, and what is read inconsistently, may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private const string Head = "#sk, #at, #hi";

    private static Dictionary<string, string> HeadNames =>
        new() { ["#sk"] = Columns.Sk, ["#at"] = Columns.AppendedAt, ["#hi"] = Bound };

    /// <summary>
    /// Reads on in a lane. Ends before the first number that is missing, but for the one jump that a lane makes after a sleep.
    /// </summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="lane">The lane, from 0.</param>
    /// <param name="from">Behind which segment.</param>
    /// <param name="maxSegments">The most segments.</param>
    /// <param name="isConsistent">
    /// Whether what was appended just now must be seen, at twice the price: for who was told of it and is not told again.
    /// </param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<LaneRead> ReadAsync(
        string tenant, int lane, LanePosition from, int maxSegments, bool isConsistent = false, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var page = await dynamo.QueryAsync(
            Behind(KeyOf(tenant, lane), from.N, maxSegments, isConsistent), cancellation).ConfigureAwait(false);
        var segments = new List<EventSegment>();
        var next = from;
        foreach (var item in page.Items ?? [])
        {
            if (!item.ContainsKey(Columns.Events)) continue; // taken when the lane was started anew, and holds nothing
            if (!Follows(next, item))
            {
                var isExpired = segments.Count == 0 && (item.Flag(Columns.AfterSleep) || next.AsOf < now - Kept);
                return new(segments, next, IsEnd: true, isExpired);
            }

            var segment = Columns.Read(item);
            segments.Add(segment);
            next = new(segment.N, segment.AppendedAt);
        }

        var isEnd = page.LastEvaluatedKey is not { Count: > 0 };
        return new(segments, isEnd && next.AsOf < now ? next with { AsOf = now } : next, isEnd);
    }

    /// <summary>The end of a lane: what is appended from now on is behind it.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="lane">The lane, from 0.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<LanePosition> EndAsync(string tenant, int lane, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var next = await FindPlaceAsync(KeyOf(tenant, lane), cancellation).ConfigureAwait(false);
        return new(next.N - 1, now);
    }

    /// <summary>The place before everything that is still promised to be there.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="lane">The lane, from 0.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<LanePosition> EarliestAsync(string tenant, int lane, CancellationToken cancellation = default) =>
        FindAsync(tenant, lane, clock.GetUtcNow() - Kept, cancellation);

    /// <summary>The place before the first segment that was appended at a moment or later: the end when there is none.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="lane">The lane, from 0.</param>
    /// <param name="moment">The moment; before <see cref="Kept"/> ago there may be holes.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<LanePosition> FindAsync(string tenant, int lane, DateTimeOffset moment, CancellationToken cancellation = default)
    {
        var key = KeyOf(tenant, lane);
        var last = await LastAsync(key, cancellation).ConfigureAwait(false);
        if (last is null || IsBefore(last, moment)) return await EndAsync(tenant, lane, cancellation).ConfigureAwait(false);

        // Segments lie in the order of their time. What is sought is among the numbers above low up to high, or it is found.
        var found = last;
        for (var (low, high) = (0L, Columns.Number(last) - 1); low < high;)
        {
            var middle = low + ((high - low) / 2);
            var request = Behind(key, middle, 1, isConsistent: true);
            (request.ProjectionExpression, request.ExpressionAttributeNames) = (Head, HeadNames);
            var item = (await dynamo.QueryAsync(request, cancellation).ConfigureAwait(false)).Items is [var first] ? first : found;
            if (IsBefore(item, moment)) low = Columns.Number(item);
            else (found, high) = (item, middle);
        }

        return new(Columns.Number(found) - 1, found.Moment(Columns.AppendedAt)!.Value);
    }

    /// <summary>Whether nothing can have been between a place and a segment.</summary>
    private static bool Follows(LanePosition place, Dictionary<string, AttributeValue> segment)
    {
        var n = Columns.Number(segment);
        if (n == place.N + 1 || (place.N < First && n == First)) return true;

        // Before it ends a sleep nothing was appended for the time that events are kept.
        return segment.Flag(Columns.AfterSleep) && place.AsOf >= segment.Moment(Columns.AppendedAt) - Kept + Skew;
    }

    private static bool IsBefore(Dictionary<string, AttributeValue> segment, DateTimeOffset moment) =>
        segment.Moment(Columns.AppendedAt) is not { } at || at < moment;

    private QueryRequest Behind(string key, long n, int limit, bool isConsistent) => new()
    {
        TableName = table,
        KeyConditionExpression = "pk = :pk AND sk > :n",
        ExpressionAttributeValues = new() { [":pk"] = Attr.S(key), [":n"] = Attr.N(n) },
        Limit = limit,
        ConsistentRead = isConsistent,
    };
}
