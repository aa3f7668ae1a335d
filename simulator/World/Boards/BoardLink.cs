using System.Text;
using Gateway.Firmware.Ports;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Boards;

/// <summary>
/// The board's MQTT client behind <see cref="ILink"/>, as the library on the board behaves: one connection, a window in RAM, three tries a second apart
/// for an unacknowledged publish and then silence about it, a ping that gives a dead connection up. It loses what the real one loses.
/// </summary>
internal sealed partial class BoardLink(SimulatedBoard board, NetworkPath path) : ILink, IWireEnd, IActor
{
    // As in the adapter on the board (firmware/Esp32/M2MqttLink.cs).
    private const int ReceivedMax = 16;
    private const long RetryUs = VirtualTime.Second;
    private const long SubscribeTimeoutUs = 10 * VirtualTime.Second;
    private const long ConnAckTimeoutUs = 30 * VirtualTime.Second;

    /// <summary>How long TCP tries to connect before it gives up.</summary>
    private const long TcpTimeoutUs = 20 * VirtualTime.Second;

    private const int Reach = 0;
    private const int GiveUp = 1;
    private const int Retry = 2;
    private const int Ping = 3;
    private const int LetGo = 4;

    public SimulatedBoard Board => board;

    private readonly Queue<(ApplicationMessage Message, bool IsForged)> _received = new();
    private readonly PublishWindow _window = new();
    private LinkRequest? _request;
    private int _place = -1;
    private Wire? _wire;
    private ApplicationMessage? _will;
    private long _attempt;
    private ushort _lastId;
    private bool _isRetrying;
    private bool _awaitsPing;
    private long _lastSentUs;
    private long _lastHeardUs;

    public LinkState State
    {
        get
        {
            board.RequirePower();
            return CurrentState;
        }
    }

    public LinkState CurrentState { get; private set; }

    /// <summary>The settings under which it last tried lead to the hub.</summary>
    public bool SeeksHub { get; private set; } = true;

    public void Open(LinkRequest request)
    {
        board.RequirePower();
        if (CurrentState != LinkState.Down)
        {
            return;
        }

        board.Effects++;
        _request = request;
        _place = HubAddresses.PlaceOf(request.Host, request.Port);
        SeeksHub = board.LeadsToHub;
        CurrentState = LinkState.Connecting;
        board.ConnectionBegins();
        board.World.Oracle.Connects(board);
        board.World.Oracle.ConnectsTo(board, request.Host, request.Port);
        _attempt++;
        _received.Clear();
        _held.Clear();
        _window.Clear();
        _awaitsPing = false;
        board.World.Trace.Add(board.Number, "connects");
        if (path.State == PathState.Unplugged || _place < 0 || board.Addresses.StateOf(_place) == AddressState.Refused)
        {
            After(VirtualTime.Second, GiveUp);
        }
        else if (board.Addresses.StateOf(_place) == AddressState.Silent)
        {
            After(TcpTimeoutUs, GiveUp);
        }
        else if (path.State is PathState.Open or PathState.Captive)
        {
            After(2 * path.DrawDelayUs(), Reach);
        }
        else
        {
            After(TcpTimeoutUs, GiveUp);
        }
    }

    public void Close()
    {
        board.RequirePower();
        board.Effects++;
        Drop("closed by the core");
    }

    public bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain)
    {
        board.RequirePower();
        board.Effects++;
        if (CurrentState != LinkState.Up || (atLeastOnce && _window.IsFull))
        {
            return false;
        }

        var qos = (byte)(atLeastOnce ? 1 : 0);
        var message = new ApplicationMessage(topic, payload.AsSpan(0, count).ToArray(), qos, retain);
        var packet = Packet.Publish(message, qos, retain, atLeastOnce ? NextId() : (ushort)0, dup: false);
        if (atLeastOnce)
        {
            _window.Add(packet);
            board.Remember(message);
            StartRetrying();
        }

        if (board.BreaksAt is { } word && topic.EndsWith("/" + word, StringComparison.Ordinal))
        {
            board.BreaksAt = null;
            Forget();
        }

        Send(packet);
        board.KeepWord(message);
        if (board.RepeatsPublishes && atLeastOnce)
        {
            Send(Packet.Publish(message, qos, retain, NextId(), dup: true));
        }

        board.World.Oracle.Published(board, message);
        return true;
    }

    /// <summary>The library holds as much as it can: what must be acknowledged is refused.</summary>
    public bool IsFull => _window.IsFull;

    public int DroppedCount { get; private set; }

    public bool TryReceive(LinkMessage message)
    {
        board.RequirePower();
        if (!_received.TryDequeue(out var taken))
        {
            return false;
        }

        board.Effects++;
        var next = taken.Message;
        if (taken.IsForged)
        {
            board.World.Oracle.TakesForgery(board);
            NoteSpoilt(next);
        }
        else if (next.Topic.EndsWith("/command", StringComparison.Ordinal))
        {
            board.World.Oracle.TakesCommand(board, next.Payload.Span);
        }
        else if (next.Topic.EndsWith("/receipt", StringComparison.Ordinal))
        {
            board.World.Oracle.TakesReceipt(board, next.Payload.Span);
        }
        else if (next.Topic.EndsWith("/notice", StringComparison.Ordinal))
        {
            board.World.Oracle.TakesNotice(board, next.Payload.Span);
        }

        message.Topic = next.Topic;
        message.Count = next.Payload.Length;
        next.Payload.Span.CopyTo(message.Payload);
        return true;
    }

    /// <summary>The board is without power: nothing is sent, nothing is closed.</summary>
    public void Die()
    {
        KeepWill();
        _wire?.BoardDies();
        _wire = null;
        _attempt++;
        CurrentState = LinkState.Down;
    }

    void IActor.Happen(int code, long argument)
    {
        if (argument != _attempt || !board.IsPowered)
        {
            return;
        }

        switch (code)
        {
            case Reach:
                Connect();
                break;
            case GiveUp:
                if (CurrentState == LinkState.Connecting)
                {
                    Drop("attempt given up");
                }

                break;
            case Retry:
                RetryUnacknowledged();
                break;
            case LetGo:
                LetCommandsGo();
                break;
            default:
                PingOrGiveUp();
                break;
        }
    }

    void IWireEnd.Closed(Wire wire)
    {
        if (wire == _wire)
        {
            _wire = null;
            Drop("closed by the hub");
        }
    }

    void IWireEnd.Arrive(Wire wire, in Packet packet)
    {
        if (wire != _wire)
        {
            return;
        }

        _lastHeardUs = board.World.Queue.NowUs;
        switch (packet.Type)
        {
            case PacketType.ConnAck when packet.Code == 0:
                var filters = _request!.Subscriptions.Select(static filter => new SubscribeRequest(filter, 1)).ToArray();
                Send(Packet.Subscribe(NextId(), filters));
                After(SubscribeTimeoutUs, GiveUp);
                break;
            case PacketType.ConnAck:
                Drop("refused by the hub");
                break;
            case PacketType.SubAck when CurrentState != LinkState.Up:
                Granted(packet.Codes);
                break;
            case PacketType.PubAck:
                Acknowledged(packet.Id);
                break;
            case PacketType.Publish:
                Receive(packet);
                break;
            case PacketType.PingResp:
                _awaitsPing = false;
                break;
        }
    }

    /// <summary>Something on the way (a broker in front, a proxy) delivers what it had kept from before, in no order: seen by the hub after what is newer.</summary>
    public void RepeatOld()
    {
        if (CurrentState == LinkState.Up)
        {
            foreach (var message in board.TakeOldPublishes())
            {
                Send(Packet.Publish(message, 1, message.Retain, NextId(), dup: true));
            }
        }
    }

    /// <summary>The same on the way has kept one message, and delivers it again now.</summary>
    public void SayAgain(ApplicationMessage message)
    {
        if (CurrentState == LinkState.Up)
        {
            Send(Packet.Publish(message, message.Qos, message.Retain, message.Qos == 0 ? (ushort)0 : NextId(), dup: message.Qos > 0));
        }
    }

    public void Forget() => _wire?.Forget();

    /// <summary>The same, if its connection goes by this address.</summary>
    public void ForgetAt(int place)
    {
        if (place == _place)
        {
            Forget();
        }
    }

    public bool IsForgotten => _wire?.IsForgotten ?? false;

    public void Forge(ApplicationMessage sound, Dice dice)
    {
        var payload = sound.Payload.ToArray();
        var digits = Enumerable.Range(0, payload.Length).Where(at => payload[at] is >= (byte)'0' and <= (byte)'8').ToArray();
        if (CurrentState != LinkState.Up || sound.Topic[(sound.Topic.LastIndexOf('/') + 1)..] is not ("signal" or "status" or "heartbeat"))
        {
            return;
        }

        payload[digits[dice.Between(0, digits.Length - 1)]]++;
        board.World.Oracle.Forged(board, payload);
        Send(Packet.Publish(new ApplicationMessage(sound.Topic, payload, sound.Qos, sound.Retain), sound.Qos, sound.Retain, sound.Qos == 0 ? (ushort)0 : NextId(), dup: false));
    }

    public void SayOtherwise(ApplicationMessage sound, int value)
    {
        if (CurrentState != LinkState.Up)
        {
            return;
        }

        var text = Encoding.ASCII.GetString(sound.Payload.Span);
        var at = text.IndexOf("\"value\":", StringComparison.Ordinal) + "\"value\":".Length;
        var end = text.IndexOf(',', at);
        var body = Encoding.ASCII.GetBytes($"{text[..at]}{value}{text[end..text.LastIndexOf(",\"mac\":", StringComparison.Ordinal)]}");
        Span<byte> mac = stackalloc byte[MessageKey.MacBytes];
        board.World.Devices.KeyOf(board.Device)!.Compute(sound.Topic, body, mac);
        byte[] payload = [.. body, .. Encoding.ASCII.GetBytes($",\"mac\":\"{Convert.ToHexStringLower(mac)}\"}}")];
        board.World.Oracle.SaidOtherwise(board, payload);
        Send(Packet.Publish(new ApplicationMessage(sound.Topic, payload, 1, false), 1, false, NextId(), dup: false));
    }

    private void Receive(in Packet packet)
    {
        if (packet.Qos == 1)
        {
            Send(Packet.PubAck(packet.Id));
        }

        if (board.LosesReceipt && packet.Message.Topic.EndsWith("/receipt", StringComparison.Ordinal))
        {
            board.LosesReceipt = false;
            Spoil(packet.Message);
            return;
        }

        if (!Holds(packet.Message))
        {
            Keep(packet.Message);
        }
    }

    private void Keep(ApplicationMessage message)
    {
        // Full: the newest is dropped; the hub sends what matters again.
        var isFull = _received.Count >= ReceivedMax || (board.DropsNotices > 0 && message.Topic.EndsWith("/notice", StringComparison.Ordinal));
        if (!isFull && message.Payload.Length <= LinkMessage.PayloadBytesMax)
        {
            _received.Enqueue((message, false));
            KeepCameDown(message);
            board.Wake();
        }
        else
        {
            DroppedCount++;
            board.Dropped();
        }
    }

    private ushort NextId() => _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);

    private void Send(in Packet packet)
    {
        _lastSentUs = board.World.Queue.NowUs;
        _wire?.SendUp(packet, board.LagUs);
    }

    private void Drop(string reason)
    {
        if (CurrentState == LinkState.Down)
        {
            return;
        }

        KeepWill();
        board.World.Oracle.LinkDown(board, wasUp: CurrentState == LinkState.Up);
        CurrentState = LinkState.Down;
        _attempt++;
        _wire?.CloseFromBoard();
        _wire = null;
        _isRetrying = false;
        board.LinkChangedUs = board.World.Queue.NowUs;
        board.World.Trace.Add(board.Number, "link down", text: reason);
        board.Wake();
    }

    private void After(long us, int code) => board.World.Queue.In(us, this, code, _attempt);
}
