using Gateway.Mqtt.Packets;
using Gateway.World.Kernel;

namespace Gateway.World.Network;

/// <summary>One end of a connection.</summary>
public interface IWireEnd
{
    void Arrive(Wire wire, in Packet packet);

    /// <summary>The other end closed the connection, or reset it.</summary>
    void Closed(Wire wire);
}

/// <summary>
/// One TCP connection between a board and the hub: two streams of packets, each in order. What was sent arrives late or never, but never out of order and
/// never twice; an end that died without a word is noticed only by its silence.
/// </summary>
public sealed class Wire : IActor
{
    private const int ArriveUp = 0;
    private const int ArriveDown = 1;

    private readonly EventQueue _queue;
    private readonly NetworkPath _path;
    private readonly Lane _up;
    private readonly Lane _down;

    public Wire(EventQueue queue, NetworkPath path, IWireEnd board, IWireEnd hub)
    {
        _queue = queue;
        _path = path;
        _up = new Lane(hub);
        _down = new Lane(board);
        path.Wires.Add(this);
    }

    /// <summary>Null when that end has given up.</summary>
    public IWireEnd? BoardEnd => _down.End;

    /// <summary>What the hub's end keeps about this connection.</summary>
    public object? HubSide { get; set; }

    /// <param name="lagUs">How far the sender's own time is ahead of the world's: a board that stood still in the middle of a step sends after that.</param>
    public void SendUp(in Packet packet, long lagUs) => Send(_up, ArriveUp, new Item(packet, false), lagUs);

    /// <inheritdoc cref="SendUp"/>
    public void SendDown(in Packet packet, long lagUs) => Send(_down, ArriveDown, new Item(packet, false), lagUs);

    /// <summary>The board closes: it hears nothing more, and the hub hears of it in time.</summary>
    public void CloseFromBoard()
    {
        Send(_up, ArriveUp, new Item(default, true));
        Deafen(_down);
    }

    /// <summary>The hub closes, or the kernel of its machine does so for a dead process.</summary>
    public void CloseFromHub()
    {
        Send(_down, ArriveDown, new Item(default, true));
        Deafen(_up);
    }

    /// <summary>The board's power failed: no word of it reaches anyone.</summary>
    public void BoardDies() => Die(_down);

    /// <summary>The power of the hub's machine failed.</summary>
    public void HubDies() => Die(_up);

    /// <summary>That machine is there again and knows nothing of this connection: it answers what comes with a reset.</summary>
    public void HubReturns() => _up.IsDead = false;

    /// <summary>Something between forgets this connection, as a router does: nothing that is sent on it arrives any more, and nobody is told.</summary>
    public void Forget() => IsForgotten = true;

    public bool IsForgotten { get; private set; }

    void IActor.Happen(int code, long argument)
    {
        var lane = code == ArriveUp ? _up : _down;
        if (IsForgotten || argument != lane.Generation || !_path.Carries(code == ArriveUp) || !lane.Items.TryDequeue(out var item))
        {
            return;
        }

        if (lane.End is { } end)
        {
            if (item.IsClose)
            {
                Deafen(lane);
                end.Closed(this);
            }
            else
            {
                end.Arrive(this, item.Packet);
            }
        }
        else if (!item.IsClose && !lane.IsDead)
        {
            // Data for an end that is gone: its machine, which is still there, answers with a reset.
            var other = lane == _up ? _down : _up;
            if (other.End is not null && !other.IsClosing)
            {
                Send(other, code == ArriveUp ? ArriveDown : ArriveUp, new Item(default, true));
            }
        }
    }

    internal void PathChanged()
    {
        Resume(_up, ArriveUp);
        Resume(_down, ArriveDown);
    }

    private void Send(Lane lane, int code, Item item, long lagUs = 0)
    {
        if (lane.IsClosing)
        {
            return;
        }

        lane.IsClosing = item.IsClose;
        lane.Items.Enqueue(item);
        lane.LastArrivalUs = Math.Max(lane.LastArrivalUs, _queue.NowUs + lagUs + _path.DrawDelayUs());
        if (_path.Carries(code == ArriveUp))
        {
            _queue.At(lane.LastArrivalUs, this, code, lane.Generation);
        }
    }

    /// <summary>The path's state changed: what was on its way is sent again where it carries now, and held where it does not.</summary>
    private void Resume(Lane lane, int code)
    {
        lane.Generation++;
        if (!_path.Carries(code == ArriveUp) || lane.Items.Count == 0)
        {
            return;
        }

        lane.LastArrivalUs = _queue.NowUs + _path.DrawHealUs();
        for (var i = 0; i < lane.Items.Count; i++)
        {
            _queue.At(lane.LastArrivalUs, this, code, lane.Generation);
        }
    }

    private void Die(Lane lane)
    {
        lane.IsDead = true;
        Deafen(lane);
    }

    private void Deafen(Lane lane)
    {
        lane.End = null;
        if (_up.End is null && _down.End is null)
        {
            _path.Wires.Remove(this);
        }
    }

    private readonly record struct Item(Packet Packet, bool IsClose);

    /// <summary>One direction. Its end is who listens; null when nobody does any more.</summary>
    private sealed class Lane(IWireEnd end)
    {
        public IWireEnd? End { get; set; } = end;

        public Queue<Item> Items { get; } = new();

        public long LastArrivalUs { get; set; }

        public long Generation { get; set; }

        public bool IsClosing { get; set; }

        /// <summary>The machine at its end lost power: nothing there answers.</summary>
        public bool IsDead { get; set; }
    }
}
