using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Mqtt.Endpoint;

/// <summary>The two lines that put the endpoint into a web host.</summary>
public static class MqttHosting
{
    /// <summary>Adds the endpoint. The container must know an <see cref="IEndpointPolicy"/>; limits and clock have defaults.</summary>
    public static IServiceCollection AddMqttEndpoint(this IServiceCollection services)
    {
        services.TryAddSingleton(new EndpointLimits());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MqttEndpoint>();
        services.AddHostedService(static provider => provider.GetRequiredService<MqttEndpoint>());
        return services;
    }

    /// <summary>Speaks MQTT on this port; call <c>UseHttps</c> before it for TLS.</summary>
    public static ListenOptions UseMqtt(this ListenOptions listen)
    {
        listen.UseConnectionHandler<MqttEndpoint>();
        return listen;
    }
}
