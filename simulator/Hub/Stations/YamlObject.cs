using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Gateway.Hub.Stations;

/// <summary>Ends the reading of a file that has <see cref="StationLoader.ErrorsMax"/> errors.</summary>
internal sealed class TooManyErrors : Exception;

/// <summary>
/// One mapping of a YAML file, read strictly: every member has a type and bounds, a member that nobody asks for is an error. An offence is added to the list
/// of errors and a harmless value goes on, so that one reading finds all of them.
/// </summary>
internal sealed class YamlObject
{
    private const int QuotedMaxChars = 40;

    private readonly string file;
    private readonly List<StationFileError> errors;
    private readonly Dictionary<string, YamlNode> members = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    /// <summary>Names that the file need not have: known, though they were only looked for. Not the same as asked: what is there and is then not read is an error still.</summary>
    private readonly HashSet<string> lookedFor = new(StringComparer.Ordinal);

    private YamlObject(YamlMappingNode node, string file, List<StationFileError> errors)
    {
        this.file = file;
        this.errors = errors;
        Line = LineOf(node);
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name })
            {
                members[name] = value;
            }
            else
            {
                Offend(LineOf(key), "A member's name must be a plain word.");
            }
        }
    }

    public int Line { get; }

    /// <summary>The one document of a file; null, with an error, when it is none.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static YamlObject? Parse(string text, string file, List<StationFileError> errors)
    {
        if (YamlShape.Judge(text, file, errors))
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root)
            {
                return new YamlObject(root, file, errors);
            }

            errors.Add(new(file, 0, "The file must hold one YAML mapping, beginning with `format: 1`."));
        }

        return null;
    }

    public void Offend(int line, string sentence)
    {
        errors.Add(new(file, line, sentence));
        if (errors.Count >= StationLoader.ErrorsMax)
        {
            throw new TooManyErrors();
        }
    }

    public bool Has(string name)
    {
        lookedFor.Add(name);
        return members.ContainsKey(name);
    }

    /// <summary>The names of its members, as they stand in the file.</summary>
    public IReadOnlyCollection<string> Names => members.Keys;

    /// <summary>Says of every member that nobody asked for that it is unknown: a misspelt one must not be silently lost.</summary>
    public void RefuseOthers()
    {
        foreach (var (name, node) in members.Where(member => !asked.Contains(member.Key)))
        {
            Offend(LineOf(node), $"`{Quote(name)}` is not known here; known are: {string.Join(", ", asked.Union(lookedFor).Order(StringComparer.Ordinal))}.");
        }
    }

    public string Text(string name, int maxChars, string? otherwise = null)
    {
        if (Scalar(name, otherwise is null) is not { } scalar)
        {
            return otherwise ?? "";
        }

        var text = scalar.Value ?? "";
        if (text.Length == 0 || text.Length > maxChars || text.Any(char.IsControl))
        {
            Offend(LineOf(scalar), $"`{name}` must have 1 to {maxChars} characters and no control characters.");
        }

        return text;
    }

    /// <summary>An id: 1..32 of a-z, 0-9 and '-', as a device's name on the wire.</summary>
    public string Id(string name)
    {
        var id = Text(name, 32);
        if (id.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
        {
            Offend(LineOf(members[name]), $"`{name}: {Quote(id)}` must be made of a-z, 0-9 and '-'.");
        }

        return id;
    }

    public double Number(string name, double min, double max)
    {
        if (Scalar(name, true) is not { } scalar)
        {
            return min;
        }

        if (double.TryParse(scalar.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Offend(LineOf(scalar), string.Create(CultureInfo.InvariantCulture, $"`{name}` must be a number from {min} to {max}, not `{Quote(scalar.Value)}`."));
        return min;
    }

    public int Integer(string name, int min, int max, int? otherwise = null)
    {
        if (Scalar(name, otherwise is null) is not { } scalar)
        {
            return otherwise ?? min;
        }

        if (int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Offend(LineOf(scalar), $"`{name}` must be a whole number from {min} to {max}, not `{Quote(scalar.Value)}`.");
        return min;
    }

    public bool Flag(string name, bool otherwise)
    {
        if (Scalar(name, false) is not { } scalar)
        {
            return otherwise;
        }

        if (scalar.Value is not ("true" or "false"))
        {
            Offend(LineOf(scalar), $"`{name}` must be true or false, not `{Quote(scalar.Value)}`.");
        }

        return scalar.Value == "true";
    }

    /// <summary>One of an enum's names, written in camel case.</summary>
    public T Choice<T>(string name) where T : struct, Enum => Scalar(name, true) is { } scalar ? ChoiceOf<T>(name, scalar) : default;

    public ImmutableArray<T> Choices<T>(string name) where T : struct, Enum =>
        [.. Scalars(name).Select(scalar => ChoiceOf<T>(name, scalar)).Distinct()];

    /// <summary>A list of words, each one of <paramref name="allowed"/>.</summary>
    public ImmutableArray<string> Words(string name, ImmutableArray<string> allowed)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var scalar in Scalars(name))
        {
            if (allowed.Contains(scalar.Value ?? ""))
            {
                words.Add(scalar.Value!);
            }
            else
            {
                Offend(LineOf(scalar), $"`{Quote(scalar.Value)}` in `{name}` is none of: {string.Join(", ", allowed)}.");
            }
        }

        return [.. words.Distinct()];
    }

    /// <summary>A list of words of one form, each once; empty when it is left out.</summary>
    /// <param name="what">What a word of that form is, for the error.</param>
    public ImmutableArray<string> Ids(string name, int max, Regex form, string what)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var scalar in Scalars(name).Take(max))
        {
            if (!form.IsMatch(scalar.Value ?? ""))
            {
                Offend(LineOf(scalar), $"`{Quote(scalar.Value)}` in `{name}` is not {what}.");
            }
            else if (!words.Contains(scalar.Value!))
            {
                words.Add(scalar.Value!);
            }
        }

        return words.ToImmutable();
    }

    /// <summary>A list of ids, each once; empty when it is left out.</summary>
    public ImmutableArray<string> Ids(string name, int max)
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        foreach (var node in Items(name, 0, max))
        {
            var id = (node as YamlScalarNode)?.Value ?? "";
            if (id.Length is 0 or > 32 || id.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
            {
                Offend(LineOf(node), $"`{Quote(id)}` in `{name}` must be 1 to 32 of a-z, 0-9 and '-'.");
            }
            else if (ids.Contains(id))
            {
                Offend(LineOf(node), $"`{id}` stands twice in `{name}`.");
            }
            else
            {
                ids.Add(id);
            }
        }

        return ids.ToImmutable();
    }

    /// <summary>A list of texts of 1 to <paramref name="maxChars"/> characters, each once.</summary>
    public ImmutableArray<string> Texts(string name, int min, int max, int maxChars)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var node in Items(name, min, max))
        {
            var text = (node as YamlScalarNode)?.Value ?? "";
            if (text.Length == 0 || text.Length > maxChars || texts.Contains(text))
            {
                Offend(LineOf(node), $"`{Quote(text)}` in `{name}` must be a text of 1 to {maxChars} characters that stands there once.");
            }
            else
            {
                texts.Add(text);
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>A list of language tags: 2 or 3 lower-case letters each.</summary>
    public ImmutableArray<string> LanguageTags(string name)
    {
        var tags = ImmutableArray.CreateBuilder<string>();
        foreach (var scalar in Scalars(name))
        {
            if (scalar.Value is { Length: 2 or 3 } tag && tag.All(char.IsAsciiLetterLower))
            {
                tags.Add(tag);
            }
            else
            {
                Offend(LineOf(scalar), $"`{Quote(scalar.Value)}` in `{name}` is no language tag such as mn or zh.");
            }
        }

        return [.. tags.Distinct()];
    }

    public YamlObject? Object(string name, bool required = true)
    {
        asked.Add(name);
        if (!members.TryGetValue(name, out var node))
        {
            if (required)
            {
                Offend(Line, $"`{name}` is missing.");
            }

            return null;
        }

        if (node is YamlMappingNode mapping)
        {
            return new YamlObject(mapping, file, errors);
        }

        Offend(LineOf(node), $"`{name}` must be a mapping.");
        return null;
    }

    public IReadOnlyList<YamlObject> Objects(string name, int min, int max)
    {
        var list = new List<YamlObject>();
        foreach (var node in Items(name, min, max))
        {
            if (node is YamlMappingNode mapping)
            {
                list.Add(new YamlObject(mapping, file, errors));
            }
            else
            {
                Offend(LineOf(node), $"Every item of `{name}` must be a mapping.");
            }
        }

        return list;
    }

    private IEnumerable<YamlScalarNode> Scalars(string name)
    {
        foreach (var node in Items(name, 0, 32))
        {
            if (node is YamlScalarNode scalar)
            {
                yield return scalar;
            }
            else
            {
                Offend(LineOf(node), $"Every item of `{name}` must be a word.");
            }
        }
    }

    private IReadOnlyList<YamlNode> Items(string name, int min, int max)
    {
        asked.Add(name);
        if (!members.TryGetValue(name, out var node))
        {
            if (min > 0)
            {
                Offend(Line, $"`{name}` is missing.");
            }

            return [];
        }

        if (node is not YamlSequenceNode sequence)
        {
            Offend(LineOf(node), $"`{name}` must be a list.");
            return [];
        }

        if (sequence.Children.Count < min || sequence.Children.Count > max)
        {
            Offend(LineOf(node), $"`{name}` has {sequence.Children.Count} items; {min} to {max} are allowed.");
            return [];
        }

        return [.. sequence.Children];
    }

    private YamlScalarNode? Scalar(string name, bool required)
    {
        asked.Add(name);
        if (!members.TryGetValue(name, out var node))
        {
            if (required)
            {
                Offend(Line, $"`{name}` is missing.");
            }

            return null;
        }

        if (node is YamlScalarNode scalar)
        {
            return scalar;
        }

        Offend(LineOf(node), $"`{name}` must be a single value.");
        return null;
    }

    private T ChoiceOf<T>(string name, YamlScalarNode scalar) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Camel(value.ToString()) == scalar.Value)
            {
                return value;
            }
        }

        Offend(LineOf(scalar), $"`{Quote(scalar.Value)}` in `{name}` is none of: {string.Join(", ", Enum.GetNames<T>().Select(Camel))}.");
        return default;
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static int LineOf(YamlNode node) => (int)node.Start.Line;

    private static string Quote(string? text) => text is null ? "" : text.Length <= QuotedMaxChars ? text : text[..QuotedMaxChars] + "...";
}
