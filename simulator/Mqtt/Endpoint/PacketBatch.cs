using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;

namespace Gateway.Mqtt.Endpoint;

/// <summary>What one read of a connection held: whole packets, then perhaps a fault or the beginning of another packet.</summary>
internal sealed class PacketBatch
{
    /// <summary>More packets than this go into the next batch, so that one busy client cannot hold the pump for long.</summary>
    public const int MaxPackets = 256;

    public List<Packet> Packets { get; } = [];

    /// <summary>The judgement on the first CONNECT in <see cref="Packets"/>.</summary>
    public ConnectVerdict Verdict { get; set; }

    public PacketFault Fault { get; set; }

    public bool HasPartialPacket { get; set; }

    public int Bytes { get; set; }

    public bool IsEmpty => Packets.Count == 0 && !Fault.IsFault && !HasPartialPacket;

    public void Clear()
    {
        Packets.Clear();
        Verdict = default;
        Fault = default;
        HasPartialPacket = false;
        Bytes = 0;
    }
}
