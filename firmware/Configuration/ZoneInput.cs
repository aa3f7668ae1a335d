namespace Gateway.Firmware.Configuration
{
    /// <summary>The inputs of the box that a zone can watch. The pins behind them are in Esp32/PinMap.cs.</summary>
    public static class ZoneInput
    {
        public const int None = 0;
        public const int Contact1 = 1;
        public const int Contact2 = 2;

        /// <summary>The first of four supervised loops; the others follow.</summary>
        public const int Loop1 = 3;

        public const int Loop4 = 6;

        /// <summary>None for a word that names no input.</summary>
        public static int Of(string word)
        {
            switch (word)
            {
                case "contact1": return Contact1;
                case "contact2": return Contact2;
                case "loop1": return Loop1;
                case "loop2": return Loop1 + 1;
                case "loop3": return Loop1 + 2;
                case "loop4": return Loop4;
                default: return None;
            }
        }

        public static bool IsLoop(int input)
        {
            return input >= Loop1;
        }

        /// <summary>The channel of IAnalog that a loop is on.</summary>
        public static int ChannelOf(int loop)
        {
            return loop - Loop1;
        }
    }
}
