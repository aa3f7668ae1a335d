using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Proof;

namespace Gateway.Mqtt.Tests.Packets;

/// <summary>FsCheck draws the seeds and shrinks them; a failure prints the seed that replays it.</summary>
public sealed class CodecPropertyTests
{
    private static Arbitrary<int> Seeds => Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Every_packet_survives_the_codec_and_its_length_is_foretold()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Seeds, seed =>
        {
            Packet packet = new PacketGenerator(seed).Next();
            byte[] bytes = PacketEncoder.ToArray(packet);
            Assert.Equal(bytes.Length, PacketEncoder.Measure(packet));
            Assert.True(DecoderTests.TryDecode(bytes, out Packet decoded, out PacketFault fault), $"seed {seed}: {fault}");
            Assert.Equal(PacketGenerator.Describe(packet), PacketGenerator.Describe(decoded));
        }));
    }

    [Fact]
    public void A_packet_in_pieces_is_incomplete_until_its_last_byte()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Seeds, seed =>
        {
            byte[] bytes = PacketEncoder.ToArray(new PacketGenerator(seed).Next());
            for (int length = 0; length <= bytes.Length; length += bytes.Length - length is > 40 and < 19_000 && length > 40 ? 97 : 1)
            {
                FrameStatus status = FrameReader.TryRead(Split(bytes.AsMemory(0, length)), int.MaxValue, out _, out _, out _, out PacketFault fault);
                Assert.True(status == (length == bytes.Length ? FrameStatus.Complete : FrameStatus.Incomplete), $"seed {seed}, {length} bytes: {status} {fault}");
            }
        }));
    }

    [Fact]
    public void What_decodes_encodes_to_packets_that_decode_to_the_same()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(Seeds, seed =>
        {
            var generator = new PacketGenerator(seed);
            byte[] mutant = generator.Mutate(PacketEncoder.ToArray(generator.Next()));
            FrameStatus status = FrameReader.TryRead(
                new ReadOnlySequence<byte>(mutant), 1_000_000, out byte first, out int header, out int body, out PacketFault fault);
            Assert.True(status == FrameStatus.Faulty == fault.IsFault, $"seed {seed}");
            if (status != FrameStatus.Complete)
                return;
            if (!PacketDecoder.TryDecode(first, mutant.AsSpan(header, body), null, out Packet packet, out fault))
            {
                Assert.True(fault.IsFault, $"seed {seed}");
                return;
            }
            if (packet.Type == PacketType.Connect && packet.Connect.ProtocolLevel != ConnectPacket.Level311)
                return;
            byte[] again = PacketEncoder.ToArray(packet);
            Assert.True(DecoderTests.TryDecode(again, out Packet decoded, out fault), $"seed {seed}: {fault}");
            Assert.Equal(PacketGenerator.Describe(packet), PacketGenerator.Describe(decoded));
        }));
    }

    /// <summary>One segment for each byte: the hardest way for bytes to arrive.</summary>
    private static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 2)
            return new ReadOnlySequence<byte>(bytes);
        var first = new Segment(bytes[..1], 0);
        Segment last = first;
        int single = Math.Min(bytes.Length, 8);
        for (int i = 1; i < single; i++)
            last = last.Append(bytes.Slice(i, 1));
        if (single < bytes.Length)
            last = last.Append(bytes[single..]);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
