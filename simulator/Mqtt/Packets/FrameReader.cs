using System.Buffers;

namespace Gateway.Mqtt.Packets;

public enum FrameStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A whole packet is there.</summary>
    Complete,

    /// <summary>No packet can come of these bytes; the connection must be closed.</summary>
    Faulty,
}

/// <summary>
/// Cuts a byte stream into packets by the fixed header (section 2.2), and refuses a bad one by its header alone:
/// a client that announces 200 MB is gone after its fifth byte.
/// </summary>
public static class FrameReader
{
    /// <summary>The longest fixed header: one type byte and four length bytes, table 2.4.</summary>
    public const int MaxHeaderBytes = 5;

    /// <summary>Looks for one packet at the start of <paramref name="bytes"/>.</summary>
    /// <param name="maxPacketBytes">The largest packet accepted, fixed header included.</param>
    /// <param name="firstByte">Type and flags.</param>
    /// <param name="headerBytes">Length of the fixed header, 2 to 5, when complete.</param>
    /// <param name="bodyBytes">The Remaining Length, when complete.</param>
    public static FrameStatus TryRead(
        in ReadOnlySequence<byte> bytes, int maxPacketBytes, out byte firstByte, out int headerBytes, out int bodyBytes, out PacketFault fault)
    {
        fault = default;
        firstByte = 0;
        headerBytes = 0;
        bodyBytes = 0;
        Span<byte> copy = stackalloc byte[MaxHeaderBytes];
        scoped ReadOnlySpan<byte> header = bytes.FirstSpan;
        if (header.Length < MaxHeaderBytes && bytes.Length > header.Length)
        {
            int available = (int)Math.Min(MaxHeaderBytes, bytes.Length);
            bytes.Slice(0, available).CopyTo(copy);
            header = copy[..available];
        }
        if (header.IsEmpty)
            return FrameStatus.Incomplete;

        firstByte = header[0];
        if (!FlagsAreValid(firstByte, out fault))
            return FrameStatus.Faulty;

        int shift = 0;
        for (int i = 1; i < MaxHeaderBytes; i++)
        {
            if (i >= header.Length)
                return FrameStatus.Incomplete;
            bodyBytes |= (header[i] & 0x7f) << shift;
            shift += 7;
            if ((header[i] & 0x80) != 0)
                continue;

            headerBytes = i + 1;
            if (bodyBytes > maxPacketBytes - headerBytes)
            {
                fault = new PacketFault("maxPacketBytes", "The packet is larger than this end accepts.");
                return FrameStatus.Faulty;
            }
            return bytes.Length >= headerBytes + bodyBytes ? FrameStatus.Complete : FrameStatus.Incomplete;
        }

        fault = new PacketFault("MQTT-2.2.3", "The Remaining Length runs over four bytes.");
        return FrameStatus.Faulty;
    }

    /// <summary>Reserved flags must have the values of table 2.2 [MQTT-2.2.2-1], else the connection is closed [MQTT-2.2.2-2].</summary>
    private static bool FlagsAreValid(byte firstByte, out PacketFault fault)
    {
        int flags = firstByte & 0x0f;
        var type = (PacketType)(firstByte >> 4);
        fault = type switch
        {
            0 or (PacketType)15 => new PacketFault("MQTT-4.8.0-1", "Packet types 0 and 15 are reserved."),
            PacketType.Publish when (flags & 6) == 6 => new PacketFault("MQTT-3.3.1-4", "QoS 3 does not exist."),
            PacketType.Publish when (flags & 0b1110) == 0b1000 => new PacketFault("MQTT-3.3.1-2", "DUP is set in a QoS 0 PUBLISH."),
            PacketType.Publish => default,
            PacketType.PubRel when flags != 2 => new PacketFault("MQTT-3.6.1-1", "The flags of PUBREL are not 0010."),
            PacketType.Subscribe when flags != 2 => new PacketFault("MQTT-3.8.1-1", "The flags of SUBSCRIBE are not 0010."),
            PacketType.Unsubscribe when flags != 2 => new PacketFault("MQTT-3.10.1-1", "The flags of UNSUBSCRIBE are not 0010."),
            PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe => default,
            PacketType.Disconnect when flags != 0 => new PacketFault("MQTT-3.14.1-1", "The flags of DISCONNECT are not 0000."),
            _ when flags != 0 => new PacketFault("MQTT-2.2.2-2", "Reserved flags of the fixed header are set."),
            _ => default,
        };
        return !fault.IsFault;
    }
}
