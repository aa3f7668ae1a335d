using System.Net;
using Gateway.Mqtt.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Mqtt.Endpoint;

/// <summary>The two calls that put the endpoint into a web host.</summary>
public static class MqttHosting
{
    /// <summary>Adds the endpoint. The container must know an <see cref="IEndpointPolicy"/>; limits and clock have defaults.</summary>
    public static IServiceCollection AddMqttEndpoint(this IServiceCollection services)
    {
        services.TryAddSingleton(new EndpointLimits());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MqttEndpoint>();

        // Kestrel adds its own transport only where it finds none: it is wanted for all that is not MQTT.
        services.TryAddSingleton<IConnectionListenerFactory, SocketTransportFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConnectionListenerFactory, MqttListenerFactory>());
        services.AddHostedService(static provider => provider.GetRequiredService<MqttEndpoint>());
        return services;
    }

    /// <summary>Speaks MQTT on this address and port (0 takes a free one).</summary>
    /// <param name="below">What lies below MQTT: <c>UseHttps</c> for TLS.</param>
    public static void ListenMqtt(this KestrelServerOptions kestrel, IPAddress address, int port, Action<ListenOptions>? below = null) =>
        kestrel.Listen(new MqttAddress(address, port), listen =>
        {
            below?.Invoke(listen);
            listen.UseConnectionHandler<MqttEndpoint>();
        });
}
