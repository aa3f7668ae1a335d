using System.Net;
using Gateway.Mqtt.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Hub.Operation;

/// <summary>
/// Bounds the connections of the console and the API, so that a stranger who opens many takes neither the places of the operators nor the last free file of the
/// hub, without which it ends. Full: a new connection is closed at once.
/// </summary>
internal sealed class ConsoleConnections(int connectionsMax, int perAddressMax)
{
    /// <summary>Source: some tens of desks and phones with six connections each, fifty times over.</summary>
    public const int ConnectionsMax = 2_000;

    /// <summary>Source: the browsers of a whole station behind one address, ten times over; an eighth of all, so that one stranger cannot hold the places of the others.</summary>
    public const int PerAddressMax = 250;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _open = [];
    private int _count;

    public ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!TryTake(address))
        {
            connection.Abort(new ConnectionAbortedException("Too many connections."));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            GiveBack(address);
        }
    };

    private bool TryTake(IPAddress address)
    {
        lock (_gate)
        {
            var own = _open.GetValueOrDefault(address);
            if (_count >= connectionsMax || own >= perAddressMax)
            {
                return false;
            }

            _open[address] = own + 1;
            _count++;
            return true;
        }
    }

    private void GiveBack(IPAddress address)
    {
        lock (_gate)
        {
            _count--;
            if (--_open[address] == 0)
            {
                _open.Remove(address);
            }
        }
    }
}
