using System.Text;

namespace Gateway.Mqtt.Packets;

/// <summary>
/// The last few topic names of one connection, so that a client that publishes on the same topics again costs neither a new string nor a new check.
/// Oldest out first.
/// </summary>
public sealed class TopicCache
{
    /// <summary>A device uses three or four topics; more would only make the search longer.</summary>
    private const int Slots = 4;

    /// <summary>Longer names, and such as are not plain ASCII, are not kept: the cache must stay small beside an idle connection.</summary>
    private const int MaxCachedBytes = 256;

    private readonly string?[] entries = new string?[Slots];
    private int next;

    internal string? Find(ReadOnlySpan<byte> utf8)
    {
        foreach (string? known in entries)
        {
            if (known is not null && Ascii.Equals(utf8, known))
                return known;
        }
        return null;
    }

    internal string Add(ReadOnlySpan<byte> utf8)
    {
        string text = Encoding.UTF8.GetString(utf8);
        if (utf8.Length <= MaxCachedBytes && Ascii.IsValid(utf8))
        {
            entries[next] = text;
            next = (next + 1) % Slots;
        }
        return text;
    }
}
