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

    /// <summary>Longer names are not kept: the cache must stay small beside an idle connection.</summary>
    private const int MaxCachedBytes = 256;

    private readonly (byte[] Utf8, string Text)[] entries = new (byte[], string)[Slots];
    private int next;

    internal string? Find(ReadOnlySpan<byte> utf8)
    {
        foreach ((byte[] known, string text) in entries)
        {
            if (known is not null && utf8.SequenceEqual(known))
                return text;
        }
        return null;
    }

    internal string Add(ReadOnlySpan<byte> utf8)
    {
        string text = Encoding.UTF8.GetString(utf8);
        if (utf8.Length <= MaxCachedBytes)
        {
            entries[next] = (utf8.ToArray(), text);
            next = (next + 1) % Slots;
        }
        return text;
    }
}
