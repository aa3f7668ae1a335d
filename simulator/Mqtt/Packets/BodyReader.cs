using System.Buffers.Binary;
using System.Text;

namespace Gateway.Mqtt.Packets;

/// <summary>
/// Reads the fields of one packet's body, left to right, never past its end. The first fault stays: later reads return empty values,
/// so that a decoder reads straight through and looks at <see cref="Fault"/> once.
/// </summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> rest = body;

    public PacketFault Fault { get; private set; }

    public readonly bool AtEnd => rest.IsEmpty;

    public void Fail(string clause, string reason)
    {
        if (!Fault.IsFault)
            Fault = new PacketFault(clause, reason);
        rest = default;
    }

    public byte Byte()
    {
        if (rest.IsEmpty)
        {
            Fail("MQTT-4.8.0-1", "The packet ends inside a field.");
            return 0;
        }
        byte value = rest[0];
        rest = rest[1..];
        return value;
    }

    public ushort TwoBytes()
    {
        if (rest.Length < 2)
        {
            Fail("MQTT-4.8.0-1", "The packet ends inside a field.");
            return 0;
        }
        ushort value = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[2..];
        return value;
    }

    /// <summary>A packet identifier, which is never 0 [MQTT-2.3.1-1].</summary>
    public ushort PacketId()
    {
        ushort id = TwoBytes();
        if (id == 0)
            Fail("MQTT-2.3.1-1", "The packet identifier is 0.");
        return id;
    }

    /// <summary>Bytes behind a two-byte length.</summary>
    public ReadOnlySpan<byte> Binary()
    {
        int length = TwoBytes();
        if (rest.Length < length)
        {
            Fail("MQTT-4.8.0-1", "A length field points past the end of the packet.");
            return default;
        }
        ReadOnlySpan<byte> value = rest[..length];
        rest = rest[length..];
        return value;
    }

    /// <summary>The bytes of a UTF-8 string, proved well-formed [MQTT-1.5.3-1] and without U+0000 [MQTT-1.5.3-2].</summary>
    public ReadOnlySpan<byte> Utf8()
    {
        ReadOnlySpan<byte> value = Binary();
        if (value.Contains((byte)0))
        {
            Fail("MQTT-1.5.3-2", "A string contains U+0000.");
            return default;
        }
        if (!System.Text.Unicode.Utf8.IsValid(value))
        {
            Fail("MQTT-1.5.3-1", "A string is not well-formed UTF-8.");
            return default;
        }
        return value;
    }

    /// <summary>A UTF-8 string. U+FEFF stays where it is [MQTT-1.5.3-3].</summary>
    public string Text() => Encoding.UTF8.GetString(Utf8());

    public ReadOnlySpan<byte> Rest()
    {
        ReadOnlySpan<byte> value = rest;
        rest = default;
        return value;
    }
}
