// Package nanoFramework.CoreLibrary 1.17.11 (obsolete there, but still what Crc32 and FileStream take).
// A view of bytes of an array. Out of range throws; the empty one has no array.
namespace System;

public readonly struct SpanByte
{
    readonly byte[]? array;
    readonly int start;

    public SpanByte(byte[] array) : this(array, 0, array?.Length ?? 0) { }

    public SpanByte(byte[] array, int start, int length)
    {
        if (start < 0 || length < 0 || start + length > (array?.Length ?? 0)) throw new ArgumentOutOfRangeException(nameof(length));
        this.array = array;
        this.start = start;
        Length = length;
    }

    public static SpanByte Empty => new(null!, 0, 0);

    public bool IsEmpty => Length == 0;

    public int Length { get; }

    public byte this[int index]
    {
        get => array![Index(index)];
        set => array![Index(index)] = value;
    }

    public void CopyTo(SpanByte destination)
    {
        if (destination.Length < Length) throw new ArgumentException("The destination is shorter than the source.");
        if (Length > 0) Array.Copy(array!, start, destination.array!, destination.start, Length);
    }

    public SpanByte Slice(int start) => Slice(start, Length - start);

    public SpanByte Slice(int start, int length)
    {
        if (start < 0 || length < 0 || start + length > Length) throw new ArgumentOutOfRangeException(nameof(length));
        return new SpanByte(array!, this.start + start, length);
    }

    public byte[] ToArray()
    {
        var copy = new byte[Length];
        if (Length > 0) Array.Copy(array!, start, copy, 0, Length);
        return copy;
    }

    /// <summary>For the other shims only: the board has no spans.</summary>
    internal ReadOnlySpan<byte> AsReadOnlySpan() => new(array, start, Length);

    public static implicit operator SpanByte(byte[] array) => new(array);

    int Index(int index) => (uint)index < (uint)Length ? start + index : throw new IndexOutOfRangeException();
}
