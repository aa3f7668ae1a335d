namespace Gateway.Firmware.Supervision
{
    /// <summary>
    /// Why the board started. The runtime does not tell (no API for the reset reason), so it is inferred: an orderly or a supervised
    /// restart leaves a marker in the state file; without one it was the power, or a crash when the boots before were short too.
    /// </summary>
    public static class RestartReason
    {
        public const int Power = 0;
        public const int Orderly = 1;
        public const int Watchdog = 2;
        public const int Crash = 3;
        public const int Unknown = 4;

        /// <summary>The name in PROTOCOL.md, section 5.</summary>
        public static string Name(int reason)
        {
            switch (reason)
            {
                case Power: return "power";
                case Orderly: return "orderly";
                case Watchdog: return "watchdog";
                case Crash: return "crash";
                default: return "unknown";
            }
        }
    }
}
