namespace Gateway.Firmware.Ports
{
    /// <summary>Numbers of the outputs that the presser sees and hears. The pin behind each is in Esp32/PinMap.cs.</summary>
    public static class IndicatorId
    {
        /// <summary>Red: your press is written down here (journalled).</summary>
        public const int Journalled = 0;

        /// <summary>Yellow: the station's hub has committed it.</summary>
        public const int Received = 1;

        /// <summary>Blue: a person in the command room has accepted it.</summary>
        public const int Accepted = 2;

        /// <summary>Green: help is on its way (slow blink: sent; steady: confirmed; double blink: there).</summary>
        public const int OnTheWay = 3;

        /// <summary>White: steady when link and mains are good, patterns for faults (hardware/ has the fault table).</summary>
        public const int Health = 4;

        public const int Buzzer = 5;

        /// <summary>Relay for a local siren; off unless the configuration allows it. Never for a silent call (I7).</summary>
        public const int Siren = 6;

        public const int Count = 7;
    }
}
