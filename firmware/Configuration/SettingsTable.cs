namespace Gateway.Firmware.Configuration
{
    /// <summary>All settings, in the order in which they are reported: the table of PROTOCOL.md section 10, then what only the box is told.</summary>
    public sealed class SettingsTable
    {
        /// <summary>The number of this table of settings in <c>schema</c> ([GW-42]).</summary>
        public const int Schema = 1;

        private readonly Setting[] _rows;

        public SettingsTable()
        {
            _rows = new Setting[]
            {
                HubText("host", 1, SettingsBounds.HostCharsMax),
                HubNumber("port", SettingsBounds.PortMin, SettingsBounds.PortMax),
                HubText("host2", 1, SettingsBounds.HostCharsMax),
                HubNumber("port2", SettingsBounds.PortMin, SettingsBounds.PortMax),
                HubFlag("tls"),
                HubFlag("metered"),
                HubFlag("buzzer"),
                HubFlag("siren"),
                HubFlag("annunciator"),
                HubNumber("glitchMs", SettingsBounds.GlitchMsMin, SettingsBounds.GlitchMsMax),
                HubNumber("debounceMs", SettingsBounds.DebounceMsMin, SettingsBounds.DebounceMsMax),
                HubNumber("stuckS", SettingsBounds.StuckSMin, SettingsBounds.StuckSMax),
                HubNumber("cancelWindowS", SettingsBounds.CancelWindowSMin, SettingsBounds.CancelWindowSMax),
                HubNumber("trialMin", SettingsBounds.TrialMinMin, SettingsBounds.TrialMinMax),
                HubFlag("helpLoop"),
                HubNumber("swingerAlarms", 0, SettingsBounds.SwingerAlarmsMax),
                HubNumber("batteryLowMv", SettingsBounds.BatteryMvMin, SettingsBounds.BatteryMvMax),
                HubNumber("batteryCriticalMv", SettingsBounds.BatteryMvMin, SettingsBounds.BatteryMvMax),
                HubNumber("batteryPermille", SettingsBounds.BatteryPermilleMin, SettingsBounds.BatteryPermilleMax),
                HubNumber("utcOffsetMin", -SettingsBounds.UtcOffsetMinMax, SettingsBounds.UtcOffsetMinMax),
                HubText("zone3", 0, SettingsBounds.ZoneCharsMax),
                HubText("zone4", 0, SettingsBounds.ZoneCharsMax),
                HubText("zone5", 0, SettingsBounds.ZoneCharsMax),
                HubText("zone6", 0, SettingsBounds.ZoneCharsMax),
                HubText("zone7", 0, SettingsBounds.ZoneCharsMax),
                HubText("zone8", 0, SettingsBounds.ZoneCharsMax),
                BoxText("device", SettingsBounds.DeviceCharsMin, SettingsBounds.DeviceCharsMax),
                BoxText("hub", SettingsBounds.HubHexChars, SettingsBounds.HubHexChars),
                Secret("key", 2 * SettingsBounds.KeyBytes, 2 * SettingsBounds.KeyBytes),
                BoxText("user", SettingsBounds.DeviceCharsMin, SettingsBounds.DeviceCharsMax),
                Secret("password", SettingsBounds.PasswordCharsMin, SettingsBounds.PasswordCharsMax),
                BoxText("ssid", 1, SettingsBounds.SsidCharsMax),
                Secret("wifiPassword", SettingsBounds.WifiPasswordCharsMin, SettingsBounds.PasswordCharsMax),
                new Setting("selfTestHours", Setting.Number, 0, SettingsBounds.SelfTestHoursMax, false, false),
                new Setting("virtual", Setting.Flag, 0, 1, false, false),
            };
        }

        public int Count
        {
            get { return _rows.Length; }
        }

        public Setting At(int index)
        {
            return _rows[index];
        }

        /// <summary>Null when there is none of that name.</summary>
        public Setting Find(string name)
        {
            for (int i = 0; i < _rows.Length; i++)
            {
                if (_rows[i].Name == name)
                {
                    return _rows[i];
                }
            }

            return null;
        }

        private static Setting HubText(string name, int charsMin, int charsMax)
        {
            return new Setting(name, Setting.Text, charsMin, charsMax, true, false);
        }

        private static Setting HubNumber(string name, int min, int max)
        {
            return new Setting(name, Setting.Number, min, max, true, false);
        }

        private static Setting HubFlag(string name)
        {
            return new Setting(name, Setting.Flag, 0, 1, true, false);
        }

        private static Setting BoxText(string name, int charsMin, int charsMax)
        {
            return new Setting(name, Setting.Text, charsMin, charsMax, false, false);
        }

        private static Setting Secret(string name, int charsMin, int charsMax)
        {
            return new Setting(name, Setting.Text, charsMin, charsMax, false, true);
        }
    }
}
