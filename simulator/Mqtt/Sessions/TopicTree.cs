namespace Gateway.Mqtt.Sessions;

/// <summary>
/// Who subscribed what: a tree with one node per topic level, so that a message costs its own levels and not the number of subscriptions.
/// Each session is found once per message, at the highest QoS of its matching filters [MQTT-3.3.5-1].
/// </summary>
internal sealed class TopicTree
{
    private readonly Node root = new(null, "");
    private readonly List<Session> matches = [];
    private long matchNumber;

    /// <summary>Adds a subscription, or replaces one of the same filter [MQTT-3.8.4-3].</summary>
    public void Add(string filter, Session session, byte qos)
    {
        Node node = root;
        foreach (Range range in filter.AsSpan().Split('/'))
            node = node.ChildOrNew(filter.AsSpan(range));
        (node.Subscribers ??= [])[session] = qos;
    }

    /// <summary>Removes a subscription and the branches that it leaves empty.</summary>
    public void Remove(string filter, Session session)
    {
        Node? node = root;
        foreach (Range range in filter.AsSpan().Split('/'))
        {
            node = node.Child(filter.AsSpan(range));
            if (node is null)
                return;
        }
        node.Subscribers?.Remove(session);
        while (node is { IsEmpty: true, Parent: { } parent })
        {
            parent.RemoveChild(node.Level);
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

    private void Match(Node node, ReadOnlySpan<char> rest, bool wildcards)
    {
        int cut = rest.IndexOf('/');
        ReadOnlySpan<char> level = cut < 0 ? rest : rest[..cut];
        if (wildcards && node.Child("#") is { } all)
            Collect(all);
        Descend(node.Child(level), cut, rest);
        if (wildcards)
            Descend(node.Child("+"), cut, rest);
    }

    private void Descend(Node? node, int cut, ReadOnlySpan<char> rest)
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

    private void Collect(Node node)
    {
        if (node.Subscribers is null)
            return;
        foreach ((Session session, byte qos) in node.Subscribers)
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

    private sealed class Node(Node? parent, string level)
    {
        private Dictionary<string, Node>? children;

        public Node? Parent => parent;

        public string Level => level;

        public Dictionary<Session, byte>? Subscribers { get; set; }

        public bool IsEmpty => children is null or { Count: 0 } && Subscribers is null or { Count: 0 };

        public Node? Child(ReadOnlySpan<char> childLevel) =>
            children is not null && children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(childLevel, out Node? child) ? child : null;

        public Node ChildOrNew(ReadOnlySpan<char> childLevel)
        {
            if (Child(childLevel) is { } known)
                return known;
            string name = childLevel.ToString();
            var child = new Node(this, name);
            (children ??= new Dictionary<string, Node>(StringComparer.Ordinal)).Add(name, child);
            return child;
        }

        public void RemoveChild(string childLevel) => children?.Remove(childLevel);
    }
}
