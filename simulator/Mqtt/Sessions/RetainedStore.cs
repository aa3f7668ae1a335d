using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Sessions;

/// <summary>
/// The last retained message of each topic. It belongs to no session and outlives all of them [MQTT-3.1.2-7].
/// A tree like the one of the subscriptions, walked by a filter instead of a topic.
/// </summary>
internal sealed class RetainedStore(EndpointLimits limits, BrokerCounters counters)
{
    /// <summary>What a message costs beside topic and payload: tree nodes and objects.</summary>
    private const int OverheadBytes = 200;

    private readonly Node root = new(null, "");
    private long bytes;

    public IEnumerable<ApplicationMessage> All
    {
        get
        {
            var found = new List<ApplicationMessage>();
            CollectBelow(root, found);
            return found;
        }
    }

    /// <summary>Stores or replaces [MQTT-3.3.1-5], [MQTT-3.3.1-7]; an empty payload removes [MQTT-3.3.1-10] and is itself not stored [MQTT-3.3.1-11].</summary>
    public void Set(ApplicationMessage message)
    {
        Remove(message.Topic);
        if (message.Payload.IsEmpty)
            return;

        long cost = Cost(message);
        if (counters.RetainedMessages >= limits.MaxRetainedMessages || bytes + cost > limits.MaxRetainedBytes)
        {
            // The old message is gone all the same: a stale value would be worse than none.
            counters.DroppedRetainedFull++;
            return;
        }
        Node node = root;
        foreach (Range range in message.Topic.AsSpan().Split('/'))
            node = node.ChildOrNew(message.Topic.AsSpan(range));
        node.Message = message;
        bytes += cost;
        counters.RetainedMessages++;
    }

    /// <summary>All retained messages that match the filter, in no particular order.</summary>
    public List<ApplicationMessage> Match(string filter)
    {
        var found = new List<ApplicationMessage>();
        Match(root, filter, found);
        return found;
    }

    private static void Match(Node node, ReadOnlySpan<char> rest, List<ApplicationMessage> found)
    {
        int cut = rest.IndexOf('/');
        ReadOnlySpan<char> level = cut < 0 ? rest : rest[..cut];
        if (level is "#")
        {
            // The parent level belongs to '#', except above the root, where there is none.
            if (node.Message is { } own)
                found.Add(own);
            foreach (Node child in node.Children)
            {
                if (!IsHidden(node, child))
                    CollectBelow(child, found);
            }
            return;
        }
        if (level is "+")
        {
            foreach (Node child in node.Children)
            {
                if (!IsHidden(node, child))
                    Descend(child, cut, rest, found);
            }
            return;
        }
        if (node.Child(level) is { } exact)
            Descend(exact, cut, rest, found);
    }

    private static void Descend(Node node, int cut, ReadOnlySpan<char> rest, List<ApplicationMessage> found)
    {
        if (cut >= 0)
            Match(node, rest[(cut + 1)..], found);
        else if (node.Message is { } message)
            found.Add(message);
    }

    /// <summary>A wildcard in the first level does not see topics that begin with $ [MQTT-4.7.2-1].</summary>
    private static bool IsHidden(Node node, Node child) => node.Parent is null && child.Level.StartsWith('$');

    private static void CollectBelow(Node node, List<ApplicationMessage> found)
    {
        if (node.Message is { } message)
            found.Add(message);
        foreach (Node child in node.Children)
            CollectBelow(child, found);
    }

    private void Remove(string topic)
    {
        Node? node = root;
        foreach (Range range in topic.AsSpan().Split('/'))
        {
            node = node.Child(topic.AsSpan(range));
            if (node is null)
                return;
        }
        if (node.Message is not { } message)
            return;
        node.Message = null;
        bytes -= Cost(message);
        counters.RetainedMessages--;
        while (node is { IsEmpty: true, Parent: { } parent })
        {
            parent.RemoveChild(node.Level);
            node = parent;
        }
    }

    private static long Cost(ApplicationMessage message) => OverheadBytes + (2L * message.Topic.Length) + message.Payload.Length;

    private sealed class Node(Node? parent, string level)
    {
        private Dictionary<string, Node>? children;

        public Node? Parent => parent;

        public string Level => level;

        public ApplicationMessage? Message { get; set; }

        public bool IsEmpty => Message is null && children is null or { Count: 0 };

        public IEnumerable<Node> Children => children is null ? [] : children.Values;

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
