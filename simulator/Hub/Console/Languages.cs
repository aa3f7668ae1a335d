using System.Text.Json;

namespace Gateway.Hub.Console;

/// <summary>
/// The languages that a reader can choose: those of the program, and one for each file in the language folder. A file of a tag that the program has changes single texts of it.
/// Read once, at the start of the hub. A file that cannot be used is told on the settings page and in the log, and harms nothing else.
/// </summary>
public sealed class Languages
{
    /// <summary>In the data folder, where the configuration names no other.</summary>
    public const string FolderName = "languages";

    /// <summary>Files that are read, in the order of their names; the rest is told as not read.</summary>
    public const int FilesMax = 32;

    private Languages(IReadOnlyList<Words> all, IReadOnlyList<LanguageFile> files)
    {
        All = all;
        Files = files;
    }

    public IReadOnlyList<Words> All { get; }

    /// <summary>What was found in the folder, good or not.</summary>
    public IReadOnlyList<LanguageFile> Files { get; }

    /// <summary>The program's own, without a folder.</summary>
    public static Languages BuiltIn { get; } = new(Words.BuiltIn, []);

    /// <summary>Reads <c>*.json</c> of a folder. One that is not there has no files.</summary>
    public static Languages Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return BuiltIn;
        }

        var paths = Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).ToList();
        var files = paths.Take(FilesMax).Select(LanguageFile.Read).Concat(paths.Skip(FilesMax).Select(LanguageFile.NotRead)).ToList();
        var all = Words.BuiltIn.ToDictionary(words => words.Tag, StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (file.Words is { } words)
            {
                all[words.Tag] = words;
            }
        }

        return new Languages([.. all.Values.OrderBy(words => words.Tag, StringComparer.Ordinal)], files);
    }

    /// <summary>The chosen one; else the first of the browser's wishes that there is, by the whole tag or its first part (Chinese for anything Chinese); else English.</summary>
    public Words For(string? chosenTag, IEnumerable<string> wishes)
    {
        if (All.FirstOrDefault(words => words.Tag == chosenTag) is { } chosen)
        {
            return chosen;
        }

        foreach (var wish in wishes)
        {
            var primary = wish.Split('-')[0];
            if ((All.FirstOrDefault(words => words.Tag.Equals(wish, StringComparison.OrdinalIgnoreCase))
                ?? All.FirstOrDefault(words => words.Tag.Split('-')[0].Equals(primary, StringComparison.OrdinalIgnoreCase))) is { } found)
            {
                return found;
            }
        }

        return All.First(words => words.Tag == Words.Fallback);
    }

    /// <summary>All texts of a language as a file: what a translator starts from. Null when there is no such language.</summary>
    public byte[]? FileOf(string tag) => All.FirstOrDefault(words => words.Tag == tag) is not { } words ? null
        : JsonSerializer.SerializeToUtf8Bytes(words.Keys.Order(StringComparer.Ordinal).ToDictionary(key => key, key => words[key]), Readable);

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
