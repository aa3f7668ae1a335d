// Package nanoFramework.System.Net 1.11.60 (listed: 1.11.54).
// Ethernet bring-up. Modelled: ready at once when the cable of the virtual board is plugged in, else started and not ready; it never blocks.
// Not modelled: addresses, DHCP, waiting for the date.
using Gateway.NanoFramework.Board;

namespace nanoFramework.Networking;

public static class NetworkHelper
{
    public static NetworkHelperStatus Status =>
        Incarnation.Current.Hardware.Network.IsPlugged ? NetworkHelperStatus.NetworkIsReady : NetworkHelperStatus.Started;

    public static void SetupNetworkHelper(bool requiresDateTime = false) => Incarnation.Current.Enter();
}
