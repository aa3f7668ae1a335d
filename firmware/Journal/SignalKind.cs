namespace Gateway.Firmware.Journal
{
    /// <summary>What a record is about. The numbers are on flash: never change or reuse one (JOURNAL.md).</summary>
    public static class SignalKind
    {
        public const int Help = 1;
        public const int Silent = 2;
        public const int Cancel = 3;
        public const int Reset = 4;
        public const int Smoke = 5;
        public const int Gas = 6;
        public const int Door = 7;
        public const int Pen = 8;
        public const int Water = 9;
        public const int Tamper = 10;
        public const int Mains = 11;
        public const int Battery = 12;
        public const int Patrol = 13;
        public const int Fault = 14;
        public const int Restart = 15;

        /// <summary>Any other contact.</summary>
        public const int Sensor = 16;

        /// <summary>A key silenced what the hub made this board sound.</summary>
        public const int Acknowledge = 17;

        public const int Max = 17;

        /// <summary>The name in PROTOCOL.md.</summary>
        public static string Name(int kind)
        {
            switch (kind)
            {
                case Help: return "help";
                case Silent: return "silent";
                case Cancel: return "cancel";
                case Reset: return "reset";
                case Smoke: return "smoke";
                case Gas: return "gas";
                case Door: return "door";
                case Pen: return "pen";
                case Water: return "water";
                case Tamper: return "tamper";
                case Mains: return "mains";
                case Battery: return "battery";
                case Patrol: return "patrol";
                case Fault: return "fault";
                case Sensor: return "sensor";
                case Acknowledge: return "acknowledge";
                default: return "restart";
            }
        }
    }
}
