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

        public int Port2 = SettingsBounds.PortDefault;

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

        /// <summary>How long after a press the cancel input takes it back, s.</summary>
        public int CancelWindowS = SettingsBounds.CancelWindowSDefault;

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
    }
}
