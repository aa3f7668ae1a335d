using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using nanoFramework.M2Mqtt.Messages;

namespace nanoFramework.M2Mqtt;

/// <summary>What M2Mqtt keeps in RAM of a message on its way: it is gone with the connection.</summary>
sealed class InflightMessage(ushort id, bool needsAnswer, Func<bool, Packet> packet)
{
    public ushort Id => id;

    /// <summary>False for QoS 0: sent once and forgotten.</summary>
    public bool NeedsAnswer => needsAnswer;

    public bool IsPublish { get; private init; }
    public int Attempts { get; set; }
    public long SentAt { get; set; }

    public Packet ToPacket() => packet(Attempts > 1);

    public static InflightMessage Publish(ushort id, string topic, byte[] payload, MqttQoSLevel qos, bool retain)
    {
        var message = new ApplicationMessage(topic, payload, (byte)qos, retain);
        return new InflightMessage(id, qos != MqttQoSLevel.AtMostOnce, dup => Packet.Publish(message, (byte)qos, retain, id, dup)) { IsPublish = true };
    }

    public static InflightMessage Subscribe(ushort id, string[] topics, MqttQoSLevel[] levels) =>
        new(id, true, _ => Packet.Subscribe(id, topics.Select((topic, i) => new SubscribeRequest(topic, (byte)levels[i])).ToArray()));

    public static InflightMessage Unsubscribe(ushort id, string[] topics) => new(id, true, _ => Packet.Unsubscribe(id, topics));
}
