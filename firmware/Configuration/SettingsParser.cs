using System;
using System.Collections;
using nanoFramework.Json;

namespace Gateway.Firmware.Configuration
{
    /// <summary>
    /// Reads a provisioning file (one flat JSON object) into checked settings, whole or not at all. An error is a name, a colon and the
    /// member: not-json, missing, wrong-type, out-of-range, unknown. It never quotes a value: some of them are secrets.
    /// </summary>
    public sealed class SettingsParser
    {
        private Hashtable _members;
        private string _error;
        private int _taken;

        /// <summary>Null, and the first error, when anything is wrong.</summary>
        public GatewaySettings Parse(string json, out string error)
        {
            _error = null;
            _taken = 0;
            _members = Members(json);
            GatewaySettings settings = _members == null ? null : Take();
            error = _error;
            return error == null ? settings : null;
        }

        private Hashtable Members(string json)
        {
            try
            {
                Hashtable members = (Hashtable)JsonConvert.DeserializeObject(json, typeof(Hashtable));
                if (members == null)
                {
                    _error = "not-json";
                }

                return members;
            }
            catch (Exception)
            {
                // The library throws several types for malformed text; whichever it is, the answer is the same name.
                _error = "not-json";
                return null;
            }
        }

        private GatewaySettings Take()
        {
            GatewaySettings settings = new GatewaySettings();
            settings.Device = TakeText("device", SettingsBounds.DeviceCharsMin, SettingsBounds.DeviceCharsMax, true);
            Check("device", settings.Device == null || SettingsText.IsName(settings.Device));
            settings.Hub = TakeText("hub", SettingsBounds.HubHexChars, SettingsBounds.HubHexChars, true);
            Check("hub", settings.Hub == null || SettingsText.IsLowerHex(settings.Hub));
            string key = TakeText("key", 2 * SettingsBounds.KeyBytes, 2 * SettingsBounds.KeyBytes, true);
            Check("key", key == null || SettingsText.IsLowerHex(key));
            settings.Host = TakeText("host", 1, SettingsBounds.HostCharsMax, true);
            settings.Port = TakeNumber("port", SettingsBounds.PortMin, SettingsBounds.PortMax, settings.Port);
            settings.Host2 = TakeText("host2", 1, SettingsBounds.HostCharsMax, false);
            settings.Port2 = TakeNumber("port2", SettingsBounds.PortMin, SettingsBounds.PortMax, settings.Port);
            settings.UseTls = TakeFlag("tls", false);
            settings.User = TakeText("user", SettingsBounds.DeviceCharsMin, SettingsBounds.DeviceCharsMax, false);
            if (settings.User == null)
            {
                settings.User = settings.Device;
            }

            Check("user", settings.User == settings.Device);
            settings.Password = TakeText("password", SettingsBounds.PasswordCharsMin, SettingsBounds.PasswordCharsMax, true);
            settings.Ssid = TakeText("ssid", 1, SettingsBounds.SsidCharsMax, false);
            settings.WifiPassword = TakeText("wifiPassword", 8, SettingsBounds.PasswordCharsMax, false);
            settings.Metered = TakeFlag("metered", false);
            settings.Virtual = TakeFlag("virtual", false);
            settings.Buzzer = TakeFlag("buzzer", settings.Buzzer);
            settings.Siren = TakeFlag("siren", false);
            settings.Annunciator = TakeFlag("annunciator", false);
            settings.GlitchMs = TakeNumber("glitchMs", SettingsBounds.GlitchMsMin, SettingsBounds.GlitchMsMax, settings.GlitchMs);
            settings.DebounceMs = TakeNumber("debounceMs", SettingsBounds.DebounceMsMin, SettingsBounds.DebounceMsMax, settings.DebounceMs);
            settings.StuckS = TakeNumber("stuckS", SettingsBounds.StuckSMin, SettingsBounds.StuckSMax, settings.StuckS);
            settings.CancelWindowS = TakeNumber("cancelWindowS", SettingsBounds.CancelWindowSMin, SettingsBounds.CancelWindowSMax, settings.CancelWindowS);
            RefuseTheRest();
            if (_error == null)
            {
                settings.Key = SettingsText.FromHex(key);
            }

            return settings;
        }

        private string TakeText(string name, int charsMin, int charsMax, bool mustBeThere)
        {
            object value = TakeMember(name, mustBeThere);
            if (value == null)
            {
                return null;
            }

            string text = value as string;
            if (text == null)
            {
                Refuse("wrong-type", name);
                return null;
            }

            Check(name, text.Length >= charsMin && text.Length <= charsMax && SettingsText.IsPrintable(text));
            return text;
        }

        private int TakeNumber(string name, int min, int max, int otherwise)
        {
            object value = TakeMember(name, false);
            if (value == null)
            {
                return otherwise;
            }

            if (!(value is int))
            {
                // A number beyond int comes as another type: it is out of every range here.
                Refuse(value is long ? "out-of-range" : "wrong-type", name);
                return otherwise;
            }

            int number = (int)value;
            Check(name, number >= min && number <= max);
            return number;
        }

        private bool TakeFlag(string name, bool otherwise)
        {
            object value = TakeMember(name, false);
            if (value == null)
            {
                return otherwise;
            }

            if (!(value is bool))
            {
                Refuse("wrong-type", name);
                return otherwise;
            }

            return (bool)value;
        }

        private object TakeMember(string name, bool mustBeThere)
        {
            object value = _members[name];
            if (value != null)
            {
                _taken++;
            }
            else if (mustBeThere)
            {
                Refuse("missing", name);
            }

            return value;
        }

        private void RefuseTheRest()
        {
            if (_error == null && _members.Count != _taken)
            {
                // A misspelt name, or a null. Silence here would be a lie ([GW-42]).
                _error = "unknown-member";
            }
        }

        private void Check(string name, bool holds)
        {
            if (!holds)
            {
                Refuse("out-of-range", name);
            }
        }

        private void Refuse(string error, string name)
        {
            if (_error == null)
            {
                _error = error + ":" + name;
            }
        }
    }
}
