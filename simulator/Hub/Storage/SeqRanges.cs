using Gateway.Hub.Ingest;

namespace Gateway.Hub.Storage;

/// <summary>Ranges of a lane as text: `5-7 9-9`.</summary>
internal static class SeqRanges
{
    public static string Write(IReadOnlyList<SeqRange> ranges) => string.Join(' ', ranges.Select(range => $"{range.First}-{range.Last}"));

    public static void Restore(LaneCursor cursor, uint through, string ahead)
    {
        if (through > 0)
        {
            cursor.Account(new SeqRange(1, through));
        }

        foreach (var part in ahead.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-');
            cursor.Account(new SeqRange(uint.Parse(part[..dash]), uint.Parse(part[(dash + 1)..])));
        }
    }
}
