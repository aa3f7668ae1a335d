using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Gateway.Hub.Console;

/// <summary>One language: every text of the console by its key. Two come with the program (<c>Languages/{tag}.json</c>, embedded); <see cref="Languages"/> adds what lies beside it.</summary>
public sealed class Words
{
    public const string Fallback = "en";
    private const string ResourcePrefix = "language/";

    private readonly FrozenDictionary<string, string> texts;

    internal Words(string tag, IReadOnlyDictionary<string, string> texts)
    {
        Tag = tag;
        this.texts = texts.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>BCP 47 tag, as in the file's name and the page's <c>lang</c>.</summary>
    public string Tag { get; }

    public IReadOnlyCollection<string> Keys => texts.Keys;

    /// <summary>The languages that come with the program: complete, by test.</summary>
    public static IReadOnlyList<Words> BuiltIn { get; } = LoadBuiltIn();

    /// <summary>The text, or the key in brackets: a missing word is seen and never takes a page down.</summary>
    public string this[string key] => texts.TryGetValue(key, out var text) ? text : $"[{key}]";

    /// <summary>The text with its places <c>{0}</c>, <c>{1}</c> filled.</summary>
    public string this[string key, params object?[] values] => string.Format(CultureInfo.InvariantCulture, this[key], values);

    public bool Has(string key) => texts.ContainsKey(key);

    /// <summary>One of a family of keys that ends in a domain name, such as <c>stage.EnRoute</c>; a name without a text is shown as it is.</summary>
    public string Of(string family, object name) => texts.TryGetValue($"{family}.{name}", out var text) ? text : name.ToString() ?? "";

    public bool IsChinese => Tag.StartsWith("zh", StringComparison.Ordinal);

    /// <summary>Of two texts in the station's data, the one in this language; the other when it is missing.</summary>
    public string Pick(string? chinese, string? english) =>
        (IsChinese ? Filled(chinese) ?? Filled(english) : Filled(english) ?? Filled(chinese)) ?? "";

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static List<Words> LoadBuiltIn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Select(name =>
                {
                    using var stream = assembly.GetManifestResourceStream(name)!;
                    return new Words(Path.GetFileNameWithoutExtension(name[ResourcePrefix.Length..]), JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!);
                })
                .OrderBy(words => words.Tag, StringComparer.Ordinal),
        ];
    }
}
