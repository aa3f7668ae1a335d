using System.Text;
using Gateway.Firmware.Ports;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Boards;

/// <content>How a connection begins, what is tried again in it, and how its silence is noticed.</content>
internal sealed partial class BoardLink
{
    private void Connect()
    {
        // A captive portal takes the connection and is never heard of again; nor is an address that has died meanwhile.
        if (path.State == PathState.Captive || board.Addresses.StateOf(_place) != AddressState.Reached)
        {
            After(ConnAckTimeoutUs, GiveUp);
            return;
        }

        _wire = board.World.Hub.Accept(path, board, this);
        if (_wire is null)
        {
            Drop("nobody listens");
            return;
        }

        var request = _request!;
        _will = new ApplicationMessage(request.WillTopic, Encoding.ASCII.GetBytes(request.WillMessage), 1, true);
        Send(Packet.Connecting(new ConnectPacket
        {
            ClientId = request.ClientId,
            CleanSession = true,
            KeepAliveSeconds = (ushort)request.KeepAliveS,
            UserName = request.User,
            Password = Encoding.ASCII.GetBytes(request.Password),
            Will = _will,
        }));
        After(ConnAckTimeoutUs, GiveUp);
    }

    /// <summary>The connection is over: a broker in front may have kept its will, and tell it again much later.</summary>
    private void KeepWill()
    {
        if (_will is { } will)
        {
            board.Remember(will);
            _will = null;
        }
    }

    /// <summary>Whoever has this box's password wants to hear what its neighbour is told [GW-4].</summary>
    public void Eavesdrop(string neighbour)
    {
        if (CurrentState == LinkState.Up)
        {
            Send(Packet.Subscribe(NextId(), [new SubscribeRequest($"gw/{neighbour}/notice", 1)]));
        }
    }

    /// <summary>The same wants to be that neighbour, and says what that one has said [GW-4].</summary>
    public void SpeakFor(ApplicationMessage said)
    {
        if (CurrentState == LinkState.Up)
        {
            Send(Packet.Publish(said, 1, false, NextId(), dup: false));
        }
    }

    private void Granted(byte[] codes)
    {
        if (codes.Any(static code => code > 2))
        {
            Drop("a subscription was refused");
            return;
        }

        if (board.HasNoTime)
        {
            board.World.Oracle.ClockJumps(board);
        }

        CurrentState = LinkState.Up;
        board.LinkChangedUs = board.World.Queue.NowUs;
        board.World.Trace.Add(board.Number, "link up");
        RepeatOld();
        board.RepeatHeartbeat();
        After(KeepAliveUs, Ping);
        board.Wake();
    }

    private void Acknowledged(ushort id)
    {
        if (_window.Take(id) is not null)
        {
            board.Wake();
        }
    }

    private void RetryUnacknowledged()
    {
        _isRetrying = false;
        foreach (var packet in _window.Repeat())
        {
            Send(packet);
        }

        StartRetrying();
    }

    private void StartRetrying()
    {
        if (!_isRetrying && !_window.IsEmpty)
        {
            _isRetrying = true;
            After(RetryUs, Retry);
        }
    }

    private void PingOrGiveUp()
    {
        var idleUs = board.World.Queue.NowUs - _lastSentUs;
        if (_awaitsPing)
        {
            Drop("no answer to a ping");
            return;
        }

        // As the library does it: a ping when nothing was sent for a keep-alive; it is given as long again to be answered. As the board's probe does
        // it (firmware/Esp32/LinkProbe.cs): also when nothing was heard for as long, for heartbeats alone are answered by nobody.
        if (idleUs >= KeepAliveUs / 2 || board.World.Queue.NowUs - _lastHeardUs >= KeepAliveUs)
        {
            _awaitsPing = true;
            Send(Packet.PingReq);
            After(KeepAliveUs, Ping);
        }
        else
        {
            After(KeepAliveUs - idleUs, Ping);
        }
    }

    private long KeepAliveUs => _request!.KeepAliveS * VirtualTime.Second;

    /// <summary>A receipt, a notice or a command may come again, by whoever has heard it.</summary>
    private void KeepCameDown(ApplicationMessage message)
    {
        const int keptMax = 8;
        if (message.Topic.EndsWith("/receipt", StringComparison.Ordinal) || message.Topic.EndsWith("/notice", StringComparison.Ordinal) || message.Topic.EndsWith("/command", StringComparison.Ordinal))
        {
            if (board.CameDown.Count == keptMax)
            {
                board.CameDown.RemoveAt(0);
            }

            board.CameDown.Add(message);
        }
    }

    /// <summary>Again what came; what came in a session of before; what came to another board; or the newest with a number that is still to come, by somebody who cannot sign it.</summary>
    public void ForgeDown(SimulatedBoard other, Dice dice)
    {
        const long aheadN = 1_000;
        var way = dice.Between(0, 3);
        var at = (int)dice.Between(0, 7);
        var from = way switch { 1 => board.CameDownBefore, 2 => other.CameDown, _ => board.CameDown };
        if (CurrentState != LinkState.Up || from.Count == 0 || _received.Count >= ReceivedMax)
        {
            return;
        }

        var sound = way == 3 ? from[^1] : from[at % from.Count];
        var text = Encoding.ASCII.GetString(sound.Payload.Span);
        if (way == 3)
        {
            var n = text.IndexOf("\"n\":", StringComparison.Ordinal) + 4;
            text = text[..n] + aheadN.ToString(System.Globalization.CultureInfo.InvariantCulture) + text[n..];
        }

        var topic = "gw/" + board.Device + sound.Topic[sound.Topic.LastIndexOf('/')..];
        board.World.Trace.Add(board.Number, "forged to it", way, text: topic);
        _received.Enqueue((new ApplicationMessage(topic, Encoding.ASCII.GetBytes(text), 1, false), true));
        board.Wake();
    }
}
