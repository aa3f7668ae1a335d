using System.Net;
using System.Net.Sockets;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Packets;

namespace Gateway.Loads.Bench;

/// <summary>A connection at a rival that has subscribed to a board's topics, and is silent.</summary>
internal sealed class IdleConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly MqttConnection _mqtt;

    private IdleConnection(MqttConnection mqtt) => _mqtt = mqtt;

    public static async Task<IdleConnection> OpenAsync(IPEndPoint server, string device)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(server);
        var mqtt = new MqttConnection(tcp.GetStream());
        var subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mqtt.Subscribed += (_, _) => subscribed.TrySetResult();
        mqtt.Closed += reason => subscribed.TrySetException(new IOException($"{device}: {reason}"));
        await mqtt.ConnectAsync(new ConnectPacket { ClientId = device }, Patience);
        mqtt.Subscribe([.. Topics.Downlink.Select(leaf => new SubscribeRequest(Topics.Of(device, leaf), 1)), new SubscribeRequest(Topics.HubStatus, 1)]);
        await subscribed.Task.WaitAsync(Patience);
        return new IdleConnection(mqtt);
    }

    public void Dispose() => _mqtt.Dispose();
}
