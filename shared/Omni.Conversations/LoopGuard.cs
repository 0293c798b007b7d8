using Omni.Aws;
using Omni.Shared;

namespace Omni.Conversations;

/// <summary>
/// Notices that two machines talk to each other: the same text five times, or sixty messages, within ten minutes. Then there are no turns
/// for ten minutes.
/// </summary>
internal static class LoopGuard
{
    /// <summary>How often the same text is heard.</summary>
    public const int MaxSame = 5;

    /// <summary>How many messages are heard.</summary>
    public const int MaxTurns = 60;

    /// <summary>Within which time, and for how long there are no turns then.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(10);

    /// <summary>Hears one more message.</summary>
    /// <param name="heard">What was heard before.</param>
    /// <param name="text">Its text; null for none.</param>
    /// <param name="now">The time.</param>
    /// <returns>What was heard of late, and why it is a loop; null when it is none.</returns>
    public static (IReadOnlyList<HeardText> Heard, string? Loop) Hear(IReadOnlyList<HeardText> heard, string? text, DateTimeOffset now)
    {
        var hash = text is null ? 0 : 1 + Shards.Of(text.Trim().ToLowerInvariant(), int.MaxValue - 1);
        HeardText[] late = [.. heard.Where(one => one.At > now - Span), new(now, hash)];
        var loop = hash != 0 && late.Count(one => one.Text == hash) >= MaxSame ? "same text"
            : late.Length >= MaxTurns ? "too many messages"
            : null;
        return (late, loop);
    }
}
