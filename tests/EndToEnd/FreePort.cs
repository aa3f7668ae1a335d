using System.Net;
using System.Net.Sockets;

namespace Gateway.EndToEnd.Tests;

/// <summary>A port for a process that is stopped and started again on it.</summary>
internal static class FreePort
{
    /// <summary>Below the ports that a system hands out by itself: nobody is given it by chance while nobody listens there.</summary>
    public static string Find()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port.ToString();
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
