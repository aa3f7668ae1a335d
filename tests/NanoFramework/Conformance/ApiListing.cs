using System.Text.RegularExpressions;

namespace Gateway.NanoFramework.Tests.Conformance;

/// <summary>The public surface of one nanoFramework assembly, as read from the package: one line per type and member, see ApiListings/README.md.</summary>
internal sealed partial record ApiListing(string Assembly, Version Version, string[] References, ListedType[] Types)
{
    static readonly Lazy<ApiListing[]> all = new(() =>
        Directory.GetFiles(Path.Combine(Checkout.Root, "tests", "NanoFramework", "ApiListings"), "*.txt").Order(StringComparer.Ordinal).Select(file => Parse(File.ReadAllLines(file))).ToArray());

    /// <summary>All listings of the project.</summary>
    public static ApiListing[] All => all.Value;

    public static ApiListing Parse(string[] lines)
    {
        var header = HeaderPattern().Match(lines[0]);
        if (!header.Success) throw new FormatException($"Not a header of a listing: {lines[0]}");
        var types = lines.Where(line => line.StartsWith("T:", StringComparison.Ordinal)).Select(ListedType.Parse).ToArray();
        var byName = types.ToDictionary(type => type.Name);
        foreach (var line in lines.Skip(1).Where(line => line.Length > 1 && line[1] == ':' && line[0] != 'T'))
        {
            var member = ListedMember.Parse(line);
            if (!byName.TryGetValue(member.TypeName, out var type)) throw new FormatException($"No type for {line}");
            type.Members.Add(member);
        }
        var references = header.Groups["refs"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new ApiListing(header.Groups["name"].Value, Version.Parse(header.Groups["version"].Value), references, types);
    }

    [GeneratedRegex(@"^# assembly (?<name>\S+) (?<version>[\d.]+);.*; refs: (?<refs>.*)$")]
    private static partial Regex HeaderPattern();
}

/// <summary>A type line, such as <c>T:System.Device.Gpio.GpioPin sealed class : System.IDisposable</c>.</summary>
internal sealed record ListedType(string Name, string Kind, bool IsSealed, bool IsAbstract, bool IsStatic, string[] Bases, string[] Parameters, string? Returns, bool IsObsolete)
{
    public List<ListedMember> Members { get; } = [];

    /// <summary>The part after the last dot or plus, without the generic arity.</summary>
    public string ShortName => Name[(Name.LastIndexOfAny(['.', '+']) + 1)..];

    public static ListedType Parse(string line)
    {
        var isObsolete = line.Contains(" [obsolete]", StringComparison.Ordinal);
        var text = line[2..].Replace(" [obsolete]", "").Replace(" [flags]", "");
        var nameEnd = text.IndexOf(' ');
        var name = text[..nameEnd];
        var rest = text[(nameEnd + 1)..];
        if (rest.StartsWith("delegate ", StringComparison.Ordinal))
        {
            var close = rest.LastIndexOf(')');
            return new ListedType(name, "delegate", true, false, false, [], Signature.Split(rest[(rest.IndexOf('(') + 1)..close]), rest[(close + 5)..], isObsolete);
        }
        var colon = rest.IndexOf(" : ", StringComparison.Ordinal);
        var words = (colon < 0 ? rest : rest[..colon]).Split(' ');
        var bases = colon < 0 ? [] : rest[(colon + 3)..].Split(", ");
        return new ListedType(name, words[^1], words.Contains("sealed"), words.Contains("abstract"), words.Contains("static"), bases, [], null, isObsolete);
    }
}

/// <summary>A member line. <paramref name="Text"/> is the line itself, the form in which surfaces are compared.</summary>
/// <param name="Kind">M, P, F or E.</param>
/// <param name="Value">Of an enum's member or a constant; null otherwise.</param>
internal sealed record ListedMember(char Kind, string TypeName, string Name, string[] Parameters, string Returns, string[] Modifiers, string? Value, string Text)
{
    public bool Is(string modifier) => Modifiers.Contains(modifier);

    public static ListedMember Parse(string line)
    {
        var body = line[2..];
        var value = (string?)null;
        if (line[0] == 'F' && body.IndexOf(" = ", StringComparison.Ordinal) is > 0 and var equals)
        {
            value = body[(equals + 3)..];
            body = body[..equals];
        }
        var parameters = Array.Empty<string>();
        var open = body.IndexOf('(');
        var arrow = body.IndexOf(" -> ", StringComparison.Ordinal);
        string full;
        if (open > 0 && (arrow < 0 || open < arrow))
        {
            var close = Signature.Close(body, open);
            parameters = Signature.Split(body[(open + 1)..close]);
            full = body[..open];
            body = body[(close + 1)..];
        }
        else
        {
            var end = body.IndexOf(' ');
            full = end < 0 ? body : body[..end];
            body = end < 0 ? "" : body[end..];
        }
        var words = body.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var returns = "System.Void";
        if (words is ["->", var type, ..])
        {
            returns = type;
            words.RemoveRange(0, 2);
        }
        var dot = full.LastIndexOf('.');
        return new ListedMember(line[0], full[..dot], full[(dot + 1)..], parameters, returns, [.. words], value, line);
    }
}

/// <summary>Parameter lists of the listings: comma-separated, with default values that may contain anything in quotes.</summary>
internal static class Signature
{
    public static string[] Split(string list)
    {
        var parts = new List<string>();
        var start = 0;
        var quoted = false;
        for (var i = 0; i < list.Length; i++)
        {
            if (list[i] == '"') quoted = !quoted;
            if (list[i] != ',' || quoted) continue;
            parts.Add(list[start..i]);
            start = i + 1;
        }
        if (list.Length > 0) parts.Add(list[start..]);
        return [.. parts];
    }

    public static int Close(string text, int open)
    {
        var quoted = false;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            if (text[i] == ')' && !quoted) return i;
        }
        throw new FormatException($"No closing parenthesis: {text}");
    }
}
