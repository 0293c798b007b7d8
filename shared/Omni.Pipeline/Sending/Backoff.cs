namespace Omni.Pipeline;

/// <summary>Waits before another try.</summary>
internal static class Backoff
{
    /// <summary>Full jitter: anything from zero to a bound that doubles with each try, so that what failed together does not come back together.</summary>
    /// <param name="options">The bounds.</param>
    /// <param name="tries">How many tries there were, from 1.</param>
    public static TimeSpan FullJitter(SenderOptions options, int tries)
    {
        var bound = Math.Min(options.BackoffCap.TotalSeconds, options.BackoffBase.TotalSeconds * Math.Pow(2, Math.Min(tries, 20) - 1));
        return TimeSpan.FromSeconds(Random.Shared.NextDouble() * bound);
    }
}
