namespace Gateway.Mqtt.Sessions;

/// <summary>
/// One level of the <see cref="TopicTree"/>. Small: ten thousand devices have five of them each, nearly all with one subscriber and few children, so the first
/// subscriber lies in the node itself, and so does the first child.
/// </summary>
internal sealed class TopicNode(TopicNode? parent, string level)
{
    /// <summary>Above this a look-up by hash is quicker than looking at each.</summary>
    private const int FewChildrenMax = 8;

    /// <summary>Null, the one child, an array of a few, or a dictionary by level.</summary>
    private object? children;

    public TopicNode? Parent => parent;

    public string Level => level;

    /// <summary>The one subscriber, as long as there is one only.</summary>
    public Session? Only { get; private set; }

    public byte OnlyQos { get; private set; }

    /// <summary>The subscribers, once there have been two.</summary>
    public Dictionary<Session, byte>? Many { get; private set; }

    public bool IsEmpty => Only is null && Many is null or { Count: 0 } && children is null or Dictionary<string, TopicNode> { Count: 0 };

    /// <summary>The filter that ends here.</summary>
    public string Filter => parent?.Parent is null ? level : $"{parent.Filter}/{level}";

    public byte? QosOf(Session session) =>
        Only == session ? OnlyQos : Many is not null && Many.TryGetValue(session, out byte qos) ? qos : null;

    public void Subscribe(Session session, byte qos)
    {
        if (Many is null && (Only is null || Only == session))
        {
            (Only, OnlyQos) = (session, qos);
            return;
        }
        Many ??= [];
        if (Only is { } first)
            Many[first] = OnlyQos;
        Only = null;
        Many[session] = qos;
    }

    public void Unsubscribe(Session session)
    {
        if (Only == session)
            Only = null;
        else
            Many?.Remove(session);
    }

    public TopicNode? Child(ReadOnlySpan<char> childLevel)
    {
        switch (children)
        {
            case TopicNode only:
                return childLevel.SequenceEqual(only.Level) ? only : null;
            case TopicNode[] few:
                foreach (TopicNode child in few)
                {
                    if (childLevel.SequenceEqual(child.Level))
                        return child;
                }
                return null;
            case Dictionary<string, TopicNode> many:
                return many.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(childLevel, out TopicNode? found) ? found : null;
            default:
                return null;
        }
    }

    /// <param name="own">The client's name: the one level that no other has, and a string that is there already.</param>
    public TopicNode ChildOrNew(ReadOnlySpan<char> childLevel, LevelNames names, string own)
    {
        if (Child(childLevel) is { } known)
            return known;
        var child = new TopicNode(this, childLevel.SequenceEqual(own) ? own : names.Of(childLevel));
        switch (children)
        {
            case null:
                children = child;
                break;
            case TopicNode only:
                children = new[] { only, child };
                break;
            case TopicNode[] { Length: < FewChildrenMax } few:
                children = (TopicNode[])[.. few, child];
                break;
            case TopicNode[] few:
                children = few.Append(child).ToDictionary(static other => other.Level, StringComparer.Ordinal);
                break;
            case Dictionary<string, TopicNode> many:
                many.Add(child.Level, child);
                break;
        }
        return child;
    }

    public void RemoveChild(TopicNode child)
    {
        switch (children)
        {
            case TopicNode:
                children = null;
                break;
            case TopicNode[] few:
                TopicNode[] rest = [.. few.Where(other => other != child)];
                children = rest.Length == 1 ? rest[0] : rest;
                break;
            case Dictionary<string, TopicNode> many:
                many.Remove(child.Level);
                break;
        }
    }
}

/// <summary>The short names that all devices' topics have in common, each once. Bounded: the first come stay, others get a string of their own.</summary>
internal sealed class LevelNames
{
    private const int NamesMax = 256;
    private const int NameCharsMax = 16;

    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public string Of(ReadOnlySpan<char> level)
    {
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(level, out string? name))
            return name;
        name = level.ToString();
        if (level.Length <= NameCharsMax && names.Count < NamesMax)
            names.Add(name);
        return name;
    }
}
