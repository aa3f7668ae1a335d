using System;
using System.Collections;
using System.IO;
using System.Text;
using Gateway.Firmware.Ports;
using nanoFramework.Json;

namespace Gateway.Firmware.Configuration
{
    /// <summary>Reads what was put into flash at provisioning: gateway.json, and ca.pem beside it. Nothing is ever written here.</summary>
    public static class SettingsStore
    {
        public const string FileName = "gateway.json";
        public const string CaFileName = "ca.pem";

        /// <summary>The settings of the file; the defaults when there is none. Null, and a named error, when it cannot be read or is wrong.</summary>
        public static GatewaySettings Provisioned(IFlash flash, SettingsParser parser, out string error)
        {
            GatewaySettings settings = new GatewaySettings();
            byte[] bytes = Bytes(flash, FileName, SettingsBounds.FileBytesMax, out error);
            if (bytes == null)
            {
                return error == null ? settings : null;
            }

            Hashtable members = Members(bytes);
            error = members == null ? "not-json" : parser.TakeFile(members, settings);
            return error == null ? settings : null;
        }

        /// <summary>Null when the bytes are anything but one JSON object.</summary>
        private static Hashtable Members(byte[] bytes)
        {
            try
            {
                return JsonConvert.DeserializeObject(Encoding.UTF8.GetString(bytes, 0, bytes.Length), typeof(Hashtable)) as Hashtable;
            }
            catch (Exception)
            {
                // The library throws several types for text that is no JSON; whichever it is, the answer has one name.
                return null;
            }
        }

        /// <summary>PEM of the CA; null when there is none that can be read.</summary>
        public static string Certificate(IFlash flash)
        {
            byte[] bytes = Bytes(flash, CaFileName, SettingsBounds.CaBytesMax, out string _);
            return bytes == null ? null : Encoding.UTF8.GetString(bytes, 0, bytes.Length);
        }

        /// <summary>Null without an error when there is no such file.</summary>
        private static byte[] Bytes(IFlash flash, string name, int bytesMax, out string error)
        {
            error = null;
            try
            {
                if (!flash.Exists(name))
                {
                    return null;
                }

                int length = flash.Length(name);
                byte[] bytes = new byte[length > bytesMax ? 0 : length];
                if (length == 0 || length > bytesMax || flash.Read(name, 0, bytes, 0, length) != length)
                {
                    error = "bad-length:" + name;
                    return null;
                }

                return bytes;
            }
            catch (IOException)
            {
                error = "unreadable:" + name;
                return null;
            }
        }
    }
}
