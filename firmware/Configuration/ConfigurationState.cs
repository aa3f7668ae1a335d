namespace Gateway.Firmware.Configuration
{
    /// <summary>What became of a configuration: the names of <c>state</c> in <c>config/reported</c>. The numbers are on flash: never change or reuse one.</summary>
    public static class ConfigurationState
    {
        public const int Applied = 1;
        public const int Trial = 2;
        public const int RolledBack = 3;

        /// <summary>Only told, never stored: it changed nothing.</summary>
        public const int Refused = 4;

        public static string Name(int state)
        {
            switch (state)
            {
                case Applied: return "applied";
                case Trial: return "trial";
                case RolledBack: return "rolledBack";
                default: return "refused";
            }
        }
    }

    /// <summary>Why a trial ended without success ([GW-43]). The numbers are on flash: never change or reuse one.</summary>
    public static class RollbackReason
    {
        public const int None = 0;
        public const int NotReached = 1;
        public const int Undelivered = 2;
        public const int Restarts = 3;

        public static string Name(int reason)
        {
            switch (reason)
            {
                case NotReached: return "not-reached";
                case Undelivered: return "undelivered";
                case Restarts: return "restarts";
                default: return "";
            }
        }
    }
}
