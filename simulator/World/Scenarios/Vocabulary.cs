using System.Collections.Immutable;

namespace Gateway.World.Scenarios;

/// <summary>Every sentence that a scenario can use. seeds/README.md lists them; a test holds the two together.</summary>
internal static class Vocabulary
{
    public static ImmutableArray<Phrase> All { get; } =
        [.. BoxPhrases.All, .. CallPhrases.All, .. WorkPhrases.All, .. CallChecks.All, .. WorkChecks.All, .. StationChecks.All];

    /// <summary>The phrase that shares most words with a sentence, for whoever wrote it.</summary>
    public static string Nearest(string sentence, bool checks)
    {
        var words = sentence.Split(' ').ToHashSet(StringComparer.Ordinal);
        var nearest = All.Where(phrase => phrase.IsCheck == checks).MaxBy(phrase =>
        {
            var own = phrase.Pattern.Split(' ').Where(word => !word.StartsWith('{')).ToList();
            return (double)own.Count(words.Contains) / Math.Max(1, own.Count);
        });
        return $"Did you mean: {nearest!.Pattern}";
    }
}
