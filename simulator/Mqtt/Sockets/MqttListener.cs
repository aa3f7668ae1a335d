using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt.Endpoint;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Gateway.Mqtt.Sockets;

/// <summary>An address on which MQTT is spoken: what is bound to it is carried by <see cref="SocketConnection"/>, everything else by Kestrel's own transport.</summary>
internal sealed class MqttAddress(IPAddress address, int port) : IPEndPoint(address, port);

/// <summary>Makes the listeners of <see cref="MqttAddress"/>es; Kestrel asks it first and takes its own transport for all other addresses.</summary>
internal sealed class MqttListenerFactory(EndpointLimits limits, ILogger<MqttListener> logger) : IConnectionListenerFactory, IConnectionListenerFactorySelector
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
        return ValueTask.FromResult<IConnectionListener>(new MqttListener(socket, limits, logger));
    }
}

/// <summary>Takes connections off one listening socket, one at a time, as Kestrel asks for them.</summary>
internal sealed partial class MqttListener(Socket socket, EndpointLimits limits, ILogger logger) : IConnectionListener
{
    /// <summary>Connections that the system has accepted and Kestrel has not asked for. Source: Kestrel's own default. Full: the system lets the client try again.</summary>
    public const int MaxBacklog = 512;

    /// <summary>No descriptor or memory is left for another connection: so long until the next look, ms. Source: short beside a client's own retry, long beside the look.</summary>
    private const int ShortOfMs = 100;

    private bool isUnbound;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <returns>Null when the listener is unbound.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await socket.AcceptAsync(cancellationToken);
                if (SocketConnection.Live < OpenFiles.ConnectionsMax)
                    return new SocketConnection(accepted, limits);

                // A flood comes faster than the endpoint can refuse it: the process must not run out of files meanwhile.
                accepted.Dispose();
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException && Volatile.Read(ref isUnbound))
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                // Those who knock wait in the system's queue, and are let in when others have gone.
                LogShort(e.SocketErrorCode);
                await Task.Delay(ShortOfMs, cancellationToken);
            }
            catch (SocketException e)
            {
                accepted?.Dispose();
                LogGone(e.SocketErrorCode); // before it was taken, or while: the next one is asked for
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection can be taken: {Error}")]
    private partial void LogShort(SocketError error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection was gone before it was taken: {Error}")]
    private partial void LogGone(SocketError error);
}
