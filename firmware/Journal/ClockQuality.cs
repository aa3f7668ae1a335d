namespace Gateway.Firmware.Journal
{
    /// <summary>Where a time of day came from (PROTOCOL.md, section 4). The numbers are on flash.</summary>
    public static class ClockQuality
    {
        /// <summary>Nowhere: the time is 0.</summary>
        public const int None = 0;

        /// <summary>From the hub's time in a receipt.</summary>
        public const int Estimated = 1;

        /// <summary>From SNTP in this boot.</summary>
        public const int Synced = 2;

        public static string Name(int quality)
        {
            switch (quality)
            {
                case Synced: return "synced";
                case Estimated: return "estimated";
                default: return "none";
            }
        }
    }
}
