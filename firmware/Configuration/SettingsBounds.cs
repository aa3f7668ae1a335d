namespace Gateway.Firmware.Configuration
{
    /// <summary>The bounds and defaults of <see cref="GatewaySettings"/>, each with its source.</summary>
    public static class SettingsBounds
    {
        public const int FileBytesMax = 2048;
        public const int CaBytesMax = 4096;

        public const int PortMin = 1;
        public const int PortMax = 65535;
        public const int PortDefault = 1883;
        public const int HostCharsMax = 64;
        public const int SsidCharsMax = 32;

        // PROTOCOL.md, section 1.
        public const int DeviceCharsMin = 3;
        public const int DeviceCharsMax = 32;
        public const int HubHexChars = 16;
        public const int KeyBytes = 32;
        public const int PasswordCharsMin = 16;
        public const int PasswordCharsMax = 64;

        // Contacts of push buttons bounce for 1.6 ms on average and 6.2 ms at most in J. Ganssle's measurements of 18 types; 20 ms is three
        // times that. The maximum keeps the promise that a press of 30 ms is never missed with 5 ms between samples.
        public const int GlitchMsMin = 5;
        public const int GlitchMsMax = 25;
        public const int GlitchMsDefault = 20;

        public const int DebounceMsMin = 10;
        public const int DebounceMsMax = 200;
        public const int DebounceMsDefault = 30;

        // Above the 2 s of the pulse stretcher on the carrier, and above any honest long press.
        public const int StuckSMin = 10;
        public const int StuckSMax = 600;
        public const int StuckSDefault = 30;

        public const int CancelWindowSMin = 0;
        public const int CancelWindowSMax = 300;
        public const int CancelWindowSDefault = 30;

        // PROTOCOL.md, [GW-1] and [GW-31].
        public const int HeartbeatS = 5;
        public const int HeartbeatMeteredS = 30;
        public const int KeepAliveS = 10;
        public const int KeepAliveMeteredS = 60;
    }
}
