using System.Collections.Concurrent;

namespace Omni.Aws;

/// <summary>What was read within a while: those who ask at once in one process share a read, and one that failed is not kept.</summary>
/// <param name="clock">The time.</param>
/// <param name="kept">For how long a read is good.</param>
/// <param name="read">Reads.</param>
internal sealed class Glances<TKey, T>(TimeProvider clock, TimeSpan kept, Func<TKey, Task<T>> read) where TKey : notnull
{
    private const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<TKey, (Task<T> Look, DateTimeOffset Until)> _kept = [];

    /// <summary>Something as it was within the while.</summary>
    public Task<T> GetAsync(TKey key)
    {
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(key, out var known) && known.Until > now && !known.Look.IsFaulted && !known.Look.IsCanceled)
            return known.Look;

        var look = read(key);
        if (_kept.Count >= MaxKept) _kept.Clear();
        _kept[key] = (look, now + kept);
        return look;
    }

    /// <summary>Forgets something that this process has changed.</summary>
    public void Forget(TKey key) => _kept.TryRemove(key, out _);
}
