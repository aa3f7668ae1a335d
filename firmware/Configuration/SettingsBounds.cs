namespace Gateway.Firmware.Configuration
{
    /// <summary>The bounds and defaults of <see cref="GatewaySettings"/>, each with its source.</summary>
    public static class SettingsBounds
    {
        /// <summary>The provisioning file, and the members of a stored configuration: all settings at their longest take less.</summary>
        public const int FileBytesMax = 2048;

        public const int CaBytesMax = 4096;

        public const int PortMin = 1;
        public const int PortMax = 65535;
        public const int PortDefault = 1883;
        public const int HostCharsMax = 64;
        public const int SsidCharsMax = 32;

        // WPA2 passphrases have 8..63 characters, a raw key 64 hex digits.
        public const int WifiPasswordCharsMin = 8;

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

        /// <summary>0 is never; a day finds a dead flash before the weekly visit does.</summary>
        public const int SelfTestHoursMax = 168;
        public const int SelfTestHoursDefault = 24;

        public const int CancelWindowSMin = 0;
        public const int CancelWindowSMax = 300;
        public const int CancelWindowSDefault = 30;

        // [GW-43]: long enough for a hub that restarts, short enough that somebody still waits for the outcome.
        public const int TrialMinMin = 2;
        public const int TrialMinMax = 60;
        public const int TrialMinDefault = 10;

        // A gate that rattles in the wind; fewer than three alarms are no pattern. 0 turns the shutdown off.
        public const int SwingerAlarmsMin = 3;
        public const int SwingerAlarmsMax = 20;
        public const int SwingerAlarmsDefault = 5;

        // A 12 V lead-acid battery: below 9 V it is gone (disconnect at 10.5 V), 14 V is charging. The defaults are those of
        // hardware/loop-thresholds.json.
        public const int BatteryMvMin = 9000;
        public const int BatteryMvMax = 14000;

        // The converter's reference is 1,000..1,200 mV against a nominal 1,100 (ESP32 data sheet), the divider 1 %, the rest residual error.
        public const int BatteryPermilleMin = 800;
        public const int BatteryPermilleMax = 1200;
        public const int BatteryPermilleDefault = 1000;

        // UTC-12:00 .. UTC+14:00 exist; China is +8:00 everywhere.
        public const int UtcOffsetMinMax = 840;
        public const int UtcOffsetMinDefault = 480;

        // [GW-6].
        public const int ZoneCharsMax = 64;

        // PROTOCOL.md, [GW-1] and [GW-31].
        public const int HeartbeatS = 5;
        public const int HeartbeatMeteredS = 30;
        public const int KeepAliveS = 10;
        public const int KeepAliveMeteredS = 60;
    }
}
