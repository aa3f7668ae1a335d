using Gateway.Firmware.Inputs;

namespace Gateway.Firmware.Configuration
{
    /// <summary>
    /// All that can differ from one board to the next. Filled by <see cref="SettingsParser"/>, which checks every bound; the bounds and
    /// the defaults are in <see cref="SettingsBounds"/> and in firmware/README.md.
    /// </summary>
    public sealed class GatewaySettings
    {
        /// <summary>The board's id, also its MQTT client id and user name: 3..32 of a-z 0-9 -.</summary>
        public string Device;

        /// <summary>The one hub this board belongs to: 16 lower-case hex digits.</summary>
        public string Hub;

        /// <summary>The device key, 32 bytes. Never logged, never echoed.</summary>
        public byte[] Key;

        /// <summary>Address of the hub; an IP literal is better than a name (a look-up stops every thread of the board).</summary>
        public string Host;

        public int Port = SettingsBounds.PortDefault;

        /// <summary>Second route to the same hub; null when there is none.</summary>
        public string Host2;

        /// <summary>0 until <see cref="SettingsParser.Complete"/> has made it that of the first route.</summary>
        public int Port2;

        public bool UseTls;

        /// <summary>PEM of the CA that signed the hub's certificate, from the file ca.pem; null without TLS.</summary>
        public string CaCertificatePem;

        public string User;
        public string Password;

        /// <summary>Wi-Fi network; null on a board with Ethernet.</summary>
        public string Ssid;

        public string WifiPassword;

        /// <summary>The link is paid by the byte: heartbeat 30 s and keep-alive 60 s instead of 5 s and 10 s.</summary>
        public bool Metered;

        /// <summary>A virtual board says so in its birth; a production hub refuses it.</summary>
        public bool Virtual;

        public bool Buzzer = true;

        /// <summary>The local siren relay may be used. Off unless consent is recorded for this place.</summary>
        public bool Siren;

        /// <summary>This board stands at the station and sounds on the hub's command until its reset key is turned.</summary>
        public bool Annunciator;

        /// <summary>A pulse shorter than this is noise, ms.</summary>
        public int GlitchMs = SettingsBounds.GlitchMsDefault;

        /// <summary>After a change an input is held this long before a release counts, ms.</summary>
        public int DebounceMs = SettingsBounds.DebounceMsDefault;

        /// <summary>A button held longer than this is reported as stuck, s.</summary>
        public int StuckS = SettingsBounds.StuckSDefault;

        /// <summary>Hours between scheduled self-tests, 0..168; 0 never.</summary>
        public int SelfTestHours = SettingsBounds.SelfTestHoursDefault;

        /// <summary>How long after a press the cancel input takes it back, s.</summary>
        public int CancelWindowS = SettingsBounds.CancelWindowSDefault;

        /// <summary>How long a new configuration may take to reach the hub, min.</summary>
        public int TrialMin = SettingsBounds.TrialMinDefault;

        /// <summary>The line of the help button has end-of-line resistors and is watched.</summary>
        public bool HelpLoop = true;

        /// <summary>So many alarms of one zone in 10 min shut it down until it rests; 0: never.</summary>
        public int SwingerAlarms = SettingsBounds.SwingerAlarmsDefault;

        public int BatteryLowMv = LoopThresholds.BatteryLowMillivolts;
        public int BatteryCriticalMv = LoopThresholds.BatteryCriticalMillivolts;

        /// <summary>Correction of this box's battery reading: true / shown x 1,000.</summary>
        public int BatteryPermille = SettingsBounds.BatteryPermilleDefault;

        /// <summary>Local time minus UTC, for disarm times, min.</summary>
        public int UtcOffsetMin = SettingsBounds.UtcOffsetMinDefault;

        /// <summary>Zones 3..8, each there, used or not.</summary>
        public readonly ZoneSettings[] Zones = new ZoneSettings[]
        {
            ZoneSettings.Parse("contact1 door"),
            ZoneSettings.Parse("contact2 door"),
            ZoneSettings.Parse(""),
            ZoneSettings.Parse(""),
            ZoneSettings.Parse(""),
            ZoneSettings.Parse(""),
        };

        /// <summary>Version of the configuration in force: 0 is the provisioning file itself.</summary>
        public int Version;

        public int HeartbeatS
        {
            get { return Metered ? SettingsBounds.HeartbeatMeteredS : SettingsBounds.HeartbeatS; }
        }

        public int KeepAliveS
        {
            get { return Metered ? SettingsBounds.KeepAliveMeteredS : SettingsBounds.KeepAliveS; }
        }

        /// <summary>Whether a connection made under the one is one of the other.</summary>
        public bool HasSameLink(GatewaySettings other)
        {
            return Host == other.Host
                && Port == other.Port
                && Host2 == other.Host2
                && Port2 == other.Port2
                && UseTls == other.UseTls
                && Password == other.Password
                && KeepAliveS == other.KeepAliveS;
        }

        /// <summary>Takes every setting over from another set; who holds this object sees the new ones.</summary>
        public void CopyFrom(GatewaySettings other)
        {
            Device = other.Device;
            Hub = other.Hub;
            Key = other.Key;
            Host = other.Host;
            Port = other.Port;
            Host2 = other.Host2;
            Port2 = other.Port2;
            UseTls = other.UseTls;
            CaCertificatePem = other.CaCertificatePem;
            User = other.User;
            Password = other.Password;
            Ssid = other.Ssid;
            WifiPassword = other.WifiPassword;
            Metered = other.Metered;
            Virtual = other.Virtual;
            Buzzer = other.Buzzer;
            Siren = other.Siren;
            Annunciator = other.Annunciator;
            GlitchMs = other.GlitchMs;
            DebounceMs = other.DebounceMs;
            StuckS = other.StuckS;
            SelfTestHours = other.SelfTestHours;
            CancelWindowS = other.CancelWindowS;
            TrialMin = other.TrialMin;
            HelpLoop = other.HelpLoop;
            SwingerAlarms = other.SwingerAlarms;
            BatteryLowMv = other.BatteryLowMv;
            BatteryCriticalMv = other.BatteryCriticalMv;
            BatteryPermille = other.BatteryPermille;
            UtcOffsetMin = other.UtcOffsetMin;
            Version = other.Version;
            for (int i = 0; i < ZoneSettings.CountMax; i++)
            {
                Zones[i] = other.Zones[i];
            }
        }
    }
}
