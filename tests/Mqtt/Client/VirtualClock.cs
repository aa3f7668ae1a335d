namespace Gateway.Mqtt.Tests.Client;

/// <summary>Time that moves when a test says so; timers run on the test's thread.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly List<VirtualTimer> timers = [];
    private long nowMs;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => Interlocked.Read(ref nowMs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (timers)
            timers.Add(timer);
        return timer;
    }

    public void Advance(int ms)
    {
        for (int i = 0; i < ms; i++)
        {
            long now = Interlocked.Increment(ref nowMs);
            VirtualTimer[] all;
            lock (timers)
                all = [.. timers];
            foreach (VirtualTimer timer in all)
                timer.RunIfDue(now);
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long dueMs = long.MaxValue;
        private long periodMs;

        public void RunIfDue(long now)
        {
            if (now < dueMs)
                return;
            dueMs = periodMs > 0 ? now + periodMs : long.MaxValue;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            dueMs = dueTime < TimeSpan.Zero ? long.MaxValue : clock.GetTimestamp() + (long)dueTime.TotalMilliseconds;
            periodMs = period <= TimeSpan.Zero ? 0 : (long)period.TotalMilliseconds;
            return true;
        }

        public void Dispose() => dueMs = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
