using System.Collections.Concurrent;

namespace Omni.Aws;

/// <summary>
/// How many calls each key of the API may make: so many a second, and so many at once after a pause. The lines of the limiter count them,
/// a block at a time: a process that was given a block makes that many calls without asking again, and one that was refused asks no more
/// until a block may be there. So calls are counted when blocks are given, and a process keeps what is left of one: together processes may
/// make that much more at once.
/// </summary>
/// <param name="limiter">The lines.</param>
/// <param name="clock">The time.</param>
/// <param name="perSecond">Calls a second.</param>
/// <param name="burst">Calls at once.</param>
public sealed class CallBudget(RateLimiter limiter, TimeProvider clock, double perSecond, int burst)
{
    /// <summary>Whose the lines are: no carrier is called so.</summary>
    private const string Owner = "api";

    /// <summary>So much of a second's calls, and of those at once, is given as a block.</summary>
    private const double Share = 0.2;

    private const int MaxKeys = 10_000;

    private readonly ConcurrentDictionary<string, Lease> _leases = new(StringComparer.Ordinal);

    private int Block { get; } = Math.Max(1, (int)Math.Min(Share * perSecond, Share * burst));

    /// <summary>Takes one call.</summary>
    /// <param name="keyId">Whose.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Null when it may be made; otherwise how long to wait before the next try.</returns>
    public async Task<TimeSpan?> TakeAsync(string keyId, CancellationToken cancellation = default)
    {
        if (_leases.Count >= MaxKeys) _leases.Clear();
        var lease = _leases.GetOrAdd(keyId, static _ => new());
        while (!lease.TryTake())
        {
            var now = clock.GetUtcNow();
            if (lease.RefusedUntil > now) return lease.RefusedUntil - now;

            await lease.Renewing.JoinAsync(() => RenewAsync(keyId, lease, cancellation)).ConfigureAwait(false);
        }

        return null;
    }

    private async Task RenewAsync(string keyId, Lease lease, CancellationToken cancellation)
    {
        // The limiter keeps a little below its rate, because a carrier's clock is not its own; here both are.
        var line = new RateKey(Owner, keyId, perSecond / RateLine.Headroom);
        var given = await limiter.ReserveAsync(line, [Block], TimeSpan.FromSeconds(burst / perSecond), cancellation).ConfigureAwait(false);
        if (given.Count > 0) lease.Add(Block);
        else lease.RefusedUntil = clock.GetUtcNow() + TimeSpan.FromSeconds(Block / perSecond);
    }

    /// <summary>What a process has left of a key's calls.</summary>
    private sealed class Lease
    {
        private int _left;

        public JoinedWork Renewing { get; } = new();

        public DateTimeOffset RefusedUntil { get; set; }

        public bool TryTake()
        {
            if (Interlocked.Decrement(ref _left) >= 0) return true;

            Interlocked.Increment(ref _left);
            return false;
        }

        public void Add(int count) => Interlocked.Add(ref _left, count);
    }
}
