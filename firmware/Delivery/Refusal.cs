namespace Gateway.Firmware.Delivery
{
    /// <summary>Why a message from outside was refused (PROTOCOL.md, section 12). Each is counted by name.</summary>
    public static class Refusal
    {
        public const int None = -1;
        public const int TooLarge = 0;
        public const int NotJson = 1;
        public const int BadMac = 2;
        public const int UnknownVersion = 3;
        public const int MissingMember = 4;
        public const int WrongHub = 5;
        public const int StaleSession = 6;
        public const int Replayed = 7;
        public const int WrongEpoch = 8;
        public const int Beyond = 9;
        public const int UnknownTopic = 10;

        /// <summary>A notice for a call that is not the latched one ([GW-39]).</summary>
        public const int NotLatched = 11;

        /// <summary>A desired configuration below the newest one, or another one under its number ([GW-41]).</summary>
        public const int OldVersion = 12;

        public const int Count = 13;

        public static string Name(int refusal)
        {
            switch (refusal)
            {
                case TooLarge: return "too-large";
                case NotJson: return "not-json";
                case BadMac: return "bad-mac";
                case UnknownVersion: return "unknown-version";
                case MissingMember: return "missing-member";
                case WrongHub: return "wrong-hub";
                case StaleSession: return "stale-session";
                case Replayed: return "replayed";
                case WrongEpoch: return "wrong-epoch";
                case Beyond: return "beyond";
                case UnknownTopic: return "unknown-topic";
                case OldVersion: return "old-version";
                default: return "not-latched";
            }
        }
    }
}
