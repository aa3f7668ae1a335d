using System;
using System.Text;
using Gateway.Firmware.Delivery;

namespace Gateway.Firmware.Configuration
{
    /// <summary>Writes the flat object that is stored: members of a desired configuration, members kept from before, members set at the box.</summary>
    public sealed class SettingsDocument
    {
        private readonly byte[] _bytes = new byte[SettingsBounds.FileBytesMax];
        private int _count;

        /// <summary>More was put in than a stored configuration may hold.</summary>
        public bool IsFull { get; private set; }

        public void PutText(string name, string value)
        {
            Put(name, "\"" + value + "\"");
        }

        /// <summary>A member with its value as JSON writes it.</summary>
        public void Put(string name, string token)
        {
            string member = (_count == 0 ? "{\"" : ",\"") + name + "\":" + token;
            if (_count + member.Length + 1 > _bytes.Length)
            {
                IsFull = true;
                return;
            }

            _count += Encoding.UTF8.GetBytes(member, 0, member.Length, _bytes, _count);
        }

        /// <summary>Takes members over from a checked object: those that the hub may set, or the others.</summary>
        public void PutFrom(FlatJson json, SettingsTable table, bool hubs)
        {
            for (int i = 0; i < table.Count; i++)
            {
                Setting setting = table.At(i);
                if (setting.IsHubs == hubs && json.Has(setting.Name))
                {
                    Put(setting.Name, TokenOf(json, setting));
                }
            }
        }

        /// <summary>The object, whole.</summary>
        public byte[] End()
        {
            if (_count == 0)
            {
                _bytes[_count++] = (byte)'{';
            }

            byte[] content = new byte[_count + 1];
            Array.Copy(_bytes, content, _count);
            content[_count] = (byte)'}';
            return content;
        }

        /// <summary>The value of a member as JSON writes it.</summary>
        public static string TokenOf(FlatJson json, Setting setting)
        {
            if (setting.Type == Setting.Text)
            {
                json.TryText(setting.Name, setting.Min, setting.Max, out string text);
                return "\"" + text + "\"";
            }

            if (setting.Type == Setting.Number)
            {
                json.TryNumber(setting.Name, setting.Min, setting.Max, out long number);
                return number.ToString();
            }

            json.TryFlag(setting.Name, out bool flag);
            return flag ? "true" : "false";
        }
    }
}
