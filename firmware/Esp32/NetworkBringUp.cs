using System;
using System.Device.Wifi;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using nanoFramework.Networking;

namespace Gateway.Firmware.Esp32
{
    /// <summary>Starts Wi-Fi or Ethernet, and SNTP. Nothing here waits: the link tries until the network is there.</summary>
    public static class NetworkBringUp
    {
        /// <summary>Wi-Fi when the settings name a network, else Ethernet. Without either the board still journals, and shows that the link is down.</summary>
        public static void Start(GatewaySettings settings, ILog log)
        {
            try
            {
                if (settings.Ssid != null)
                {
                    WifiNetworkHelper.SetupNetworkHelper(settings.Ssid, settings.WifiPassword, WifiReconnectionKind.Automatic, false);
                }
                else
                {
                    NetworkHelper.SetupNetworkHelper(false);
                }

                if (!Sntp.IsStarted)
                {
                    Sntp.Start();
                }
            }
            catch (Exception e)
            {
                log.Line("network: " + e.Message);
            }
        }
    }
}
