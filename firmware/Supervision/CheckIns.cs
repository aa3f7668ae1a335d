namespace Gateway.Firmware.Supervision
{
    /// <summary>When each loop was last seen alive, and how long it may be silent. Shared by all threads; nothing in here blocks.</summary>
    public sealed class CheckIns
    {
        private readonly object _gate = new object();
        private readonly long[] _seenMs = new long[LoopId.Max + 1];
        private readonly int[] _limitMs = new int[LoopId.Max + 1];

        /// <summary>From now on this loop must check in at least every <paramref name="limitMs"/>.</summary>
        public void Watch(int loop, int limitMs, long nowMs)
        {
            lock (_gate)
            {
                _limitMs[loop] = limitMs;
                _seenMs[loop] = nowMs;
            }
        }

        /// <summary>The loop is alive.</summary>
        public void Seen(int loop, long nowMs)
        {
            lock (_gate)
            {
                _seenMs[loop] = nowMs;
            }
        }

        /// <summary>The first loop that has been silent for longer than it may; 0 when there is none.</summary>
        public int Stuck(long nowMs)
        {
            lock (_gate)
            {
                for (int loop = 1; loop <= LoopId.Max; loop++)
                {
                    if (_limitMs[loop] != 0 && nowMs - _seenMs[loop] > _limitMs[loop])
                    {
                        return loop;
                    }
                }
            }

            return 0;
        }
    }
}
