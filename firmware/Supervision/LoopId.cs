namespace Gateway.Firmware.Supervision
{
    /// <summary>The loops that must check in, one per thread of ours. The numbers are on flash (JOURNAL.md): never change or reuse one.</summary>
    public static class LoopId
    {
        /// <summary>Steps the core: inputs, journal, lamps.</summary>
        public const int Main = 1;

        /// <summary>The link's worker: connect, subscribe, close.</summary>
        public const int Link = 2;

        /// <summary>Looks at the others; the main loop looks at it.</summary>
        public const int Watchdog = 3;

        public const int Max = 3;

        /// <summary>The fault that says, after the restart, that this loop had stood still.</summary>
        public static int FaultOf(int loop)
        {
            switch (loop)
            {
                case Main: return FaultId.StuckMain;
                case Link: return FaultId.StuckLink;
                default: return FaultId.StuckWatchdog;
            }
        }
    }
}
