namespace Gateway.Hub.Tests.Support;

/// <summary>A time provider that stands still until it is told: wall clock and monotonic clock apart, so that a test can make the wall clock jump.</summary>
internal sealed class TestTime : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<TestTimer> _timers = [];
    private TimeSpan _elapsed;
    private TimeSpan _wallOffset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return Start + _elapsed + _wallOffset;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    /// <summary>Until the next timer is due; null when nobody waits for time.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _timers.Where(timer => timer.DueAt < TimeSpan.MaxValue).Min(timer => (TimeSpan?)timer.DueAt) - _elapsed;
            }
        }
    }

    /// <summary>Lets time pass; timers that come due fire on this thread, each once.</summary>
    public void Advance(TimeSpan by)
    {
        List<TestTimer> due;
        lock (_gate)
        {
            _elapsed += by;
            due = _timers.Where(timer => timer.IsDue(_elapsed)).ToList();
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    public void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Moves the wall clock alone, as a person or NTP would.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _wallOffset += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new TestTimer(this, callback, state, _elapsed + dueTime, period);
            _timers.Add(timer);
            return timer;
        }
    }

    private sealed class TestTimer(TestTime owner, TimerCallback callback, object? state, TimeSpan dueAt, TimeSpan period) : ITimer
    {
        public TimeSpan DueAt { get; private set; } = dueAt;

        public bool IsDue(TimeSpan elapsed)
        {
            if (DueAt > elapsed)
            {
                return false;
            }

            DueAt = period > TimeSpan.Zero ? elapsed + period : TimeSpan.MaxValue;
            return true;
        }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (owner._gate)
            {
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : owner._elapsed + dueTime;
                return true;
            }
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
