using System.Globalization;
using System.Text;

namespace Gateway.World.Kernel;

/// <summary>
/// What happened, in order. Each note goes into a running hash, by which two runs are compared without storing them, and into a ring of the last
/// notes, from which a violation is told. With a writer every note is also written as a line. A note allocates nothing unless it is written.
/// </summary>
public sealed class Trace(EventQueue clock, TextWriter? writer = null)
{
    /// <summary>Notes kept for the story of a violation: some minutes of a busy world.</summary>
    public const int RingNotes = 16_384;

    /// <summary>The party that stands for the hub.</summary>
    public const int HubParty = -1;

    /// <summary>The party that stands for the people at the station and the weather of faults.</summary>
    public const int WorldParty = -2;

    /// <summary>What a change of a lamp is called.</summary>
    public const string LampNote = "lamp";

    private readonly Note[] _ring = new Note[RingNotes];
    private ulong _hash = 14_695_981_039_346_656_037UL;

    public long Count { get; private set; }

    /// <summary>16 hex digits over everything noted so far.</summary>
    public string Hash => _hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <param name="party">A board's number, <see cref="HubParty"/> or <see cref="WorldParty"/>.</param>
    /// <param name="what">A constant; it is part of the hash.</param>
    /// <param name="text">Something that lives on anyway: notes keep it.</param>
    public void Add(int party, string what, long a = 0, long b = 0, string? text = null)
    {
        var note = new Note(clock.NowUs, party, what, a, b, text);
        _ring[Count++ % RingNotes] = note;
        Mix((ulong)note.TimeUs);
        Mix((ulong)party);
        Mix((ulong)a);
        Mix((ulong)b);
        Mix(what);
        Mix(text);
        writer?.Write(note.ToString() + "\n");
    }

    /// <summary>Somebody reads every event: what happens too often for the story, packets above all, is written too.</summary>
    public bool IsWritten => writer is not null;

    /// <summary>Written, and nothing else: it is in no hash and in no story. Ask <see cref="IsWritten"/> before the text is made.</summary>
    public void Write(int party, string what, string text) => writer?.Write(new Note(clock.NowUs, party, what, 0, 0, text) + "\n");

    /// <summary>
    /// The last notes of a party, and fewer of the hub and the world around it, oldest first. Lamps blink; they are left out here, and are in the full trace.
    /// </summary>
    public IReadOnlyList<string> Story(int party, int ownMax, int othersMax)
    {
        var lines = new List<string>();
        for (var i = Count - 1; i >= Math.Max(0, Count - RingNotes) && (ownMax > 0 || othersMax > 0); i--)
        {
            var note = _ring[i % RingNotes];
            var isOwn = note.Party == party;
            if (note.What == LampNote || (!isOwn && note.Party >= 0) || (isOwn ? ownMax-- : othersMax--) <= 0)
            {
                continue;
            }

            lines.Add(note.ToString());
        }

        lines.Reverse();
        return lines;
    }

    /// <summary>FNV-1a over whole numbers, with a rotation so that high digits count too. It compares runs; it guards against nobody.</summary>
    private void Mix(ulong number) => _hash = ulong.RotateLeft((_hash ^ number) * 1_099_511_628_211UL, 23);

    private void Mix(string? text)
    {
        foreach (var c in text ?? "")
        {
            Mix(c);
        }
    }

    private readonly record struct Note(long TimeUs, int Party, string What, long A, long B, string? Text)
    {
        public override string ToString()
        {
            var line = new StringBuilder();
            line.Append(CultureInfo.InvariantCulture, $"{VirtualTime.Text(TimeUs)} ");
            _ = Party switch
            {
                HubParty => line.Append("hub      "),
                WorldParty => line.Append("world    "),
                _ => line.Append(CultureInfo.InvariantCulture, $"board-{Party,-3}"),
            };
            line.Append(CultureInfo.InvariantCulture, $" {What}");
            foreach (var words in (ReadOnlySpan<string?>)[TraceWords.Of(What, A, B), Text])
            {
                if (!string.IsNullOrEmpty(words))
                {
                    line.Append(' ').Append(words);
                }
            }

            return line.ToString();
        }
    }
}

/// <summary>Virtual time as people read it.</summary>
public static class VirtualTime
{
    public const long Ms = 1_000;
    public const long Second = 1_000_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    /// <summary>In ticks of <see cref="TimeSpan"/>.</summary>
    public static long Ticks(long us) => us * TimeSpan.TicksPerMicrosecond;

    /// <summary>Days, then hours:minutes:seconds.milliseconds.</summary>
    public static string Text(long us) =>
        string.Create(CultureInfo.InvariantCulture, $"{us / Day}d {us / Hour % 24:00}:{us / Minute % 60:00}:{us / Second % 60:00}.{us / Ms % 1000:000}");
}
