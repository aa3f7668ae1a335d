using System.Collections;
using Gateway.Firmware.Delivery;

namespace Gateway.Firmware.Configuration
{
    /// <summary>
    /// Puts members into settings, each checked against its row of <see cref="SettingsTable"/>: those of a bounded flat object (from the hub, or stored), or
    /// those that the JSON library read from the provisioning file. An error is a name, a colon and the member; it never quotes a value: some are secrets.
    /// </summary>
    public sealed class SettingsParser
    {
        /// <summary>Characters of an unknown member's name that an error repeats: the whole then fits into a <c>reason</c>.</summary>
        public const int NameCharsInError = 16;

        private readonly SettingsTable _table = new SettingsTable();

        public SettingsTable Table
        {
            get { return _table; }
        }

        /// <summary>Null, or the first offence; then <paramref name="into"/> is not to be used.</summary>
        /// <param name="fromHub">Only what the hub may set, beside the members that make a <c>config</c> of it.</param>
        public string Take(FlatJson json, GatewaySettings into, bool fromHub)
        {
            for (int i = 0; i < json.Count; i++)
            {
                string name = json.NameAt(i);
                if (fromHub && IsEnvelope(name))
                {
                    continue;
                }

                Setting setting = _table.Find(name);
                if (setting == null)
                {
                    return Unknown(name);
                }

                if (fromHub && !setting.IsHubs)
                {
                    return Error("not-settable", name);
                }

                string error = Take(json, setting, into);
                if (error != null)
                {
                    return Error(error, name);
                }
            }

            return null;
        }

        /// <summary>
        /// The same for the provisioning file as the JSON library reads it. A text that begins like a date comes as a date from there (of 18 characters or
        /// more), a number beyond int as another type: neither is a value of any setting.
        /// </summary>
        public string TakeFile(Hashtable members, GatewaySettings into)
        {
            int taken = 0;
            for (int i = 0; i < _table.Count; i++)
            {
                Setting setting = _table.At(i);
                if (!members.Contains(setting.Name))
                {
                    continue;
                }

                taken++;
                string error = Take(members[setting.Name], setting, into);
                if (error != null)
                {
                    return Error(error, setting.Name);
                }
            }

            if (taken == members.Count)
            {
                return null;
            }

            foreach (object name in members.Keys)
            {
                if (_table.Find((string)name) == null)
                {
                    return Unknown((string)name);
                }
            }

            return "not-json";
        }

        /// <summary>What no member can say alone: null, or the first offence. Fills what follows from others.</summary>
        public static string Complete(GatewaySettings settings)
        {
            if (settings.User == null)
            {
                settings.User = settings.Device;
            }

            if (settings.Port2 == 0)
            {
                settings.Port2 = settings.Port;
            }

            string missing = settings.Device == null ? "device"
                : settings.Hub == null ? "hub"
                : settings.Key == null ? "key"
                : settings.Host == null ? "host"
                : settings.Password == null ? "password"
                : null;
            if (missing != null)
            {
                return Error("missing", missing);
            }

            if (settings.User != settings.Device)
            {
                return Error("out-of-range", "user");
            }

            if (settings.BatteryCriticalMv >= settings.BatteryLowMv)
            {
                return Error("conflict", "batteryCriticalMv");
            }

            return TwiceWatched(settings);
        }

        private static string TwiceWatched(GatewaySettings settings)
        {
            for (int i = 0; i < ZoneSettings.CountMax; i++)
            {
                for (int k = 0; k < i; k++)
                {
                    if (settings.Zones[i].IsUsed && settings.Zones[i].Input == settings.Zones[k].Input)
                    {
                        return Error("conflict", "zone" + (ZoneSettings.First + i).ToString());
                    }
                }
            }

            return null;
        }

        private static string Take(object value, Setting setting, GatewaySettings into)
        {
            switch (setting.Type)
            {
                case Setting.Text:
                    string text = value as string;
                    if (text == null)
                    {
                        return "wrong-type";
                    }

                    bool fits = text.Length >= setting.Min && text.Length <= setting.Max && SettingsText.IsPrintable(text);
                    return fits && SettingsFields.SetText(into, setting.Name, text) ? null : "out-of-range";
                case Setting.Number:
                    if (!(value is int))
                    {
                        return value is long ? "out-of-range" : "wrong-type";
                    }

                    int number = (int)value;
                    return number >= setting.Min && number <= setting.Max && SettingsFields.SetNumber(into, setting.Name, number) ? null : "out-of-range";
                default:
                    if (!(value is bool))
                    {
                        return "wrong-type";
                    }

                    return SettingsFields.SetFlag(into, setting.Name, (bool)value) ? null : "out-of-range";
            }
        }

        private static string Take(FlatJson json, Setting setting, GatewaySettings into)
        {
            switch (setting.Type)
            {
                case Setting.Text:
                    if (!json.IsText(setting.Name))
                    {
                        return "wrong-type";
                    }

                    bool fits = json.TryText(setting.Name, setting.Min, setting.Max, out string text);
                    return fits && SettingsFields.SetText(into, setting.Name, text) ? null : "out-of-range";
                case Setting.Number:
                    if (!json.IsNumber(setting.Name))
                    {
                        return "wrong-type";
                    }

                    bool isWithin = json.TryNumber(setting.Name, setting.Min, setting.Max, out long number);
                    return isWithin && SettingsFields.SetNumber(into, setting.Name, (int)number) ? null : "out-of-range";
                default:
                    if (!json.TryFlag(setting.Name, out bool flag))
                    {
                        return "wrong-type";
                    }

                    return SettingsFields.SetFlag(into, setting.Name, flag) ? null : "out-of-range";
            }
        }

        private static bool IsEnvelope(string name)
        {
            return name == "v" || name == "hub" || name == "schema" || name == "version" || name == "mac";
        }

        private static string Unknown(string name)
        {
            string shown = SettingsText.IsPrintable(name) ? name : "?";
            return Error("unknown-member", shown.Length > NameCharsInError ? shown.Substring(0, NameCharsInError) : shown);
        }

        private static string Error(string error, string member)
        {
            return error + ":" + member;
        }
    }
}
