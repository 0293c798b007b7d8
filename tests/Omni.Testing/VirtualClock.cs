using Microsoft.Extensions.Time.Testing;

namespace Omni.Testing;

/// <summary>
/// A clock on which every wait ends at once: a timer moves the time on to its moment. Nobody sleeps, and what waited has waited.
/// </summary>
public sealed class VirtualClock() : FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero) Advance(dueTime);
        return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
