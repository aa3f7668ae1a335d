using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt.Endpoint;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Mqtt.Sockets;

/// <summary>An address on which MQTT is spoken: what is bound to it is carried by <see cref="SocketConnection"/>, everything else by Kestrel's own transport.</summary>
internal sealed class MqttAddress(IPAddress address, int port) : IPEndPoint(address, port);

/// <summary>Makes the listeners of <see cref="MqttAddress"/>es; Kestrel asks it first and takes its own transport for all other addresses.</summary>
internal sealed class MqttListenerFactory(EndpointLimits limits) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is MqttAddress;

    /// <exception cref="AddressInUseException">Somebody listens there already.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(MqttListener.MaxBacklog);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            if (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
                throw new AddressInUseException(e.Message, e);
            throw;
        }
        return ValueTask.FromResult<IConnectionListener>(new MqttListener(socket, limits));
    }
}

/// <summary>Takes connections off one listening socket, one at a time, as Kestrel asks for them.</summary>
internal sealed class MqttListener(Socket socket, EndpointLimits limits) : IConnectionListener
{
    /// <summary>Connections that the system has accepted and Kestrel has not asked for. Source: Kestrel's own default. Full: the system lets the client try again.</summary>
    public const int MaxBacklog = 512;

    private bool isUnbound;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <returns>Null when the listener is unbound.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                Socket accepted = await socket.AcceptAsync(cancellationToken);
                return new SocketConnection(accepted, limits);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException && Volatile.Read(ref isUnbound))
            {
                return null;
            }
            catch (SocketException)
            {
                // Gone before it was taken, or no file descriptor is free: the next one is asked for. The client sees its connection closed.
                await Task.Yield();
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        Volatile.Write(ref isUnbound, true);
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
