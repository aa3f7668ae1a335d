using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Mqtt.Tests.Endpoint;

/// <summary>A real endpoint on a free loopback port, and clients for it.</summary>
internal sealed class LiveEndpoint : IAsyncDisposable
{
    /// <summary>For everything a test waits for. Only a failure takes that long; a busy machine must not be one.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly WebApplication app;
    private readonly ConcurrentBag<IDisposable> clients = [];

    private LiveEndpoint(WebApplication app) => this.app = app;

    public int Port { get; private set; }

    public MqttEndpoint Endpoint => app.Services.GetRequiredService<MqttEndpoint>();

    public static async Task<LiveEndpoint> StartAsync(IEndpointPolicy? policy = null, EndpointLimits? limits = null)
    {
        var live = new LiveEndpoint(BareEndpoint.Build(0, policy ?? new OpenPolicy(), limits ?? new EndpointLimits()));
        await live.app.StartAsync(TestContext.Current.CancellationToken);
        live.Port = BareEndpoint.PortOf(live.app);
        return live;
    }

    public async Task<TcpClient> DialAsync()
    {
        var tcp = new TcpClient { NoDelay = true };
        clients.Add(tcp);
        await tcp.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
        return tcp;
    }

    /// <summary>A client of ours, not connected yet.</summary>
    public async Task<MqttConnection> OpenAsync(ClientSession? session = null)
    {
        var client = new MqttConnection((await DialAsync()).GetStream(), session);
        clients.Add(client);
        return client;
    }

    /// <summary>A client of ours, connected.</summary>
    public async Task<MqttConnection> ConnectAsync(string clientId, bool clean = true, ClientSession? session = null, ApplicationMessage? will = null)
    {
        MqttConnection client = await OpenAsync(session);
        byte code = await client.ConnectAsync(new ConnectPacket { ClientId = clientId, CleanSession = clean, Will = will }, Deadline);
        Assert.Equal(0, code);
        return client;
    }

    public Task StopAsync() => app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable client in clients)
            client.Dispose();
        await app.DisposeAsync();
    }
}
