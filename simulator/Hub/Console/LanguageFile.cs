using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Hub.Console;

/// <summary>A language file beside the program, and what is wrong with it. What it lacks, or has wrongly, is shown in English (in the program's own text of that language where there is one).</summary>
/// <param name="Path">As it was found.</param>
/// <param name="Words">The language that it makes; null when the file cannot be used at all.</param>
/// <param name="Texts">How many of its texts are used.</param>
/// <param name="Missing">Keys without a text, in the order of the alphabet; empty for a file that changes single texts of the program's own language.</param>
/// <param name="Unknown">Keys that no page uses.</param>
/// <param name="Wrong">Keys whose text is no text, is too long, or has other places <c>{0}</c> than the English one.</param>
/// <param name="Fault">Why the file cannot be used; null when it can. English, for whoever keeps the hub.</param>
public sealed partial record LanguageFile(
    string Path, Words? Words, int Texts, IReadOnlyList<string> Missing, IReadOnlyList<string> Unknown, IReadOnlyList<string> Wrong, string? Fault)
{
    public const int BytesMax = 1_048_576;

    /// <summary>Four times the longest English text.</summary>
    public const int TextCharsMax = 1_000;

    /// <summary>Keys of each list that are kept; more than anybody reads.</summary>
    public const int ListedMax = 2_000;

    private const string OwnName = "language.own";

    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>Nothing to tell of it.</summary>
    public bool IsWhole => Fault is null && Missing.Count == 0 && Unknown.Count == 0 && Wrong.Count == 0;

    /// <summary>Reads one file; never fails for what is in it.</summary>
    public static LanguageFile Read(string path)
    {
        var tag = System.IO.Path.GetFileNameWithoutExtension(path);
        if (!Tag().IsMatch(tag))
        {
            return Unusable(path, "The name must be a language tag such as mn.json or mn-Cyrl.json.");
        }

        try
        {
            if (new FileInfo(path).Length > BytesMax)
            {
                return Unusable(path, $"It has more than {BytesMax} bytes.");
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 2, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return json.RootElement.ValueKind == JsonValueKind.Object ? Judge(path, tag, json.RootElement) : Unusable(path, "It must be one object of keys and texts.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return Unusable(path, e.Message);
        }
    }

    public static LanguageFile NotRead(string path) => Unusable(path, $"Not read: the folder has more than {Languages.FilesMax} files.");

    private static LanguageFile Judge(string path, string tag, JsonElement root)
    {
        var english = Console.Words.BuiltIn.Single(words => words.Tag == Console.Words.Fallback);
        var own = Console.Words.BuiltIn.FirstOrDefault(words => words.Tag == tag);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var (unknown, wrong) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var member in root.EnumerateObject())
        {
            if (!english.Has(member.Name))
            {
                unknown.Add(member.Name);
            }
            else if (member.Value.ValueKind != JsonValueKind.String || member.Value.GetString() is not { Length: <= TextCharsMax } text || !Fits(text, english[member.Name]))
            {
                wrong.Add(member.Name);
            }
            else if (!string.IsNullOrWhiteSpace(text))
            {
                // An empty text is one that nobody has translated yet.
                texts[member.Name] = text;
            }
        }

        var used = texts.Count;
        List<string> missing = own is not null ? [] : [.. english.Keys.Where(key => !texts.ContainsKey(key) && !wrong.Contains(key)).Order(StringComparer.Ordinal)];

        // Without a name of its own it is chosen by its tag; "English" would be a lie.
        texts.TryAdd(OwnName, own?[OwnName] ?? tag);
        foreach (var key in english.Keys)
        {
            texts.TryAdd(key, (own ?? english)[key]);
        }

        return new LanguageFile(path, new Words(tag, texts), used, [.. missing.Take(ListedMax)], [.. unknown.Take(ListedMax)], [.. wrong.Take(ListedMax)], null);
    }

    /// <summary>The same places as the English text, and no other brace: what fills them would fail on it.</summary>
    private static bool Fits(string text, string english) =>
        text.Length == 0 || PlacesOf(text).SetEquals(PlacesOf(english)) && !Place().Replace(text, "").AsSpan().ContainsAny('{', '}');

    private static HashSet<string> PlacesOf(string text) => [.. Place().Matches(text).Select(match => match.Value)];

    private static LanguageFile Unusable(string path, string fault) => new(path, null, 0, [], [], [], fault);

    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\z")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{[0-9]\}")]
    private static partial Regex Place();
}
