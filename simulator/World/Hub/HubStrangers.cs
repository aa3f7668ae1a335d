using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;

namespace Gateway.World.Hub;

/// <content>Connections of nobody's board: whoever found the endpoint on the network and tries what he knows.</content>
public sealed partial class SimulatedHub
{
    /// <summary>Somebody connects, says this as the first word, and then one thing more if he may.</summary>
    /// <returns>What the endpoint answered to each, and whether the connection was over then; null when nobody listens.</returns>
    public StrangerHeard? Knock(in Packet first, in Packet then)
    {
        if (_broker is null)
        {
            return null;
        }

        var stranger = new Stranger();
        var connections = _broker.Counters.Connections;
        if (!_broker.Open(stranger, Now.MonotonicMs))
        {
            return null;
        }

        if (first.Type == PacketType.Connect)
        {
            _broker.Connect(stranger, first.Connect, _broker.Judge(first.Connect, null, null), Now.MonotonicMs);
        }
        else
        {
            _broker.Receive(stranger, first, Now.MonotonicMs);
        }

        var answers = TakeAll(stranger);
        var isOver = stranger.State == ConnectionState.Ended;
        _broker.Receive(stranger, then, Now.MonotonicMs);
        var further = TakeAll(stranger);
        _broker.Lost(stranger, "the stranger has gone", Now.MonotonicMs);
        Settle();
        return new StrangerHeard(answers, isOver, further, _broker.Counters.Connections == connections);
    }

    private List<Packet> TakeAll(Stranger stranger)
    {
        var packets = new List<Packet>();
        while (_broker!.TryTake(stranger, out var packet))
        {
            packets.Add(packet);
        }

        return packets;
    }

    /// <summary>A connection without a board.</summary>
    private sealed class Stranger : ServerConnection;
}

/// <summary>What a stranger got from the endpoint.</summary>
/// <param name="First">The answers to the first word.</param>
/// <param name="IsOver">The endpoint ended the connection at once.</param>
/// <param name="Then">The answers to the second.</param>
/// <param name="IsForgotten">It holds no more connections than before.</param>
public sealed record StrangerHeard(List<Packet> First, bool IsOver, List<Packet> Then, bool IsForgotten);
