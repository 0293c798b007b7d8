namespace Omni.Notifier;

/// <summary>When what an endpoint did not take is tried again.</summary>
internal static class RetrySteps
{
    /// <summary>How long an event is tried, from its first attempt on.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(72);

    private const double Jitter = 0.2;

    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(3),
        TimeSpan.FromHours(6), TimeSpan.FromHours(12),
    ];

    /// <summary>The wait after so many attempts, a fifth more or less: what failed together does not come back together.</summary>
    public static TimeSpan After(int attempts) =>
        Steps[Math.Min(attempts, Steps.Length) - 1] * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));

    /// <summary>When an event is tried next; null when it was tried long enough.</summary>
    public static DateTimeOffset? Next(DateTimeOffset firstAttemptAt, int attempts, DateTimeOffset now)
    {
        var (next, last) = (now + After(attempts), firstAttemptAt + Longest);
        return now >= last ? null : next < last ? next : last;
    }
}
