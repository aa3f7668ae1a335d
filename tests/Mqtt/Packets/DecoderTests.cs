using System.Buffers;
using System.Text;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Conformance;

namespace Gateway.Mqtt.Tests.Packets;

public sealed class DecoderTests
{
    private const string ConnectHead = "00 04 4D 51 54 54 04";

    [Theory]
    [InlineData("MQTT-4.8.0-1", "00 00", "type 0")]
    [InlineData("MQTT-4.8.0-1", "F0 00", "type 15")]
    [InlineData("MQTT-2.2.2-2", "11 00", "flags of CONNECT")]
    [InlineData("MQTT-2.2.2-2", "48 02 00 01", "flags of PUBACK")]
    [InlineData("MQTT-2.2.2-2", "C1 00", "flags of PINGREQ")]
    [InlineData("MQTT-3.14.1-1", "E1 00", "flags of DISCONNECT")]
    [InlineData("MQTT-3.6.1-1", "60 02 00 01", "flags of PUBREL")]
    [InlineData("MQTT-3.8.1-1", "80 06 00 01 00 01 61 00", "flags of SUBSCRIBE")]
    [InlineData("MQTT-3.10.1-1", "A0 05 00 01 00 01 61", "flags of UNSUBSCRIBE")]
    [InlineData("MQTT-3.3.1-4", "36 05 00 01 61 00 01", "QoS 3")]
    [InlineData("MQTT-3.3.1-2", "38 03 00 01 61", "DUP in QoS 0")]
    [InlineData("MQTT-2.2.3", "C0 80 80 80 80 01", "five length bytes")]
    [InlineData("maxPacketBytes", "30 FF FF FF 7F", "256 MiB announced")]
    [Proves("MQTT-2.2.2-1", "MQTT-2.2.2-2", "MQTT-3.14.1-1", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1", "MQTT-3.3.1-4", "MQTT-3.3.1-2", "MQTT-4.8.0-1")]
    public void A_bad_fixed_header_is_refused_before_its_body_arrives(string clause, string hex, string what)
    {
        byte[] bytes = Hex(hex);
        FrameStatus status = FrameReader.TryRead(new ReadOnlySequence<byte>(bytes), 1_048_576, out _, out _, out _, out PacketFault fault);
        Assert.Equal((FrameStatus.Faulty, clause, what), (status, fault.Clause, what));
    }

    /// <summary>Table 2.2, all of it: every type with every value of its four flag bits, as received; and what we send of each type.</summary>
    [Fact]
    [Proves("MQTT-2.2.2-1", "MQTT-2.2.2-2", "MQTT-3.14.1-1", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1", "MQTT-3.3.1-4", "MQTT-3.3.1-2")]
    public void Every_type_has_the_flags_of_table_2_2_and_no_others()
    {
        for (int first = 0; first <= byte.MaxValue; first++)
        {
            var type = (PacketType)(first >> 4);
            int flags = first & 15;
            bool isLegal = type switch
            {
                0 or (PacketType)15 => false,
                PacketType.Publish => flags is not (6 or 7 or 14 or 15) and not (8 or 9), // QoS 3; DUP without QoS
                PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe => flags == 2,
                _ => flags == 0,
            };
            FrameStatus status = FrameReader.TryRead(new ReadOnlySequence<byte>([(byte)first, 0]), 1_048_576, out _, out _, out _, out _);
            Assert.True((status == FrameStatus.Complete) == isLegal, $"{first:X2}: {status}");
        }
        Packet[] sent =
        [
            Packet.Connecting(new ConnectPacket { ClientId = "a" }), Packet.ConnAck(0, true), Packet.PubAck(1), Packet.PubRec(1), Packet.PubRel(1), Packet.PubComp(1),
            Packet.Subscribe(1, [new("a", 0)]), Packet.SubAck(1, [0]), Packet.Unsubscribe(1, ["a"]), Packet.UnsubAck(1), Packet.PingReq, Packet.PingResp, Packet.Disconnect,
        ];
        Assert.Equal("10 20 40 50 62 70 82 90 A2 B0 C0 D0 E0", string.Join(' ', sent.Select(static packet => $"{PacketEncoder.ToArray(packet)[0]:X2}")));
    }

    [Theory]
    [InlineData("MQTT-1.5.3-1", "30 04 00 02 C3 28", "MQTT-3.3.2-1")]
    [InlineData("MQTT-1.5.3-1", "82 08 00 01 00 03 ED A0 80 00", "MQTT-1.5.3-1")]
    [InlineData("MQTT-3.3.2-1", "30 05 00 03 ED A0 80", "MQTT-3.3.2-1")]
    [InlineData("MQTT-1.5.3-2", "30 03 00 01 00", "MQTT-1.5.3-2")]
    [InlineData("MQTT-4.7.3-2", "82 06 00 01 00 01 00 00", "MQTT-1.5.3-2")]
    [InlineData("MQTT-2.3.1-1", "32 05 00 01 61 00 00", "MQTT-2.3.1-1")]
    [InlineData("MQTT-2.3.1-1", "82 06 00 00 00 01 61 00", "MQTT-2.3.1-1")]
    [InlineData("MQTT-2.3.1-1", "A2 05 00 00 00 01 61", "MQTT-2.3.1-1")]
    [InlineData("MQTT-3.3.2-1", "30 00", "MQTT-4.8.0-1")]
    [InlineData("MQTT-3.3.2-1", "30 03 00 05 61", "MQTT-4.8.0-1")]
    [InlineData("MQTT-3.3.2-2", "30 03 00 01 23", "MQTT-3.3.2-2")]
    [InlineData("MQTT-4.7.1-1", "30 05 00 03 61 2F 2B", "MQTT-3.3.2-2")]
    [InlineData("MQTT-4.7.3-1", "30 02 00 00", "MQTT-4.7.3-1")]
    [InlineData("MQTT-4.7.3-1", "82 05 00 01 00 00 00", "MQTT-4.7.3-1")]
    [InlineData("MQTT-3.8.3-1", "82 07 00 01 00 02 C3 28 00", "MQTT-1.5.3-1")]
    [InlineData("MQTT-3.8.3-3", "82 02 00 01", "MQTT-3.8.3-3")]
    [InlineData("MQTT-3-8.3-4", "82 06 00 01 00 01 61 03", "MQTT-3-8.3-4")]
    [InlineData("MQTT-3-8.3-4", "82 06 00 01 00 01 61 41", "MQTT-3-8.3-4")]
    [InlineData("MQTT-3.10.3-1", "A2 06 00 01 00 02 C3 28", "MQTT-1.5.3-1")]
    [InlineData("MQTT-3.10.3-2", "A2 02 00 01", "MQTT-3.10.3-2")]
    [InlineData("MQTT-4.7.1-2", "82 08 00 01 00 03 61 2F 23 00", "")]
    [InlineData("MQTT-4.7.1-2", "82 07 00 01 00 02 61 23 00", "MQTT-4.7.1-2")]
    [InlineData("MQTT-4.7.1-2", "82 0A 00 01 00 05 61 2F 23 2F 62 00", "MQTT-4.7.1-2")]
    [InlineData("MQTT-4.7.1-3", "82 07 00 01 00 02 61 2B 00", "MQTT-4.7.1-3")]
    [InlineData("MQTT-4.7.1-3", "82 07 00 01 00 02 2B 61 00", "MQTT-4.7.1-3")]
    [InlineData("MQTT-4.7.1-3", "82 0A 00 01 00 05 2B 2F 61 2F 2B 00", "")]
    [InlineData("MQTT-3.9.3-2", "90 03 00 01 03", "MQTT-3.9.3-2")]
    [InlineData("MQTT-3.2.2-4", "20 02 01 05", "MQTT-3.2.2-4")]
    [InlineData("MQTT-4.8.0-1", "40 03 00 01 00", "MQTT-4.8.0-1")]
    [InlineData("MQTT-4.8.0-1", "C0 01 00", "MQTT-4.8.0-1")]
    [InlineData("MQTT-4.8.0-1", "40 01 00", "MQTT-4.8.0-1")]
    [Proves("MQTT-1.5.3-1", "MQTT-1.5.3-2", "MQTT-2.3.1-1", "MQTT-3.3.2-1", "MQTT-3.3.2-2", "MQTT-3.8.3-1", "MQTT-3.8.3-3", "MQTT-3-8.3-4", "MQTT-3.9.3-2",
        "MQTT-3.10.3-1", "MQTT-3.10.3-2", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-1", "MQTT-4.7.3-2", "MQTT-3.2.2-4", "MQTT-4.8.0-1")]
    public void A_bad_body_is_refused_with_the_statement_it_breaks(string about, string hex, string clause)
    {
        bool isValid = TryDecode(Hex(hex), out _, out PacketFault fault);
        Assert.True(clause.Length == 0 == isValid, $"{about}: {fault}");
        Assert.Equal(clause, fault.Clause ?? "");
    }

    [Theory]
    [InlineData("MQTT-3.1.2-1", "00 04 4D 51 54 55 04 02 00 00 00 01 61", "MQTT-3.1.2-1")]
    [InlineData("MQTT-3.1.2-1", "00 06 4D 51 49 73 64 70 03 02 00 00 00 01 61", "MQTT-3.1.2-1")]
    [InlineData("MQTT-3.1.2-3", ConnectHead + " 03 00 00 00 01 61", "MQTT-3.1.2-3")]
    [InlineData("MQTT-3.1.2-9", ConnectHead + " 06 00 00 00 01 61", "MQTT-4.7.3-1 or MQTT-4.8.0-1")]
    [InlineData("MQTT-3.1.2-9", ConnectHead + " 06 00 00 00 01 61 00 01 74", "MQTT-4.8.0-1")]
    [InlineData("MQTT-3.1.2-11", ConnectHead + " 02 00 00 00 01 61 00 01 74 00 01 78", "MQTT-4.8.0-1")]
    [InlineData("MQTT-3.1.2-13", ConnectHead + " 0A 00 00 00 01 61", "MQTT-3.1.2-13")]
    [InlineData("MQTT-3.1.2-11", ConnectHead + " 12 00 00 00 01 61", "MQTT-3.1.2-13")]
    [InlineData("MQTT-1.5.3-2", ConnectHead + " 02 00 00 00 01 00", "MQTT-1.5.3-2")]
    [InlineData("MQTT-1.5.3-2", ConnectHead + " 82 00 00 00 01 61 00 01 00", "MQTT-1.5.3-2")]
    [InlineData("MQTT-3.1.2-14", ConnectHead + " 1E 00 00 00 01 61 00 01 74 00 01 78", "MQTT-3.1.2-14")]
    [InlineData("MQTT-3.1.2-15", ConnectHead + " 22 00 00 00 01 61", "MQTT-3.1.2-15")]
    [InlineData("MQTT-3.1.2-18", ConnectHead + " 02 00 00 00 01 61 00 01 75", "MQTT-4.8.0-1")]
    [InlineData("MQTT-3.1.2-19", ConnectHead + " 82 00 00 00 01 61", "MQTT-4.8.0-1")]
    [InlineData("MQTT-3.1.2-20", ConnectHead + " 82 00 00 00 01 61 00 01 75 00 01 70", "MQTT-4.8.0-1")]
    [InlineData("MQTT-3.1.2-21", ConnectHead + " C2 00 00 00 01 61 00 01 75", "MQTT-4.8.0-1")]
    [InlineData("MQTT-3.1.2-22", ConnectHead + " 42 00 00 00 01 61 00 01 70", "MQTT-3.1.2-22")]
    [InlineData("MQTT-3.1.3-3", ConnectHead + " 02 00 00", "MQTT-4.8.0-1")]
    [InlineData("MQTT-3.1.3-4", ConnectHead + " 02 00 00 00 02 C3 28", "MQTT-1.5.3-1")]
    [InlineData("MQTT-3.1.3-10", ConnectHead + " 06 00 00 00 01 61 00 02 C3 28 00 01 78", "MQTT-1.5.3-1")]
    [InlineData("MQTT-3.1.3-11", ConnectHead + " 82 00 00 00 01 61 00 02 C3 28", "MQTT-1.5.3-1")]
    [InlineData("will topic", ConnectHead + " 06 00 00 00 01 61 00 01 23 00 01 78", "MQTT-3.3.2-2")]
    [Proves("MQTT-1.5.3-2", "MQTT-3.1.2-1", "MQTT-3.1.2-3", "MQTT-3.1.2-9", "MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.2-14", "MQTT-3.1.2-15", "MQTT-3.1.2-18",
        "MQTT-3.1.2-19", "MQTT-3.1.2-20", "MQTT-3.1.2-21", "MQTT-3.1.2-22", "MQTT-3.1.3-3", "MQTT-3.1.3-4", "MQTT-3.1.3-10", "MQTT-3.1.3-11", "MQTT-3.1.4-1")]
    public void A_bad_CONNECT_is_refused_with_the_statement_it_breaks(string about, string bodyHex, string clause)
    {
        byte[] body = Hex(bodyHex);
        bool isValid = TryDecode([0x10, (byte)body.Length, .. body], out _, out PacketFault fault);
        Assert.False(isValid, about);
        Assert.Contains(fault.Clause, clause.Split(" or "));
    }

    [Fact]
    [Proves("MQTT-3.1.3-1", "MQTT-3.1.3-3", "MQTT-3.1.2-9")]
    public void The_payload_of_CONNECT_is_read_in_its_fixed_order()
    {
        byte[] body = Hex(ConnectHead + " EE 01 2C 00 01 61 00 01 74 00 02 78 79 00 01 75 00 03 70 00 FF");
        Assert.True(TryDecode([0x10, (byte)body.Length, .. body], out Packet packet, out PacketFault fault), fault.ToString());
        ConnectPacket connect = packet.Connect;
        Assert.Equal(("a", true, (ushort)300, "u"), (connect.ClientId, connect.CleanSession, connect.KeepAliveSeconds, connect.UserName));
        Assert.Equal([0x70, 0x00, 0xFF], connect.Password);
        Assert.Equal(("t", (byte)1, true), (connect.Will!.Topic, connect.Will.Qos, connect.Will.Retain));
        Assert.Equal("xy"u8.ToArray(), connect.Will.Payload.ToArray());
    }

    [Fact]
    [Proves("MQTT-1.5.3-3")]
    public void A_byte_order_mark_is_a_character_like_any_other()
    {
        Assert.True(TryDecode(Hex("30 06 00 04 EF BB BF 61"), out Packet packet, out _));
        Assert.Equal("\uFEFFa", packet.Message.Topic);
        Assert.Equal(Hex("30 06 00 04 EF BB BF 61"), PacketEncoder.ToArray(packet));
    }

    [Fact]
    [Proves("MQTT-2.3.1-5")]
    public void A_QoS_0_PUBLISH_has_no_identifier()
    {
        Assert.True(TryDecode(Hex("30 05 00 01 61 12 34"), out Packet packet, out _));
        Assert.Equal((0, 2), (packet.Id, packet.Message.Payload.Length));
        Assert.Equal(5, PacketEncoder.ToArray(Packet.Publish(packet.Message with { Payload = default }, 0, false, id: 99, dup: true)).Length);
    }

    [Fact]
    [Proves("MQTT-4.7.3-3")]
    public void A_topic_of_65_535_bytes_is_carried_and_a_longer_one_refused()
    {
        string longest = new('a', 65_535);
        byte[] bytes = PacketEncoder.ToArray(Packet.Publish(new(longest, default, 0, false), 0, false, 0, false));
        Assert.True(TryDecode(bytes, out Packet packet, out _));
        Assert.Equal(longest, packet.Message.Topic);
        Assert.Equal("MQTT-4.7.3-3", TopicRules.CheckName(longest + "a").Clause);
        Assert.Equal("MQTT-4.7.3-3", TopicRules.CheckFilter(new string('\u00E9', 32_768)).Clause);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(16_383, 2)]
    [InlineData(16_384, 3)]
    [InlineData(2_097_151, 3)]
    [InlineData(2_097_152, 4)]
    [InlineData(268_435_455, 4)]
    public void Remaining_Length_takes_the_bytes_of_table_2_4(int length, int bytes)
    {
        var header = new List<byte> { 0x30 };
        int rest = length;
        do
        {
            header.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
            rest >>= 7;
        }
        while (rest > 0);
        FrameStatus status = FrameReader.TryRead(
            new ReadOnlySequence<byte>([.. header]), int.MaxValue, out _, out int headerBytes, out int bodyBytes, out PacketFault fault);
        Assert.Equal((bytes + 1, length, false), (headerBytes, bodyBytes, fault.IsFault));
        Assert.Equal(length == 0 ? FrameStatus.Complete : FrameStatus.Incomplete, status);
    }

    [Fact]
    public void A_known_topic_costs_no_new_string_and_a_wrong_one_never_becomes_known()
    {
        var cache = new TopicCache();
        byte[] publish = Hex("30 04 00 01 61 78");
        Assert.True(PacketDecoder.TryDecode(0x30, publish.AsSpan(2), cache, out Packet first, out _));
        Assert.True(PacketDecoder.TryDecode(0x30, publish.AsSpan(2), cache, out Packet second, out _));
        Assert.Same(first.Message.Topic, second.Message.Topic);
        for (int i = 0; i < 2; i++)
            Assert.False(PacketDecoder.TryDecode(0x30, Hex("00 01 23"), cache, out _, out _));
    }

    internal static bool TryDecode(byte[] bytes, out Packet packet, out PacketFault fault)
    {
        packet = default;
        FrameStatus status = FrameReader.TryRead(
            new ReadOnlySequence<byte>(bytes), int.MaxValue, out byte first, out int header, out int body, out fault);
        Assert.True(status != FrameStatus.Incomplete, "The test's packet is not whole.");
        return status == FrameStatus.Complete && PacketDecoder.TryDecode(first, bytes.AsSpan(header, body), null, out packet, out fault);
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
