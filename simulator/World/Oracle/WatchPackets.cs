using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>
/// The endpoint, packet by packet: every request is answered, every message of the hub goes to each subscriber once and in order, no connection ends without a
/// reason, a will is told. Statements of the OASIS text stand by their numbers.
/// </content>
public sealed partial class Watcher
{
    private const int InFlightMax = 100;

    /// <summary>Who has not sent a CONNECT by then is not waited for.</summary>
    private const long ConnectWaitUs = 10 * VirtualTime.Second;

    /// <summary>From a publish to its PUBACK while the hub keeps time: a batch, a commit, and what waited before it.</summary>
    private const long OwedUs = 3 * VirtualTime.Second;

    private readonly List<WatchedConnection> _connections = [];
    private readonly List<WatchedConnection> _touched = [];
    private readonly Dictionary<string, List<WatchedConnection>> _subscribers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ApplicationMessage> _retained = new(StringComparer.Ordinal);

    /// <summary>Connections that have just ended and whose will is still to be told, by device.</summary>
    private readonly Dictionary<string, ApplicationMessage> _wills = new(StringComparer.Ordinal);

    /// <summary>A batch was not committed: what it held is refused, and with it the connections that sent it.</summary>
    private bool _refusesPublishes;

    /// <summary>The process is gone, with all connections, sessions and retained messages.</summary>
    internal void HubDied()
    {
        _connections.Clear();
        _touched.Clear();
        _subscribers.Clear();
        _retained.Clear();
        _wills.Clear();
        _refusesPublishes = false;
    }

    internal void Opened(WatchedConnection connection) => _connections.Add(connection);

    internal void ClosedByClient(WatchedConnection connection) => connection.MayEnd = true;

    internal void BatchFailed() => _refusesPublishes = true;

    /// <summary>The hub has asked its endpoint to end this board's connection.</summary>
    internal void EndsByHub(string device)
    {
        foreach (var connection in _connections.Where(connection => connection.Board.Device == device))
        {
            connection.MayEnd = true;
        }
    }

    /// <summary>A packet has come to the endpoint, which has not seen it yet.</summary>
    internal void PacketIn(WatchedConnection connection, in Packet packet)
    {
        Touch(connection);
        TracePacket(connection.Board, "to the hub", packet);
        connection.HeardUs = world.Queue.NowUs;
        switch (packet.Type)
        {
            case PacketType.Connect:
                connection.KeepAliveS = packet.Connect.KeepAliveSeconds;
                connection.Will = packet.Connect.Will;
                foreach (var former in _connections.Where(other => other != connection && other.Board == connection.Board))
                {
                    former.MayEnd = true; // [MQTT-3.1.4-2]
                }

                break;
            case PacketType.Publish when !IsOwn(connection.Board.Device, packet.Message.Topic):
                Check("GW-4 spoken for");
                (connection.MayEnd, connection.MustEnd) = (true, true);
                break;
            case PacketType.Publish when packet.Qos == 1:
                connection.Owed.Enqueue((packet.Id, world.Queue.NowUs));
                break;
            case PacketType.Subscribe:
                connection.Subscribing.Enqueue((packet.Id, [.. packet.Requests.Select(static request => request.Filter)]));
                break;
            case PacketType.PingReq:
                connection.Pings++;
                break;
            case PacketType.PubAck:
                connection.MayEnd |= !connection.InFlight.Remove(packet.Id);
                break;
            case PacketType.Disconnect:
                connection.Will = null; // [MQTT-3.14.4-3]
                connection.MayEnd = true;
                break;
        }
    }

    /// <summary>A packet leaves the endpoint.</summary>
    internal void PacketOut(WatchedConnection connection, in Packet packet)
    {
        Check("MQTT packets");
        Touch(connection);
        TracePacket(connection.Board, "from the hub", packet);
        if (packet.Type != PacketType.ConnAck && !connection.IsConnected)
        {
            Fail("MQTT-3.2.0-1", connection.Board, $"the first packet of the hub is {packet.Type}");
            return;
        }

        switch (packet.Type)
        {
            case PacketType.ConnAck:
                if (connection.IsConnected || packet.SessionPresent)
                {
                    Fail("MQTT-3.2.2-1", connection.Board, connection.IsConnected ? "a second CONNACK was sent" : "a session is said to be present, and a clean one was asked for");
                }

                connection.IsConnected = packet.Code == 0;
                connection.MayEnd |= packet.Code != 0;
                break;
            case PacketType.PubAck:
                if (!connection.Owed.TryDequeue(out var owed) || owed.Id != packet.Id)
                {
                    Fail("MQTT-4.6.0-2", connection.Board, $"packet {packet.Id} was acknowledged, and {(owed.Id == 0 ? "nothing was due" : $"{owed.Id} was due")}");
                }

                break;
            case PacketType.SubAck:
                Subscribed(connection, packet);
                break;
            case PacketType.PingResp:
                if (--connection.Pings < 0)
                {
                    Fail("MQTT-3.12.4-1", connection.Board, "a ping was answered that nobody sent");
                }

                break;
            case PacketType.Publish:
                Delivered(connection, packet);
                break;
            default:
                Fail("MQTT-4.8.0-1", connection.Board, $"the hub sends {packet.Type}");
                break;
        }
    }

    /// <summary>The hub publishes: to each subscriber, and to those who will subscribe.</summary>
    internal void HubPublishes(ApplicationMessage message)
    {
        if (message is { Retain: true, Payload.IsEmpty: true })
        {
            _retained.Remove(message.Topic);
        }
        else if (message.Retain)
        {
            _retained[message.Topic] = message;
        }

        foreach (var connection in _subscribers.GetValueOrDefault(message.Topic) ?? [])
        {
            Touch(connection);
            connection.Expected.Enqueue((message, false));
        }
    }

    /// <summary>The endpoint hands a publish to the hub: perhaps the will of a connection that has just ended.</summary>
    internal void HandedOver(string device, ApplicationMessage message)
    {
        if (!IsOwn(device, message.Topic))
        {
            Fail("GW-4", world.BoardOf(device), $"it has published on {message.Topic}, which is another board's, and the hub was given that");
        }

        if (_wills.TryGetValue(device, out var will) && will.Topic == message.Topic && will.Payload.Span.SequenceEqual(message.Payload.Span))
        {
            _wills.Remove(device);
        }
    }

    /// <summary>The endpoint ends a connection.</summary>
    internal void Ended(WatchedConnection connection, string reason)
    {
        _connections.Remove(connection);
        connection.IsOver = true;
        foreach (var topic in connection.Subscriptions)
        {
            _subscribers[topic].Remove(connection);
        }

        Check("MQTT ends");

        // The endpoint counts whole milliseconds.
        var silentUs = world.Queue.NowUs - connection.HeardUs + VirtualTime.Ms;
        var isSilent = silentUs >= (connection.KeepAliveS > 0 ? connection.KeepAliveS * VirtualTime.Second * 3 / 2 : ConnectWaitUs);
        if (!connection.MayEnd && !isSilent && !_refusesPublishes)
        {
            Fail("MQTT-3.1.2-24", connection.Board, $"the hub ended its connection (\"{reason}\") {silentUs / VirtualTime.Ms} ms after it was heard, at a keep-alive of {connection.KeepAliveS} s");
        }

        if (connection is { IsConnected: true, Will: { } will })
        {
            _wills[connection.Board.Device] = will;
        }
    }

    /// <summary>The endpoint has told the hub that a connection is over.</summary>
    internal void EndTold(SimulatedBoard board)
    {
        Check("MQTT will");
        if (_wills.Remove(board.Device))
        {
            Fail("MQTT-3.1.2-8", board, "its connection ended without a DISCONNECT, and its will was not told");
        }
    }

    /// <summary>All that could leave the endpoint has left.</summary>
    internal void Settled()
    {
        foreach (var connection in _touched)
        {
            connection.IsTouched = false;
            if (connection.IsOver)
            {
                continue;
            }

            if (connection.Expected.Count > 0 && connection.InFlight.Count < InFlightMax)
            {
                Fail("MQTT-4.5.0-1", connection.Board, $"it has subscribed to {connection.Expected.Peek().Message.Topic}, and a message of the hub on it was not sent");
            }
            else if (connection.MustEnd)
            {
                Fail("GW-4", connection.Board, "it has published on a topic of another board, and its connection goes on");
            }
            else if (connection.Pings > 0 || connection.Subscribing.Count > 0)
            {
                Fail(connection.Pings > 0 ? "MQTT-3.12.4-1" : "MQTT-3.8.4-1", connection.Board, connection.Pings > 0 ? "its ping was not answered" : "its subscription was not answered");
            }
        }

        _touched.Clear();
        _refusesPublishes = false;
        foreach (var (device, _) in _wills)
        {
            Fail("MQTT-3.1.2-8", world.BoardOf(device), "its connection ended, and the hub was told neither that nor its will");
        }
    }

    /// <summary>Once a second: nobody waits for an acknowledgement, and the endpoint holds no more than its connections need.</summary>
    internal void CheckEndpoint(BrokerCounters counters, bool keepsTime)
    {
        Check("MQTT holds");
        var isIdle = true;
        var subscriptions = 0;
        foreach (var connection in _connections)
        {
            isIdle &= connection.InFlight.Count == 0;
            subscriptions += connection.Subscriptions.Count;
            if (keepsTime && connection.Owed.TryPeek(out var owed) && world.Queue.NowUs - Math.Max(owed.AtUs, _hubUnsteadyUs) > OwedUs)
            {
                Fail("MQTT-3.3.4-1", connection.Board, $"packet {owed.Id} came {(world.Queue.NowUs - owed.AtUs) / VirtualTime.Ms} ms ago, and is not acknowledged");
            }
        }

        var connected = _connections.Count(static connection => connection.IsConnected);
        if (counters.Sessions != connected || counters.Connections != _connections.Count || counters.Subscriptions != subscriptions || (isIdle && counters.QueuedBytes + counters.QueuedMessages != 0))
        {
            Fail("endpoint", null, $"{_connections.Count} connections with {subscriptions} subscriptions are there; the endpoint holds {counters.Connections} connections, {counters.Sessions} sessions, "
                + $"{counters.Subscriptions} subscriptions, {counters.QueuedMessages} messages and {counters.QueuedBytes} bytes");
        }
    }

    private static bool IsOwn(string device, string topic) => topic.StartsWith($"gw/{device}/", StringComparison.Ordinal);

    private void Subscribed(WatchedConnection connection, in Packet packet)
    {
        if (!connection.Subscribing.TryDequeue(out var asked) || asked.Id != packet.Id || asked.Filters.Length != packet.Codes.Length)
        {
            Fail("MQTT-3.8.4-2", connection.Board, $"SUBACK {packet.Id} with {packet.Codes.Length} codes answers no subscription");
            return;
        }

        for (var i = 0; i < asked.Filters.Length; i++)
        {
            if (asked.Filters[i] != Gateway.Hub.Ingest.Topics.HubStatus && !IsOwn(connection.Board.Device, asked.Filters[i]))
            {
                Check("GW-4 foreign");
                if (packet.Codes[i] <= 2)
                {
                    Fail("GW-4", connection.Board, $"it has subscribed to {asked.Filters[i]}, which is another board's");
                }

                continue;
            }

            if (packet.Codes[i] > 1)
            {
                Fail("MQTT-3.8.4-5", connection.Board, $"its subscription to {asked.Filters[i]} got code {packet.Codes[i]}");
            }

            if (connection.Subscriptions.Add(asked.Filters[i]))
            {
                if (!_subscribers.TryGetValue(asked.Filters[i], out var subscribers))
                {
                    _subscribers.Add(asked.Filters[i], subscribers = []);
                }

                subscribers.Add(connection);
            }

            if (_retained.TryGetValue(asked.Filters[i], out var message))
            {
                connection.Expected.Enqueue((message, true)); // [MQTT-3.3.1-6]
            }
        }
    }

    private void Delivered(WatchedConnection connection, in Packet packet)
    {
        if (!connection.Expected.TryDequeue(out var due) || due.Message.Topic != packet.Message.Topic || !due.Message.Payload.Span.SequenceEqual(packet.Message.Payload.Span))
        {
            Fail("MQTT-4.6.0-6", connection.Board, $"a message on {packet.Message.Topic} was sent, and {(due.Message is null ? "nothing" : "one on " + due.Message.Topic)} was due");
        }
        else if (packet.Retain != due.Retained)
        {
            Fail(due.Retained ? "MQTT-3.3.1-8" : "MQTT-3.3.1-9", connection.Board, $"a message on {packet.Message.Topic} has RETAIN {packet.Retain}");
        }
        else if (packet.Qos != 1 || packet.Dup || packet.Id == 0 || !connection.InFlight.Add(packet.Id))
        {
            Fail("MQTT-2.3.1-2", connection.Board, $"a message on {packet.Message.Topic} was sent with QoS {packet.Qos}, DUP {packet.Dup} and identifier {packet.Id}, which {(packet.Id == 0 ? "is none" : "may be in use")}");
        }
    }

    private void TracePacket(SimulatedBoard board, string way, in Packet packet)
    {
        if (world.Trace.IsWritten)
        {
            world.Trace.Write(board.Number, way, packet.Type switch
            {
                PacketType.Publish => $"{packet.Type} {packet.Id} {packet.Message.Topic} {System.Text.Encoding.UTF8.GetString(packet.Message.Payload.Span)}",
                PacketType.Subscribe => $"{packet.Type} {packet.Id} {string.Join(' ', packet.Requests.Select(static request => request.Filter))}",
                _ => $"{packet.Type} {packet.Id}",
            });
        }
    }

    private void Touch(WatchedConnection connection)
    {
        if (!connection.IsTouched)
        {
            connection.IsTouched = true;
            _touched.Add(connection);
        }
    }
}
