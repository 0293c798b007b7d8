using System.Collections.Concurrent;
using Amazon.DynamoDBv2;

namespace Omni.Aws;

/// <summary>What a sender asks of its rate: the segments of its messages, in the order in which they are to go.</summary>
/// <param name="Key">The limited thing: carrier, account and, where the rate is of each, sender.</param>
/// <param name="PerSecond">Its rate, in segments per second.</param>
/// <param name="Segments">The segments of each message.</param>
/// <param name="MaxAhead">How far ahead of now the slots may reach: nobody else waits longer for them.</param>
public sealed record SlotRequest(string Key, double PerSecond, IReadOnlyList<int> Segments, TimeSpan MaxAhead);

/// <summary>
/// One limiter for all senders: an item per limited thing holds the next free moment, and one conditional write reserves the slots of a whole batch. A slot
/// costs its segments. Nothing is held in memory but a guess of which of two conditions will hold.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class RateLimiter(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    private const string NextFree = "nx"; // microseconds since 1970: at 400 a second a slot is 2.5 ms

    private readonly ConcurrentDictionary<string, long> _lastKnown = new(StringComparer.Ordinal);

    /// <summary>Reserves a slot for each message, as far as they are allowed to reach. A message that alone reaches too far may go when the sender is idle.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>When each message may go, in order; those that are missing at the end have no slot.</returns>
    public async Task<IReadOnlyList<DateTimeOffset>> ReserveAsync(SlotRequest request, CancellationToken cancellation = default)
    {
        long[] costs = [.. request.Segments.Select(segments => (long)Math.Ceiling(segments * 1_000_000 / request.PerSecond))];
        var ahead = request.MaxAhead.Ticks / TimeSpan.TicksPerMicrosecond;
        var next = _lastKnown.GetValueOrDefault(request.Key);

        // Two ways that exclude each other: the sender is idle, or its next free moment lies ahead. A race can turn one into the other, so try a few times.
        for (var tries = 0; tries < 6; tries++)
        {
            var now = Micros(clock.GetUtcNow());
            var isIdle = next < now;
            var count = Fitting(costs, isIdle ? ahead : now + ahead - next);
            if (isIdle && count == 0) count = 1;
            if (count == 0) return [];

            var total = costs.Take(count).Sum();
            var update = Slot(request.Key);
            if (isIdle) update.Set(NextFree, Attr.N(now + total)).IfMissingOr(NextFree, "<", Attr.N(now));
            else update.Increment(NextFree, total).If(NextFree, ">=", Attr.N(now)).If(NextFree, "<=", Attr.N(now + ahead - total));

            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            _lastKnown[request.Key] = next = result.Item?.Number(NextFree) ?? 0;
            if (result.Done) return Slots(next - total, costs.AsSpan(0, count));
        }

        return [];
    }

    /// <summary>How many messages, from the first, cost no more than there is room for.</summary>
    private static int Fitting(long[] costs, long room)
    {
        var count = 0;
        while (count < costs.Length && (room -= costs[count]) >= 0) count++;
        return count;
    }

    private static DateTimeOffset[] Slots(long start, ReadOnlySpan<long> costs)
    {
        var slots = new DateTimeOffset[costs.Length];
        for (var i = 0; i < slots.Length; start += costs[i], i++) slots[i] = DateTimeOffset.UnixEpoch.AddMicroseconds(start);
        return slots;
    }

    /// <summary>Pauses a sender: no slot is given before a moment.</summary>
    /// <param name="key">The limited thing.</param>
    /// <param name="until">The moment.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task PauseAsync(string key, DateTimeOffset until, CancellationToken cancellation = default)
    {
        var micros = Micros(until);
        await Slot(key).Set(NextFree, Attr.N(micros)).IfMissingOr(NextFree, "<", Attr.N(micros)).WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        _lastKnown[key] = micros;
    }

    private ItemUpdate Slot(string key) =>
        new ItemUpdate(controlTable, "slot#" + key, "*").Set("ex", Attr.Expiry(clock.GetUtcNow() + TimeSpan.FromDays(2)));

    private static long Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
