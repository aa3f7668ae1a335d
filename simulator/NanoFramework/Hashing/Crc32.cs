// Package nanoFramework.System.IO.Hashing 1.0.40.
// CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320), native on the board. Results are the same; eight bytes at a time (slicing by 8), because the proofs recover a
// full journal a million times.
using System.Buffers.Binary;

namespace System.IO.Hashing;

public class Crc32
{
    const int Slices = 8;

    static readonly uint[][] tables = MakeTables();
    uint state = uint.MaxValue;

    public void Append(byte data) => state = tables[0][(byte)(state ^ data)] ^ (state >> 8);

    public void Append(byte[] source) => Append(source.AsSpan());

    public void Append(SpanByte source) => Append(source.AsReadOnlySpan());

    public uint GetCurrentHashAsUInt32() => ~state;

    public void Reset() => state = uint.MaxValue;

    public static uint HashToUInt32(SpanByte source)
    {
        var crc = new Crc32();
        crc.Append(source);
        return crc.GetCurrentHashAsUInt32();
    }

    void Append(ReadOnlySpan<byte> source)
    {
        var (crc, t) = (state, tables);
        for (; source.Length >= Slices; source = source[Slices..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(source);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
            crc = t[7][(byte)low] ^ t[6][(byte)(low >> 8)] ^ t[5][(byte)(low >> 16)] ^ t[4][low >> 24]
                ^ t[3][(byte)high] ^ t[2][(byte)(high >> 8)] ^ t[1][(byte)(high >> 16)] ^ t[0][high >> 24];
        }

        foreach (var data in source) crc = t[0][(byte)(crc ^ data)] ^ (crc >> 8);
        state = crc;
    }

    /// <summary>Table k holds the CRC of one byte followed by k zero bytes.</summary>
    static uint[][] MakeTables()
    {
        var made = new uint[Slices][];
        made[0] = MakeTable();
        for (var k = 1; k < Slices; k++) made[k] = [.. made[k - 1].Select(value => made[0][(byte)value] ^ (value >> 8))];
        return made;
    }

    static uint[] MakeTable()
    {
        var values = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
            values[i] = value;
        }
        return values;
    }
}
