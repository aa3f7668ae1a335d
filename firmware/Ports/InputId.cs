namespace Gateway.Firmware.Ports
{
    /// <summary>Numbers of the digital inputs of the box. The pin behind each is in Esp32/PinMap.cs.</summary>
    public static class InputId
    {
        public const int Help = 0;
        public const int Silent = 1;
        public const int Cancel = 2;
        public const int ResetKey = 3;
        public const int Contact1 = 4;
        public const int Contact2 = 5;
        public const int Tamper = 6;
        public const int PatrolKey = 7;

        /// <summary>Asserted means that mains is present.</summary>
        public const int MainsPresent = 8;

        public const int Count = 9;
    }
}
