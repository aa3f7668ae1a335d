namespace Gateway.Firmware.Journal
{
    /// <summary>The lanes of PROTOCOL.md, section 4: two journals, and the one that lives in RAM only.</summary>
    public static class LaneId
    {
        public const int Call = 0;
        public const int Event = 1;
        public const int Volatile = 2;
        public const int Count = 3;

        public static string Name(int lane)
        {
            switch (lane)
            {
                case Call: return "call";
                case Event: return "event";
                default: return "volatile";
            }
        }
    }
}
