using System.Net;
using System.Net.Sockets;

namespace Gateway.Loads;

/// <summary>For programs that cannot choose a free port themselves.</summary>
internal static class LoopbackPort
{
    /// <summary>A port that was free a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
