namespace Omni.Testing.Simulation;

/// <summary>
/// A clock that goes on to the next timer as soon as nothing else is to be done: hours pass in seconds, and the same run takes the same
/// course. Whatever waits by it goes on inside <see cref="Run"/>, on one thread.
/// </summary>
public sealed class EventClock : TimeProvider
{
    private readonly PriorityQueue<EventTimer, (long At, long Order)> _timers = new();
    private long _ticks = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).Ticks;
    private long _order;
    private int _thread;

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);

    public override long GetTimestamp() => _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (_thread != 0 && Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("What waits by this clock went on elsewhere.");

        var timer = new EventTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass until something is so.</summary>
    /// <param name="until">What.</param>
    /// <param name="most">After how much time to give up.</param>
    public void Run(Func<bool> until, TimeSpan most)
    {
        var end = _ticks + most.Ticks;
        _thread = Environment.CurrentManagedThreadId;
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // with one, what waited would go on elsewhere
        try
        {
            while (!until())
            {
                if (!_timers.TryDequeue(out var timer, out var key)) throw new InvalidOperationException("Nothing will ever happen again.");
                if (key.At > end) throw new TimeoutException($"It is not so after {most}.");
                if (!timer.IsDue(key.Order)) continue;

                _ticks = Math.Max(_ticks, key.At);
                timer.Fire();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private sealed class EventTimer(EventClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _planned = -1;

        public bool IsDue(long order) => _planned == order;

        public void Fire()
        {
            _planned = -1;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero) throw new NotSupportedException("Timers fire once.");

            _planned = -1;
            if (dueTime == Timeout.InfiniteTimeSpan) return true;

            _planned = ++clock._order;
            clock._timers.Enqueue(this, (clock._ticks + Math.Max(0, dueTime.Ticks), _planned));
            return true;
        }

        public void Dispose() => _planned = -1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
