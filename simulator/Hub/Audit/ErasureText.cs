using System.Globalization;

namespace Gateway.Hub.Audit;

/// <summary>The content of an erasure entry: the numbers of the entries whose contents are gone, as ranges: "4 7-9".</summary>
internal static class ErasureText
{
    /// <summary>Numbers in one entry; more take more entries.</summary>
    public const int NumbersMax = 1_000;

    public static string Write(IReadOnlyList<long> ascending)
    {
        var parts = new List<string>();
        for (var i = 0; i < ascending.Count;)
        {
            var last = i;
            while (last + 1 < ascending.Count && ascending[last + 1] == ascending[last] + 1)
            {
                last++;
            }

            parts.Add(last == i ? Number(ascending[i]) : $"{Number(ascending[i])}-{Number(ascending[last])}");
            i = last + 1;
        }

        return string.Join(' ', parts);
    }

    /// <summary>The numbers; what is none is left out, so that a foreign text explains nothing.</summary>
    public static IEnumerable<long> Read(string text)
    {
        var left = NumbersMax;
        foreach (var part in text.Split(' '))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryNumber(ends[0], out var first) || !TryNumber(ends[^1], out var last))
            {
                continue;
            }

            for (var seq = first; seq <= last && left > 0; seq++, left--)
            {
                yield return seq;
            }
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
