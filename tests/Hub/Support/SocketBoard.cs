using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Hub.Fleet;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Hub.Tests.Support;

/// <summary>A board on a real MQTT socket. Every wait has a deadline and says what it waited for.</summary>
internal sealed class SocketBoard : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp;
    private readonly MqttConnection _mqtt;
    private readonly ConcurrentDictionary<string, Channel<string>> _received = new();
    private readonly ConcurrentDictionary<ushort, TaskCompletionSource> _acks = new();
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SocketBoard(TestBoard board, TcpClient tcp, Stream stream)
    {
        Board = board;
        _tcp = tcp;
        _mqtt = new MqttConnection(stream);
        _mqtt.MessageReceived += (message, _) => Of(message.Topic).Writer.TryWrite(Encoding.ASCII.GetString(message.Payload.Span));
        _mqtt.Published += id => Ack(id).TrySetResult();
        _mqtt.Closed += reason => _closed.TrySetResult(reason);
    }

    public TestBoard Board { get; }

    public Task<string> Closed => _closed.Task;

    public bool SessionPresent => _mqtt.SessionPresent;

    /// <summary>Connects and subscribes [GW-2].</summary>
    /// <param name="secure">Makes TLS of the socket; null for plain TCP.</param>
    public static async Task<SocketBoard> ConnectAsync(int port, ProvisioningFile file, TestBoard? board = null, Func<Stream, Task<Stream>>? secure = null, bool cleanSession = true)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port);
        var connected = new SocketBoard(board ?? new TestBoard(file), tcp, secure is null ? tcp.GetStream() : await secure(tcp.GetStream()));
        var code = await connected._mqtt.ConnectAsync(
            new ConnectPacket
            {
                ClientId = file.Device, UserName = file.Device, Password = Encoding.ASCII.GetBytes(file.Password), KeepAliveSeconds = 10, CleanSession = cleanSession,
                Will = new ApplicationMessage(connected.Board.Topic("status"), connected.Board.Offline(), 1, true),
            },
            Patience);
        Assert.Equal(0, code);
        var subscribed = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        connected._mqtt.Subscribed += (_, codes) => subscribed.TrySetResult(codes);
        connected._mqtt.Subscribe(
            [.. new[] { "receipt", "notice", "command", "config" }.Select(leaf => new SubscribeRequest(connected.Board.Topic(leaf), 1)), new("hub/status", 1)]);
        Assert.Equal([1, 1, 1, 1, 1], await subscribed.Task.WaitAsync(Patience));
        return connected;
    }

    public void Publish(string leaf, byte[] payload, byte qos = 1, bool retain = false) =>
        _mqtt.Publish(new ApplicationMessage(Board.Topic(leaf), payload, qos, retain));

    /// <summary>Publishes at QoS 1 and waits for the PUBACK.</summary>
    public async Task PublishAckedAsync(string leaf, byte[] payload)
    {
        var id = _mqtt.Publish(new ApplicationMessage(Board.Topic(leaf), payload, 1, false));
        await Ack(id).Task.WaitAsync(Patience);
    }

    /// <summary>The next message on a topic of its own (or `hub/status`).</summary>
    public async Task<JsonElement> NextAsync(string leaf)
    {
        var topic = leaf == "hub/status" ? leaf : Board.Topic(leaf);
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            return JsonDocument.Parse(await Of(topic).Reader.ReadAsync(deadline.Token)).RootElement;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"nothing came on {topic} within {Patience.TotalSeconds} s");
        }
    }

    /// <summary>Reads messages of a topic until one satisfies the condition.</summary>
    public async Task<JsonElement> NextAsync(string leaf, Func<JsonElement, bool> wanted)
    {
        while (true)
        {
            var message = await NextAsync(leaf);
            if (wanted(message))
            {
                return message;
            }
        }
    }

    public void Dispose()
    {
        _mqtt.Dispose();
        _tcp.Dispose();
    }

    private Channel<string> Of(string topic) => _received.GetOrAdd(topic, _ => Channel.CreateUnbounded<string>());

    private TaskCompletionSource Ack(ushort id) => _acks.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
