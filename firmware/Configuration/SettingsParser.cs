using Gateway.Firmware.Delivery;

namespace Gateway.Firmware.Configuration
{
    /// <summary>
    /// Puts the members of a flat object into settings, each checked against its row of <see cref="SettingsTable"/>. An error is a name, a
    /// colon and the member; it never quotes a value: some of them are secrets.
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
                    return Error("unknown-member", name.Length > NameCharsInError ? name.Substring(0, NameCharsInError) : name);
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

        private static string Error(string error, string member)
        {
            return error + ":" + member;
        }
    }
}
