using System.Collections.Concurrent;
using Amazon.DynamoDBv2;

namespace Omni.Aws;

/// <summary>What a sender asks of its rate: the segments of its messages, in the order in which they are to go.</summary>
/// <param name="Key">The limited thing: carrier, account and sender.</param>
/// <param name="PerSecond">Its rate, in segments per second.</param>
/// <param name="Segments">The segments of each message.</param>
/// <param name="MaxAhead">How far ahead of now a slot may lie.</param>
public sealed record SlotRequest(string Key, double PerSecond, IReadOnlyList<int> Segments, TimeSpan MaxAhead);

/// <summary>
/// One limiter for all senders: an item per sender holds the next free moment, and one conditional write reserves the slots of a whole batch. A slot
/// costs its segments. Nothing is held in memory but a guess of which of two conditions will hold.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class RateLimiter(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    private const string NextFree = "nx"; // microseconds since 1970: at 400 a second a slot is 2.5 ms

    private readonly ConcurrentDictionary<string, long> _lastKnown = new(StringComparer.Ordinal);

    /// <summary>Reserves one slot for each message.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>When each message may go; null when the first free moment is further ahead than allowed: nothing was reserved.</returns>
    public async Task<IReadOnlyList<DateTimeOffset>?> ReserveAsync(SlotRequest request, CancellationToken cancellation = default)
    {
        long Cost(int segments) => (long)Math.Ceiling(segments * 1_000_000 / request.PerSecond);
        var total = request.Segments.Sum(Cost);
        var isIdle = !(_lastKnown.TryGetValue(request.Key, out var last) && last > Micros(clock.GetUtcNow()));

        // Two ways that exclude each other: the sender is idle, or its next free moment lies ahead. A race can turn one into the other, so try a few times.
        for (var tries = 0; tries < 6; tries++)
        {
            var now = Micros(clock.GetUtcNow());
            var update = Slot(request.Key);
            if (isIdle) update.Set(NextFree, Attr.N(now + total)).IfMissingOr(NextFree, "<", Attr.N(now));
            else update.Increment(NextFree, total).If(NextFree, ">=", Attr.N(now)).If(NextFree, "<=", Attr.N(now + ((long)request.MaxAhead.TotalMilliseconds * 1000)));

            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            var next = result.Item?.Number(NextFree) ?? 0;
            _lastKnown[request.Key] = next;
            if (result.Done)
            {
                var slots = new DateTimeOffset[request.Segments.Count];
                var start = next - total;
                for (var i = 0; i < slots.Length; start += Cost(request.Segments[i]), i++) slots[i] = DateTimeOffset.UnixEpoch.AddMicroseconds(start);
                return slots;
            }

            if (next - now > request.MaxAhead.TotalMilliseconds * 1000) return null;
            isIdle = next < now;
        }

        return null;
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
