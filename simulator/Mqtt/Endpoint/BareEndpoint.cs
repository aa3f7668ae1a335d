using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Mqtt.Endpoint;

/// <summary>The endpoint alone, on loopback, for conformance suites, fuzzers and load generators: anonymous, everything allowed.</summary>
public static class BareEndpoint
{
    /// <summary>Runs until cancelled (or Ctrl+C). Prints one line with address and process id when it listens.</summary>
    /// <param name="port">TCP port on 127.0.0.1; 0 takes a free one.</param>
    /// <returns>0, or 1 when the port is taken.</returns>
    public static async Task<int> RunAsync(int port, TextWriter output, CancellationToken cancellation)
    {
        await using WebApplication app = Build(port, new OpenPolicy(), new EndpointLimits());
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException or SocketException)
        {
            await output.WriteLineAsync($"Port {port} on 127.0.0.1 is taken: give another with --port, or 0 for a free one.");
            return 1;
        }
        await output.WriteLineAsync($"MQTT 3.1.1 on 127.0.0.1:{PortOf(app)}, process {Environment.ProcessId}. Loopback only, anonymous, everything allowed.");
        await output.FlushAsync(CancellationToken.None);
        await ((IHost)app).WaitForShutdownAsync(cancellation);
        return 0;
    }

    /// <summary>A host with nothing but the endpoint, not started.</summary>
    public static WebApplication Build(int port, IEndpointPolicy policy, EndpointLimits limits)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(policy);
        builder.Services.AddSingleton(limits);
        builder.Services.AddMqttEndpoint();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenMqtt(IPAddress.Loopback, port));
        return builder.Build();
    }

    /// <summary>The port a started host listens on.</summary>
    public static int PortOf(WebApplication app) => new Uri(app.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.First()).Port;
}
