using YamlDotNet.RepresentationModel;

namespace Gateway.House.Tests;

/// <summary>A YAML document to walk through, with its <c>$ref</c>s followed. Throws, with the path, for what is not there.</summary>
internal sealed class YamlTree
{
    private readonly YamlNode root;
    private readonly YamlNode node;
    private readonly string path;

    private YamlTree(YamlNode root, YamlNode node, string path)
    {
        this.root = root;
        this.path = path;
        this.node = node is YamlMappingNode mapping && mapping.Children.TryGetValue("$ref", out var reference) ? Follow(root, ((YamlScalarNode)reference).Value!) : node;
    }

    public static YamlTree Read(string relative)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Checkout.Read(relative)));
        return new YamlTree(stream.Documents[0].RootNode, stream.Documents[0].RootNode, "#");
    }

    public string Text => node is YamlScalarNode { Value: { } value } ? value : throw new InvalidOperationException($"{path} is no scalar");

    public IEnumerable<string> Names => node is YamlMappingNode mapping ? mapping.Children.Keys.Select(key => ((YamlScalarNode)key).Value!) : throw new InvalidOperationException($"{path} is no mapping");

    public IEnumerable<YamlTree> Items => node is YamlSequenceNode sequence ? sequence.Children.Select((item, i) => new YamlTree(root, item, $"{path}/{i}")) : throw new InvalidOperationException($"{path} is no list");

    public YamlTree this[string name] =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(name, out var child) ? new YamlTree(root, child, $"{path}/{name}") : throw new InvalidOperationException($"{path}/{name} is missing");

    public bool Has(string name) => node is YamlMappingNode mapping && mapping.Children.ContainsKey(name);

    private static YamlNode Follow(YamlNode root, string reference)
    {
        var at = root;
        foreach (var part in reference.Split('/').Skip(1))
        {
            at = at is YamlMappingNode mapping && mapping.Children.TryGetValue(part, out var child) ? child : throw new InvalidOperationException($"{reference} leads nowhere");
        }

        return at;
    }
}
