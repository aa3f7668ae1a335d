using System.IO;
using System.Text;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Configuration
{
    /// <summary>Loads the provisioning file (and, with TLS, the CA certificate beside it) from flash.</summary>
    public static class SettingsStore
    {
        public const string FileName = "gateway.json";
        public const string CaFileName = "ca.pem";

        /// <summary>False, and a named error, when the file is absent, unreadable or wrong. Nothing is written.</summary>
        public static bool Load(IFlash flash, out GatewaySettings settings, out string error)
        {
            settings = null;
            string json = Text(flash, FileName, SettingsBounds.FileBytesMax, out error);
            if (json == null)
            {
                return false;
            }

            settings = new SettingsParser().Parse(json, out error);
            if (settings == null)
            {
                return false;
            }

            if (settings.UseTls)
            {
                settings.CaCertificatePem = Text(flash, CaFileName, SettingsBounds.CaBytesMax, out error);
            }

            return error == null;
        }

        private static string Text(IFlash flash, string name, int bytesMax, out string error)
        {
            error = null;
            try
            {
                if (!flash.Exists(name))
                {
                    error = "no-file:" + name;
                    return null;
                }

                int length = flash.Length(name);
                if (length == 0 || length > bytesMax)
                {
                    error = "bad-length:" + name;
                    return null;
                }

                byte[] bytes = new byte[length];
                int read = flash.Read(name, 0, bytes, 0, length);
                return Encoding.UTF8.GetString(bytes, 0, read);
            }
            catch (IOException)
            {
                error = "unreadable:" + name;
                return null;
            }
        }
    }
}
