namespace Gateway.Firmware.Supervision
{
    /// <summary>
    /// When each loop was last seen alive, and how long it may be silent. Shared by threads without a lock: each time has one writer, and is written whole
    /// (on the board by one instruction of the one interpreter, on the desktop by a 64-bit store); a reader that sees the one before is a moment late.
    /// </summary>
    public sealed class CheckIns
    {
        private readonly long[] _seenMs = new long[LoopId.Max + 1];
        private readonly int[] _limitMs = new int[LoopId.Max + 1];

        /// <summary>From now on this loop must check in at least every <paramref name="limitMs"/>.</summary>
        public void Watch(int loop, int limitMs, long nowMs)
        {
            _seenMs[loop] = nowMs;
            _limitMs[loop] = limitMs;
        }

        /// <summary>The loop is alive.</summary>
        public void Seen(int loop, long nowMs)
        {
            _seenMs[loop] = nowMs;
        }

        /// <summary>The first loop that has been silent for longer than it may; 0 when there is none.</summary>
        public int Stuck(long nowMs)
        {
            for (int loop = 1; loop <= LoopId.Max; loop++)
            {
                if (_limitMs[loop] != 0 && nowMs - _seenMs[loop] > _limitMs[loop])
                {
                    return loop;
                }
            }

            return 0;
        }
    }
}
