using System.Buffers.Text;
using System.Text;
using Gateway.Hub.Ingest;

namespace Gateway.Hub.Delivery;

/// <summary>Writes one flat payload with its MAC (PROTOCOL.md sections 2 and 3). Values are the hub's own; what does not fit the protocol is a defect and throws.</summary>
public ref struct PayloadWriter
{
    private readonly Span<byte> _buffer;
    private int _length;

    public PayloadWriter(Span<byte> buffer)
    {
        _buffer = buffer;
        _length = 0;
        Append("{\"v\":1"u8);
    }

    public void Integer(string name, long value)
    {
        Name(name);
        if (!Utf8Formatter.TryFormat(value, _buffer[_length..], out var written))
        {
            throw new InvalidOperationException($"payload is longer than {_buffer.Length} bytes");
        }

        _length += written;
    }

    public void Text(string name, ReadOnlySpan<char> value)
    {
        Name(name);
        Append("\""u8);
        foreach (var c in value)
        {
            if (c is < ' ' or > '~' or '"' or '\\')
            {
                throw new ArgumentException($"{name} holds a character that the protocol does not allow", nameof(value));
            }

            _buffer[_length++] = (byte)c;
        }

        Append("\""u8);
    }

    public void Boolean(string name, bool value)
    {
        Name(name);
        Append(value ? "true"u8 : "false"u8);
    }

    /// <summary>Ends the object without a MAC; only `hub/status` has none.</summary>
    public byte[] Close()
    {
        Append("}"u8);
        return _buffer[.._length].ToArray();
    }

    /// <summary>Ends the object with its MAC [GW-9].</summary>
    public byte[] Close(MessageKey key, string topic)
    {
        Span<byte> mac = stackalloc byte[MessageKey.MacBytes];
        key.Compute(topic, _buffer[.._length], mac);
        Append(",\"mac\":\""u8);
        foreach (var b in mac)
        {
            _buffer[_length++] = Digit(b >> 4);
            _buffer[_length++] = Digit(b & 0xF);
        }

        Append("\"}"u8);
        return _buffer[.._length].ToArray();
    }

    private static byte Digit(int nibble) => (byte)(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);

    private void Name(string name)
    {
        Append(",\""u8);
        _length += Encoding.ASCII.GetBytes(name, _buffer[_length..]);
        Append("\":"u8);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[_length..]);
        _length += bytes.Length;
    }
}
