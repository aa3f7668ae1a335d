using System.Text;
using Gateway.Firmware.Delivery;

namespace Gateway.Firmware.Configuration
{
    /// <summary>What a technician has set and not yet saved: names with their values as JSON writes them. Each is checked when it is set.</summary>
    public sealed class SettingsDraft
    {
        /// <summary>As many as there are settings.</summary>
        public const int Max = 35;

        private readonly SettingsParser _parser;
        private readonly string[] _names = new string[Max];
        private readonly string[] _tokens = new string[Max];

        public SettingsDraft(SettingsParser parser)
        {
            _parser = parser;
        }

        public int Count { get; private set; }

        /// <summary>Null, or the error by name. An empty value takes the setting back to the provisioning file or the default; of a zone it is "no such zone".</summary>
        public string Set(string name, string value)
        {
            Setting setting = _parser.Table.Find(name);
            if (setting == null)
            {
                return "unknown-member";
            }

            string token = null;
            if (value.Length > 0 || (setting.Type == Setting.Text && setting.Min == 0))
            {
                token = setting.Type == Setting.Text ? "\"" + value + "\"" : value;
                byte[] bytes = Encoding.UTF8.GetBytes("{\"" + name + "\":" + token + "}");
                FlatJson json = new FlatJson();
                string error = json.Parse(bytes, bytes.Length) && json.Count == 1 ? _parser.Take(json, new GatewaySettings(), false) : "out-of-range:" + name;
                if (error != null)
                {
                    return error;
                }
            }

            int at = IndexOf(name);
            if (at < 0)
            {
                at = Count++;
                _names[at] = name;
            }

            _tokens[at] = token;
            return null;
        }

        public bool Has(string name)
        {
            return IndexOf(name) >= 0;
        }

        /// <summary>True when something is set that is read at a boot only: it takes effect with a restart.</summary>
        public bool NeedsRestart
        {
            get
            {
                for (int i = 0; i < Count; i++)
                {
                    if (!_parser.Table.Find(_names[i]).IsHubs)
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        /// <summary>The stored members with the draft over them.</summary>
        public SettingsDocument Over(FlatJson stored)
        {
            SettingsDocument document = new SettingsDocument();
            for (int i = 0; i < _parser.Table.Count; i++)
            {
                Setting setting = _parser.Table.At(i);
                int at = IndexOf(setting.Name);
                string token = at >= 0 ? _tokens[at] : stored.Has(setting.Name) ? SettingsDocument.TokenOf(stored, setting) : null;
                if (token != null)
                {
                    document.Put(setting.Name, token);
                }
            }

            return document;
        }

        public void Clear()
        {
            Count = 0;
        }

        private int IndexOf(string name)
        {
            for (int i = 0; i < Count; i++)
            {
                if (_names[i] == name)
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
