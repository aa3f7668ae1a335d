using System.Net;
using System.Net.Sockets;

namespace Gateway.Loads;

/// <summary>For programs that cannot choose a free port themselves.</summary>
public static class LoopbackPort
{
    /// <summary>
    /// Below the ports that systems hand out by themselves (Linux from 32,768, others from 49,152): nobody is given it by chance before the program listens there,
    /// and who tries to reach the program until it does is never connected to himself.
    /// </summary>
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>A port that was free a moment ago.</summary>
    public static int Free()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, End));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Taken: another one.
            }
        }
    }
}
