using System.Runtime.CompilerServices;

namespace Gateway.Hub.Ingest;

/// <summary>
/// One flat JSON object as PROTOCOL.md section 2 allows it, parsed in place: no allocation, no recursion, every length bounded.
/// Far stricter than JSON: ASCII only, no nesting, arrays, null, fractions, exponents or escapes, no name twice [GW-5] [GW-6].
/// The parsed object points into the payload it came from.
/// </summary>
public ref struct FlatObject
{
    public const int MembersMax = 48;
    public const int NameCharsMax = 24;
    public const int TextCharsMax = 64;
    public const long IntegerMax = 9_007_199_254_740_991;
    private const int IntegerDigitsMax = 16;

    private readonly ReadOnlySpan<byte> _payload;
    private MemberBuffer _members;
    private int _count;
    private int _next;

    private FlatObject(ReadOnlySpan<byte> payload) => _payload = payload;

    public readonly int Count => _count;

    /// <summary>Parses <paramref name="payload"/>. False means the refusal `not-json`; nothing of the object may be used then.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out FlatObject parsed)
    {
        parsed = new FlatObject(payload);
        var at = SkipSpace(payload, 0);
        if (!Takes(payload, ref at, (byte)'{'))
        {
            return false;
        }

        at = SkipSpace(payload, at);
        if (Takes(payload, ref at, (byte)'}'))
        {
            return SkipSpace(payload, at) == payload.Length;
        }

        while (true)
        {
            if (parsed._count == MembersMax || !parsed.TryParseMember(ref at))
            {
                return false;
            }

            at = SkipSpace(payload, at);
            if (Takes(payload, ref at, (byte)','))
            {
                at = SkipSpace(payload, at);
                continue;
            }

            return Takes(payload, ref at, (byte)'}') && SkipSpace(payload, at) == payload.Length;
        }
    }

    /// <summary>Finds a member. Looks first where the last search ended: members mostly come in the order of the protocol's tables.</summary>
    internal bool TryFind(scoped ReadOnlySpan<byte> name, out Member member)
    {
        for (var i = 0; i < _count; i++)
        {
            var index = _next + i;
            index = index >= _count ? index - _count : index;
            member = _members[index];
            if (member.NameLength == name.Length && _payload.Slice(member.NameStart, member.NameLength).SequenceEqual(name))
            {
                _next = index + 1;
                return true;
            }
        }

        member = default;
        return false;
    }

    internal readonly ReadOnlySpan<byte> TextOf(scoped in Member member) => _payload.Slice(member.ValueStart, member.ValueLength);

    private bool TryParseMember(ref int at)
    {
        var payload = _payload;
        if (!TryParseText(payload, ref at, NameCharsMax, out var nameStart, out var nameLength) || nameLength == 0 || NameIsTaken(payload.Slice(nameStart, nameLength)))
        {
            return false;
        }

        at = SkipSpace(payload, at);
        if (!Takes(payload, ref at, (byte)':'))
        {
            return false;
        }

        at = SkipSpace(payload, at);
        if (at >= payload.Length)
        {
            return false;
        }

        var member = new Member { NameStart = nameStart, NameLength = nameLength };
        var ok = payload[at] switch
        {
            (byte)'"' => TryParseText(payload, ref at, TextCharsMax, out member.ValueStart, out member.ValueLength) && Set(ref member, MemberType.Text, 0),
            (byte)'t' => TakesWord(payload, ref at, "true"u8) && Set(ref member, MemberType.Boolean, 1),
            (byte)'f' => TakesWord(payload, ref at, "false"u8) && Set(ref member, MemberType.Boolean, 0),
            _ => TryParseInteger(payload, ref at, out var integer) && Set(ref member, MemberType.Integer, integer),
        };
        if (ok)
        {
            _members[_count++] = member;
        }

        return ok;
    }

    private readonly bool NameIsTaken(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _count; i++)
        {
            var other = _members[i];
            if (other.NameLength == name.Length && _payload.Slice(other.NameStart, other.NameLength).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Set(ref Member member, MemberType type, long integer)
    {
        member.Type = type;
        member.Integer = integer;
        return true;
    }

    private static bool TryParseText(ReadOnlySpan<byte> payload, ref int at, int charsMax, out int start, out int length)
    {
        start = at + 1;
        length = 0;
        if (!Takes(payload, ref at, (byte)'"'))
        {
            return false;
        }

        for (; at < payload.Length; at++)
        {
            var b = payload[at];
            if (b == (byte)'"')
            {
                length = at - start;
                at++;
                return length <= charsMax;
            }

            if (b is < 0x20 or > 0x7E or (byte)'\\')
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryParseInteger(ReadOnlySpan<byte> payload, ref int at, out long value)
    {
        value = 0;
        var negative = Takes(payload, ref at, (byte)'-');
        var first = at;
        while (at < payload.Length && payload[at] is >= (byte)'0' and <= (byte)'9')
        {
            if (at - first == IntegerDigitsMax)
            {
                return false;
            }

            value = (value * 10) + (payload[at++] - '0');
        }

        var digits = at - first;
        var leadingZero = digits > 0 && payload[first] == (byte)'0' && (digits > 1 || negative);
        if (digits == 0 || leadingZero || value > IntegerMax)
        {
            return false;
        }

        value = negative ? -value : value;
        return true;
    }

    private static int SkipSpace(ReadOnlySpan<byte> payload, int at)
    {
        while (at < payload.Length && payload[at] is 0x20 or 0x09 or 0x0A or 0x0D)
        {
            at++;
        }

        return at;
    }

    private static bool Takes(ReadOnlySpan<byte> payload, ref int at, byte expected)
    {
        if (at >= payload.Length || payload[at] != expected)
        {
            return false;
        }

        at++;
        return true;
    }

    private static bool TakesWord(ReadOnlySpan<byte> payload, ref int at, ReadOnlySpan<byte> word)
    {
        if (!payload[at..].StartsWith(word))
        {
            return false;
        }

        at += word.Length;
        return true;
    }

    internal enum MemberType : byte
    {
        Text,
        Integer,
        Boolean,
    }

    internal struct Member
    {
        public int NameStart;
        public int NameLength;
        public int ValueStart;
        public int ValueLength;
        public long Integer;
        public MemberType Type;
    }

    [InlineArray(MembersMax)]
    private struct MemberBuffer
    {
        private Member _first;
    }
}
