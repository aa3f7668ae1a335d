using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.World.Boards;

/// <summary>What the library on the board holds until it is acknowledged: in RAM, bounded, tried three times and then forgotten without a word.</summary>
internal sealed class PublishWindow
{
    // As in the adapter on the board (firmware/Esp32/M2MqttLink.cs).
    private const int UnacknowledgedMax = 40;
    private const int TriesMax = 3;

    private readonly List<Unacknowledged> _waiting = [];

    public bool IsFull => _waiting.Count >= UnacknowledgedMax;

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(in Packet packet) => _waiting.Add(new Unacknowledged(packet, 1));

    public void Clear() => _waiting.Clear();

    /// <summary>What was acknowledged; null when nothing of that number waits.</summary>
    public ApplicationMessage? Take(ushort id)
    {
        var index = _waiting.FindIndex(waiting => waiting.Packet.Id == id);
        if (index < 0)
        {
            return null;
        }

        var message = _waiting[index].Packet.Message;
        _waiting.RemoveAt(index);
        return message;
    }

    /// <summary>What is to be sent once more, the newest first, as the library does it.</summary>
    public List<Packet> Repeat()
    {
        var again = new List<Packet>();
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var (packet, tries) = _waiting[i];
            if (tries == TriesMax)
            {
                _waiting.RemoveAt(i);
                continue;
            }

            _waiting[i] = new Unacknowledged(packet, tries + 1);
            again.Add(Packet.Publish(packet.Message, 1, packet.Message.Retain, packet.Id, dup: true));
        }

        return again;
    }

    private readonly record struct Unacknowledged(Packet Packet, int Tries);
}
