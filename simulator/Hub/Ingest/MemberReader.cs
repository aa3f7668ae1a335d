using System.Text;

namespace Gateway.Hub.Ingest;

/// <summary>
/// Reads the members of a parsed payload with their types and bounds [GW-7]. The first offence is kept (<see cref="Refusal"/>, <see cref="Member"/>);
/// what is read after it is a harmless default, so a reader of messages needs one check at its end.
/// </summary>
public ref struct MemberReader
{
    private FlatObject _object;

    public MemberReader(FlatObject parsed) => _object = parsed;

    /// <summary>Null, or the name of the refusal.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The member that was refused.</summary>
    public string? Member { get; private set; }

    /// <summary>For members that are optional.</summary>
    public bool Has(ReadOnlySpan<byte> name) => _object.TryFind(name, out _);

    public long Integer(ReadOnlySpan<byte> name, long min, long max)
    {
        if (!Find(name, FlatObject.MemberType.Integer, out var member))
        {
            return min;
        }

        if (member.Integer < min || member.Integer > max)
        {
            Refuse(MessageRefusals.OutOfRange, name);
            return min;
        }

        return member.Integer;
    }

    public bool Boolean(ReadOnlySpan<byte> name) => Find(name, FlatObject.MemberType.Boolean, out var member) && member.Integer != 0;

    /// <summary>A string of <paramref name="charsMin"/>..<paramref name="charsMax"/> characters.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> name, int charsMin, int charsMax)
    {
        if (!Find(name, FlatObject.MemberType.Text, out var member))
        {
            return default;
        }

        if (member.ValueLength < charsMin || member.ValueLength > charsMax)
        {
            Refuse(MessageRefusals.OutOfRange, name);
            return default;
        }

        return _object.TextOf(member);
    }

    /// <summary>Exactly <paramref name="digits"/> lower-case hex digits.</summary>
    public ulong Hex(ReadOnlySpan<byte> name, int digits)
    {
        var text = Text(name, digits, digits);
        ulong value = 0;
        foreach (var b in text)
        {
            var nibble = HexDigit(b);
            if (nibble < 0)
            {
                Refuse(MessageRefusals.OutOfRange, name);
                return 0;
            }

            value = (value << 4) | (uint)nibble;
        }

        return value;
    }

    /// <summary>A lane's epoch: 8 hex digits, not all zero.</summary>
    public uint Epoch(ReadOnlySpan<byte> name)
    {
        var epoch = (uint)Hex(name, 8);
        if (epoch == 0)
        {
            Refuse(MessageRefusals.OutOfRange, name);
        }

        return epoch;
    }

    /// <summary>One of the given words; its index. An unknown word is out of range.</summary>
    public int OneOf(ReadOnlySpan<byte> name, ReadOnlySpan<string> words)
    {
        var text = Text(name, 0, FlatObject.TextCharsMax);
        for (var i = 0; i < words.Length; i++)
        {
            if (Ascii.Equals(text, words[i]))
            {
                return i;
            }
        }

        Refuse(MessageRefusals.OutOfRange, name);
        return 0;
    }

    /// <summary>A name of letters, digits and hyphens.</summary>
    public string Name(ReadOnlySpan<byte> name, int charsMin, int charsMax, bool mayBeUpperCase = true)
    {
        var text = Text(name, charsMin, charsMax);
        foreach (var b in text)
        {
            if ((!char.IsAsciiLetterOrDigit((char)b) && b != (byte)'-') || (!mayBeUpperCase && char.IsAsciiLetterUpper((char)b)))
            {
                Refuse(MessageRefusals.OutOfRange, name);
                return "";
            }
        }

        return text.IsEmpty ? "" : Encoding.ASCII.GetString(text);
    }

    /// <summary>Refuses by rule of a caller, unless something was refused before.</summary>
    public void Refuse(string refusal, ReadOnlySpan<byte> member)
    {
        Refusal ??= refusal;
        Member ??= Encoding.ASCII.GetString(member);
    }

    internal static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        _ => -1,
    };

    private bool Find(ReadOnlySpan<byte> name, FlatObject.MemberType type, out FlatObject.Member member)
    {
        if (!_object.TryFind(name, out member))
        {
            Refuse(MessageRefusals.MissingMember, name);
            return false;
        }

        if (member.Type != type)
        {
            Refuse(MessageRefusals.OutOfRange, name);
            return false;
        }

        return true;
    }
}
