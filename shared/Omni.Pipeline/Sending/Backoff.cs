namespace Omni.Pipeline;

/// <summary>Waits before another try.</summary>
internal static class Backoff
{
    /// <summary>
    /// Full jitter: anything from zero to a bound that doubles with each try, so that what failed together does not come back together.
    /// </summary>
    /// <param name="options">The bounds.</param>
    /// <param name="tries">How many tries there were, from 1.</param>
    public static TimeSpan FullJitter(SenderOptions options, int tries)
    {
        var bound = Math.Min(options.BackoffCap.TotalSeconds, options.BackoffBase.TotalSeconds * Math.Pow(2, Math.Min(tries, 20) - 1));
        return TimeSpan.FromSeconds(Random.Shared.NextDouble() * bound);
    }

    /// <summary>
    /// The wait of what finds its sender's rate taken: jitter, so that what waits together does not come back together. It stays short for
    /// the first ten deliveries, then it grows with each: a campaign of hours must neither circle thousands of times nor reach the queue's
    /// bound on deliveries.
    /// </summary>
    /// <param name="deliveries">How often the record was delivered, from 1.</param>
    public static TimeSpan Crowded(int deliveries) => TimeSpan.FromSeconds(
        deliveries <= 10 ? 1 + (Random.Shared.NextDouble() * 2) : 2 + (Random.Shared.NextDouble() * Math.Min(300, 8 * deliveries)));

    /// <summary>
    /// The wait of what comes from a paused sender: seconds at first, minutes in the end, so that the longest life of a message, three
    /// days, passes in less than the thousand deliveries that the queue allows.
    /// </summary>
    /// <param name="deliveries">How often the record was delivered, from 1.</param>
    public static TimeSpan Paused(int deliveries) =>
        TimeSpan.FromSeconds(Math.Min(300, 15 * deliveries) * (0.8 + (0.2 * Random.Shared.NextDouble())));
}
