using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// When to try to connect again: 1 s, doubled up to 30 s, each drawn evenly from half of it to all of it, so that a thousand boards do
    /// not come back at once. With a call waiting never more than 5 s, and a new call tries at once (at most one try per second).
    /// </summary>
    public sealed class Backoff
    {
        public const int FirstMs = 1000;
        public const int MaxMs = 30000;
        public const int MaxWithCallMs = 5000;
        public const int SpacingMsMin = 1000;

        private readonly IRandom _random;
        private readonly byte[] _draw = new byte[2];
        private int _delayMs = FirstMs;
        private long _attemptMs = -SpacingMsMin;
        private long _dueMs;

        public Backoff(IRandom random)
        {
            _random = random;
        }

        /// <summary>When the next attempt is due; 0 at boot.</summary>
        public long DueMs
        {
            get { return _dueMs; }
        }

        public void Attempted(long nowMs)
        {
            _attemptMs = nowMs;
        }

        public void Failed(long nowMs, bool callWaits)
        {
            int limit = callWaits ? MaxWithCallMs : MaxMs;
            int delay = _delayMs < limit ? _delayMs : limit;
            _dueMs = nowMs + Jittered(delay);
            _delayMs = _delayMs >= MaxMs / 2 ? MaxMs : _delayMs * 2;
        }

        public void Succeeded()
        {
            _delayMs = FirstMs;
        }

        /// <summary>Another address: what failed before says nothing about it.</summary>
        public void Restart(long nowMs)
        {
            _delayMs = FirstMs;
            long soonest = _attemptMs + SpacingMsMin;
            _dueMs = soonest > nowMs ? soonest : nowMs;
        }

        /// <summary>A call waits: try as soon as the spacing allows.</summary>
        public void Hurry(long nowMs)
        {
            long soonest = _attemptMs + SpacingMsMin;
            long due = soonest > nowMs ? soonest : nowMs;
            if (due < _dueMs)
            {
                _dueMs = due;
            }
        }

        /// <summary>Evenly from half of <paramref name="delayMs"/> to all of it.</summary>
        public int Jittered(int delayMs)
        {
            _random.Fill(_draw);
            int draw = _draw[0] | (_draw[1] << 8);
            return (delayMs / 2) + (int)((long)delayMs * draw / 2 / 65536);
        }
    }
}
