namespace Gateway.Firmware.Journal
{
    /// <summary>The state a record reports. The numbers are on flash: never change or reuse one (JOURNAL.md).</summary>
    public static class SignalState
    {
        public const int Alarm = 1;
        public const int Normal = 2;
        public const int Open = 3;
        public const int Short = 4;
        public const int Low = 5;
        public const int Critical = 6;

        public const int Max = 6;

        /// <summary>The name in PROTOCOL.md.</summary>
        public static string Name(int state)
        {
            switch (state)
            {
                case Alarm: return "alarm";
                case Normal: return "normal";
                case Open: return "open";
                case Short: return "short";
                case Low: return "low";
                default: return "critical";
            }
        }
    }
}
