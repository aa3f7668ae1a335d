// Package nanoFramework.System.IO.Hashing 1.0.40.
// CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320), native on the board. Results are the same; the speed is not modelled.
namespace System.IO.Hashing;

public class Crc32
{
    static readonly uint[] table = MakeTable();
    uint state = uint.MaxValue;

    public void Append(byte data) => state = table[(byte)(state ^ data)] ^ (state >> 8);

    public void Append(byte[] source) => Append(new SpanByte(source));

    public void Append(SpanByte source)
    {
        for (var i = 0; i < source.Length; i++) Append(source[i]);
    }

    public uint GetCurrentHashAsUInt32() => ~state;

    public void Reset() => state = uint.MaxValue;

    public static uint HashToUInt32(SpanByte source)
    {
        var crc = new Crc32();
        crc.Append(source);
        return crc.GetCurrentHashAsUInt32();
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
