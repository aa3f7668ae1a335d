// Package nanoFramework.System.Device.Wifi 1.5.147.
// Modelled: the access point is the virtual board's cable: ready when it is plugged in. Any SSID and password will do.
// Not modelled: scanning, association time, addresses, signal strength.
using System.Device.Wifi;
using Gateway.NanoFramework.Board;

namespace nanoFramework.Networking;

public static class WifiNetworkHelper
{
    public static NetworkHelperStatus Status => NetworkHelper.Status;

    public static void SetupNetworkHelper(bool requiresDateTime = false) => Incarnation.Current.Enter();

    public static void SetupNetworkHelper(string ssid, string password, WifiReconnectionKind reconnectionKind = WifiReconnectionKind.Automatic, bool requiresDateTime = false) =>
        Incarnation.Current.Enter();
}
