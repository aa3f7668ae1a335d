using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Gateway.Cli.Demo;

/// <summary>The words of the boards page, one embedded file per language, chosen by the tag of the console's language.</summary>
internal sealed class BoardWords
{
    private const string Fallback = "en";
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> Languages = Load();

    private readonly FrozenDictionary<string, string> texts;

    public BoardWords(string tag) => texts = Languages.TryGetValue(tag, out var found) ? found : Languages[Fallback];

    /// <summary>Tags of the languages that exist, with their keys; a test compares them.</summary>
    public static IReadOnlyDictionary<string, FrozenDictionary<string, string>> All => Languages;

    public string this[string key] => texts.TryGetValue(key, out var text) ? text : $"[{key}]";

    public string this[string key, params object[] values] => string.Format(CultureInfo.InvariantCulture, this[key], values);

    private static FrozenDictionary<string, FrozenDictionary<string, string>> Load()
    {
        const string prefix = "board-language/";
        var assembly = typeof(BoardWords).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(
                name => Path.GetFileNameWithoutExtension(name[prefix.Length..]),
                name =>
                {
                    using var stream = assembly.GetManifestResourceStream(name)!;
                    return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal);
                });
    }
}
