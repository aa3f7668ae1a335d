namespace Gateway.Firmware
{
    /// <summary>
    /// Which zones are under test, each until a time of the monotonic clock: it ends by itself, and with a reboot. A help or silent press
    /// is a test only when its very zone was named: "all" (zone 0) means all sensors.
    /// </summary>
    public sealed class TestMode
    {
        public const int ZonesMax = 32;

        private readonly long[] _untilMs = new long[ZonesMax + 1];

        /// <param name="zone">1..32, or 0 for all sensors of the board.</param>
        /// <param name="untilMs">A time that has passed ends the test.</param>
        public void Set(int zone, long untilMs)
        {
            _untilMs[zone] = untilMs;
        }

        public bool IsSensorUnderTest(int zone, long nowMs)
        {
            return nowMs < _untilMs[0] || nowMs < _untilMs[zone];
        }

        /// <summary>For help and silent: only when that very button is under test.</summary>
        public bool IsButtonUnderTest(int zone, long nowMs)
        {
            return nowMs < _untilMs[zone];
        }

        /// <summary>When the next test ends; long.MaxValue when none is on, ms.</summary>
        public long EndsMs(long nowMs)
        {
            long ends = long.MaxValue;
            for (int i = 0; i <= ZonesMax; i++)
            {
                if (nowMs < _untilMs[i] && _untilMs[i] < ends)
                {
                    ends = _untilMs[i];
                }
            }

            return ends;
        }
    }
}
