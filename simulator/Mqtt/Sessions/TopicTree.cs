namespace Gateway.Mqtt.Sessions;

/// <summary>
/// Who subscribed what: a tree with one node per topic level, so that a message costs its own levels and not the number of subscriptions.
/// Each session is found once per message, at the highest QoS of its matching filters [MQTT-3.3.5-1].
/// </summary>
internal sealed class TopicTree
{
    private readonly TopicNode root = new(null, "");
    private readonly LevelNames names = new();
    private readonly List<Session> matches = [];
    private long matchNumber;

    /// <summary>Adds a subscription, or replaces one of the same filter [MQTT-3.8.4-3]. Its node, for as long as the session is subscribed there.</summary>
    public TopicNode Add(string filter, Session session, byte qos)
    {
        TopicNode node = root;
        foreach (Range range in filter.AsSpan().Split('/'))
            node = node.ChildOrNew(filter.AsSpan(range), names, session.ClientId);
        node.Subscribe(session, qos);
        return node;
    }

    /// <summary>The node at which this session has subscribed exactly this filter; null when it has not.</summary>
    public TopicNode? Find(string filter, Session session)
    {
        TopicNode? node = root;
        foreach (Range range in filter.AsSpan().Split('/'))
        {
            node = node.Child(filter.AsSpan(range));
            if (node is null)
                return null;
        }
        return node.QosOf(session) is null ? null : node;
    }

    /// <summary>Removes a subscription and the branches that it leaves empty.</summary>
    public static void Remove(TopicNode node, Session session)
    {
        node.Unsubscribe(session);
        while (node is { IsEmpty: true, Parent: { } parent })
        {
            parent.RemoveChild(node);
            node = parent;
        }
    }

    /// <summary>The sessions that match, each with its QoS in <see cref="Session.MatchQos"/>. Valid until the next call.</summary>
    public List<Session> Match(string topic)
    {
        matches.Clear();
        matchNumber++;
        // A filter that begins with a wildcard does not match a topic that begins with $ [MQTT-4.7.2-1].
        Match(root, topic, wildcards: !topic.StartsWith('$'));
        return matches;
    }

    private void Match(TopicNode node, ReadOnlySpan<char> rest, bool wildcards)
    {
        int cut = rest.IndexOf('/');
        ReadOnlySpan<char> level = cut < 0 ? rest : rest[..cut];
        if (wildcards && node.Child("#") is { } all)
            Collect(all);
        Descend(node.Child(level), cut, rest);
        if (wildcards)
            Descend(node.Child("+"), cut, rest);
    }

    private void Descend(TopicNode? node, int cut, ReadOnlySpan<char> rest)
    {
        if (node is null)
            return;
        if (cut >= 0)
        {
            Match(node, rest[(cut + 1)..], wildcards: true);
            return;
        }
        Collect(node);
        // '#' stands for its parent level too: sport/# matches sport (section 4.7.1.2).
        if (node.Child("#") is { } all)
            Collect(all);
    }

    private void Collect(TopicNode node)
    {
        if (node.Only is { } only)
            Collect(only, node.OnlyQos);
        if (node.Many is null)
            return;
        foreach ((Session session, byte qos) in node.Many)
            Collect(session, qos);
    }

    private void Collect(Session session, byte qos)
    {
        if (session.MatchNumber != matchNumber)
        {
            session.MatchNumber = matchNumber;
            session.MatchQos = qos;
            matches.Add(session);
        }
        else if (qos > session.MatchQos)
        {
            session.MatchQos = qos;
        }
    }
}
