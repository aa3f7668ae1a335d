using System.Text;

namespace Gateway.Mqtt.Packets;

/// <summary>What topic names and topic filters may look like, section 4.7. No normalization anywhere [MQTT-4.7.3-4].</summary>
public static class TopicRules
{
    /// <summary>The longest topic name or filter that the wire can carry, in UTF-8 bytes [MQTT-4.7.3-3].</summary>
    public const int MaxTopicBytes = 65_535;

    /// <summary>At least one character [MQTT-4.7.3-1], no wildcard [MQTT-3.3.2-2], [MQTT-4.7.1-1].</summary>
    public static PacketFault CheckName(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return new PacketFault("MQTT-4.7.3-1", "The topic name is empty.");
        return utf8.ContainsAny((byte)'+', (byte)'#')
            ? new PacketFault("MQTT-3.3.2-2", "The topic name contains a wildcard character.")
            : default;
    }

    /// <summary>The same for a name that did not come over the wire, together with what makes a string sendable at all.</summary>
    public static PacketFault CheckName(string topic)
    {
        PacketFault fault = CheckText(topic);
        if (fault.IsFault)
            return fault;
        return topic.AsSpan().ContainsAny('+', '#')
            ? new PacketFault("MQTT-4.7.1-1", "The topic name contains a wildcard character.")
            : default;
    }

    /// <summary>'#' alone or last after '/' [MQTT-4.7.1-2]; '+' fills its level [MQTT-4.7.1-3]; at least one character [MQTT-4.7.3-1].</summary>
    public static PacketFault CheckFilter(string filter)
    {
        PacketFault fault = CheckText(filter);
        if (fault.IsFault)
            return fault;
        for (int i = 0; i < filter.Length; i++)
        {
            bool startsLevel = i == 0 || filter[i - 1] == '/';
            bool endsFilter = i == filter.Length - 1;
            if (filter[i] == '#' && !(startsLevel && endsFilter))
                return new PacketFault("MQTT-4.7.1-2", "'#' is not alone in the last level of the filter.");
            if (filter[i] == '+' && !(startsLevel && (endsFilter || filter[i + 1] == '/')))
                return new PacketFault("MQTT-4.7.1-3", "'+' does not fill its level of the filter.");
        }
        return default;
    }

    /// <summary>The number of levels: one more than the number of '/'.</summary>
    public static int CountLevels(ReadOnlySpan<char> topic) => topic.Count('/') + 1;

    /// <summary>Does the filter match the name, section 4.7? Wildcards never match a first level that starts with '$' [MQTT-4.7.2-1].</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (topic.StartsWith("$") && (filter.StartsWith("+") || filter.StartsWith("#")))
            return false;
        while (true)
        {
            int filterCut = filter.IndexOf('/');
            int topicCut = topic.IndexOf('/');
            ReadOnlySpan<char> level = filterCut < 0 ? filter : filter[..filterCut];
            if (level is "#")
                return true;
            if (level is not "+" && !level.SequenceEqual(topicCut < 0 ? topic : topic[..topicCut]))
                return false;
            if (topicCut < 0)
                return filterCut < 0 || filter[(filterCut + 1)..] is "#";
            if (filterCut < 0)
                return false;
            filter = filter[(filterCut + 1)..];
            topic = topic[(topicCut + 1)..];
        }
    }

    private static PacketFault CheckText(string text)
    {
        if (text.Length == 0)
            return new PacketFault("MQTT-4.7.3-1", "The topic is empty.");
        if (text.Contains('\0'))
            return new PacketFault("MQTT-4.7.3-2", "The topic contains U+0000.");
        return Encoding.UTF8.GetByteCount(text) > MaxTopicBytes
            ? new PacketFault("MQTT-4.7.3-3", "The topic is longer than 65,535 bytes.")
            : default;
    }
}
