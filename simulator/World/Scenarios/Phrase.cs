using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Gateway.Hub.Incidents;

namespace Gateway.World.Scenarios;

/// <summary>What a check found.</summary>
internal readonly record struct Finding(bool Holds, string Happened);

/// <summary>
/// A sentence that scenarios can use, with places for words in braces, such as <c>{who} accepts the call</c>. The part of a word's name before a digit is its type
/// (<see cref="WordTypes"/>). A phrase either does something and may be refused, or looks whether something is the case.
/// </summary>
internal sealed class Phrase
{
    private readonly Regex _form;
    private readonly ImmutableArray<string> _names;

    private Phrase(string pattern)
    {
        Pattern = pattern;
        _names = [.. Regex.Matches(pattern, @"\{(\w+)\}").Select(match => match.Groups[1].Value)];
        var form = Regex.Replace(Regex.Escape(pattern), @"\\\{(\w+)}", match => $"(?<{match.Groups[1].Value}>{WordTypes.FormOf(match.Groups[1].Value)})");
        _form = new Regex($"^{form}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    public string Pattern { get; }

    public bool IsCheck => Look is not null;

    /// <summary>With which words it can only be played; null when it can always be told to a running hub and its boards in real time (<see cref="LiveScene"/>).</summary>
    private (LiveLimit Limit, Func<Words, bool> When)? OnlyPlayed { get; init; }

    public Func<Scene, Words, Refusal?>? Act { get; private init; }

    public Func<Scene, Words, Finding>? Look { get; private init; }

    public static Phrase Do(string pattern, Func<Scene, Words, Refusal?> act) => new(pattern) { Act = act };

    public static Phrase See(string pattern, Func<Scene, Words, Finding> look) => new(pattern) { Look = look };

    /// <summary>The same, for a simulated hub only.</summary>
    /// <param name="when">With which words; always, where nothing is said.</param>
    public Phrase NotLive(LiveLimit limit, Func<Words, bool>? when = null) => new(Pattern) { Act = Act, Look = Look, OnlyPlayed = (limit, when ?? (static _ => true)) };

    /// <summary>Why these words cannot be told to a running hub; null when they can.</summary>
    public LiveLimit? LimitOf(Words words) => OnlyPlayed is { } only && only.When(words) ? only.Limit : null;

    /// <summary>The words of a sentence of this form; null when it has another.</summary>
    public IReadOnlyDictionary<string, string>? Match(string sentence) =>
        _form.Match(sentence) is { Success: true } match ? _names.Distinct().ToDictionary(name => name, name => match.Groups[name].Value) : null;
}
