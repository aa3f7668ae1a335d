using System;
using Gateway.Firmware.Ports;
using nanoFramework.Networking;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// Starts Wi-Fi with the network settings that were stored on the board when it was flashed (nanoff or Visual Studio), and SNTP. Nothing here waits: the link tries
    /// until the network is there.
    /// </summary>
    public static class NetworkBringUp
    {
        /// <summary>Wi-Fi of the DevKit.</summary>
        public static void StartWifi(ILog log)
        {
            try
            {
                WifiNetworkHelper.SetupNetworkHelper();
            }
            catch (Exception e)
            {
                // No stored network or no adapter: the board still journals and shows that the link is down.
                log.Line("wifi: " + e.Message);
            }
        }

        /// <summary>Ethernet of boards with an RMII PHY.</summary>
        public static void StartEthernet(ILog log)
        {
            try
            {
                NetworkHelper.SetupNetworkHelper();
            }
            catch (Exception e)
            {
                log.Line("ethernet: " + e.Message);
            }
        }

        /// <summary>Sets the time server; null or empty keeps the image's own.</summary>
        public static void StartSntp(string server, ILog log)
        {
            try
            {
                if (server != null && server.Length > 0)
                {
                    Sntp.Server1 = server;
                }

                if (!Sntp.IsStarted)
                {
                    Sntp.Start();
                }
            }
            catch (Exception e)
            {
                // Without SNTP the records carry the hub's time or none, and say so.
                log.Line("sntp: " + e.Message);
            }
        }
    }
}
