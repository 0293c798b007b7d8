namespace Omni.Simulators;

/// <summary>A token bucket's measure: so many units flow in each second, and at most so many lie ready.</summary>
public sealed record RateLimit(double PerSecond, double Burst);

/// <summary>One token bucket for each sender of an account.</summary>
internal sealed class SenderBuckets(RateLimit initial, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Tokens, long At)> _buckets = new(StringComparer.Ordinal);
    private RateLimit? _changed;

    /// <summary>Puts another measure in place; every sender starts with a full bucket.</summary>
    public void Use(RateLimit limit)
    {
        lock (_lock)
        {
            _changed = limit;
            _buckets.Clear();
        }
    }

    public void Reset() => Use(initial);

    public bool TryTake(string sender, int units)
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            var limit = _changed ?? initial;
            var (tokens, at) = _buckets.GetValueOrDefault(sender, (limit.Burst, now));
            tokens = Math.Min(limit.Burst, tokens + limit.PerSecond * clock.GetElapsedTime(at, now).TotalSeconds);

            // A message of more units than the bucket holds passes when the bucket is full; it could never pass otherwise.
            var passes = tokens >= Math.Min(units, limit.Burst);
            _buckets[sender] = (passes ? tokens - units : tokens, now);
            return passes;
        }
    }
}
