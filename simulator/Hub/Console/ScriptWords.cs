using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Gateway.Hub.Console;

/// <summary>The words under <c>js.</c>, which the running page needs itself, as JSON that is safe inside an HTML script element (the encoder escapes &lt;, &gt; and &amp;).</summary>
public static class ScriptWords
{
    public const string Prefix = "js.";

    private static readonly ConditionalWeakTable<Words, string> Made = [];

    public static string JsonOf(Words words) => Made.GetValue(words, static words => JsonSerializer.Serialize(
        words.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToDictionary(key => key, key => words[key])));
}
