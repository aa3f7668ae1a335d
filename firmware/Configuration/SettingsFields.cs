namespace Gateway.Firmware.Configuration
{
    /// <summary>The fields of <see cref="GatewaySettings"/> by the names that they have on the wire and in files. Bounds were checked before; forms are checked here.</summary>
    public static class SettingsFields
    {
        /// <summary>False when the text has not the form of that setting.</summary>
        public static bool SetText(GatewaySettings settings, string name, string text)
        {
            switch (name)
            {
                case "device": settings.Device = text; return SettingsText.IsName(text);
                case "hub": settings.Hub = text; return SettingsText.IsLowerHex(text);
                case "key":
                    if (!SettingsText.IsLowerHex(text))
                    {
                        return false;
                    }

                    settings.Key = SettingsText.FromHex(text);
                    return true;
                case "user": settings.User = text; return true;
                case "password": settings.Password = text; return true;
                case "ssid": settings.Ssid = text; return true;
                case "wifiPassword": settings.WifiPassword = text; return true;
                case "host": settings.Host = text; return true;
                case "host2": settings.Host2 = text; return true;
                default:
                    ZoneSettings zone = ZoneSettings.Parse(text);
                    settings.Zones[ZoneOf(name)] = zone;
                    return zone != null;
            }
        }

        /// <summary>False for a number that its bounds allow and its meaning does not.</summary>
        public static bool SetNumber(GatewaySettings settings, string name, int number)
        {
            switch (name)
            {
                case "port": settings.Port = number; return true;
                case "port2": settings.Port2 = number; return true;
                case "glitchMs": settings.GlitchMs = number; return true;
                case "debounceMs": settings.DebounceMs = number; return true;
                case "stuckS": settings.StuckS = number; return true;
                case "cancelWindowS": settings.CancelWindowS = number; return true;
                case "trialMin": settings.TrialMin = number; return true;
                case "selfTestHours": settings.SelfTestHours = number; return true;
                case "swingerAlarms": settings.SwingerAlarms = number; return number == 0 || number >= SettingsBounds.SwingerAlarmsMin;
                case "batteryLowMv": settings.BatteryLowMv = number; return true;
                case "batteryCriticalMv": settings.BatteryCriticalMv = number; return true;
                case "batteryPermille": settings.BatteryPermille = number; return true;
                default: settings.UtcOffsetMin = number; return true;
            }
        }

        public static bool SetFlag(GatewaySettings settings, string name, bool flag)
        {
            switch (name)
            {
                case "tls": settings.UseTls = flag; return true;
                case "metered": settings.Metered = flag; return true;
                case "buzzer": settings.Buzzer = flag; return true;
                case "siren": settings.Siren = flag; return true;
                case "annunciator": settings.Annunciator = flag; return true;
                case "helpLoop": settings.HelpLoop = flag; return true;
                default: settings.Virtual = flag; return true;
            }
        }

        /// <summary>A text; null when there is none. No secret is ever read by its name.</summary>
        public static string TextOf(GatewaySettings settings, string name)
        {
            switch (name)
            {
                case "host": return settings.Host;
                case "host2": return settings.Host2;
                case "device": return settings.Device;
                case "hub": return settings.Hub;
                case "user": return settings.User;
                case "ssid": return settings.Ssid;
                default: return settings.Zones[ZoneOf(name)].Text;
            }
        }

        public static int NumberOf(GatewaySettings settings, string name)
        {
            switch (name)
            {
                case "port": return settings.Port;
                case "port2": return settings.Port2;
                case "glitchMs": return settings.GlitchMs;
                case "debounceMs": return settings.DebounceMs;
                case "stuckS": return settings.StuckS;
                case "cancelWindowS": return settings.CancelWindowS;
                case "trialMin": return settings.TrialMin;
                case "selfTestHours": return settings.SelfTestHours;
                case "swingerAlarms": return settings.SwingerAlarms;
                case "batteryLowMv": return settings.BatteryLowMv;
                case "batteryCriticalMv": return settings.BatteryCriticalMv;
                case "batteryPermille": return settings.BatteryPermille;
                default: return settings.UtcOffsetMin;
            }
        }

        public static bool FlagOf(GatewaySettings settings, string name)
        {
            switch (name)
            {
                case "tls": return settings.UseTls;
                case "metered": return settings.Metered;
                case "buzzer": return settings.Buzzer;
                case "siren": return settings.Siren;
                case "annunciator": return settings.Annunciator;
                case "helpLoop": return settings.HelpLoop;
                default: return settings.Virtual;
            }
        }

        /// <summary>The place of zone3..zone8 among the zones.</summary>
        private static int ZoneOf(string name)
        {
            return name[4] - '0' - ZoneSettings.First;
        }
    }
}
