using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.World.Scenarios;

/// <summary>The variable words of a sentence, already judged by the reader: whoever takes one gets it in its type.</summary>
internal sealed class Words(IReadOnlyDictionary<string, string> values)
{
    public string this[string name] => values[name];

    /// <summary>What stands between the quotation marks.</summary>
    public string Text(string name = "text") => values[name][1..^1];

    public int Number(string name = "n") => int.Parse(values[name], NumberStyles.None, CultureInfo.InvariantCulture);

    public double Decimal(string name) => double.Parse(values[name], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public TimeSpan Duration(string name = "duration") => Durations.Parse(values[name]);

    public ImmutableArray<string> List(string name) => Lists.Split(values[name]);

    public T Choice<T>(string name) where T : struct, Enum => Enum.Parse<T>(values[name], ignoreCase: true);

    public ImmutableArray<T> Choices<T>(string name) where T : struct, Enum => [.. List(name).Select(word => Enum.Parse<T>(word, ignoreCase: true))];
}

/// <summary>Durations with their unit: <c>20 s</c>, <c>5 min</c>, <c>2 h</c>, <c>1 day</c>, <c>30 days</c>.</summary>
internal static class Durations
{
    public const string Pattern = @"\d{1,6} (?:s|min|h|days?)";

    public static TimeSpan Parse(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var number = int.Parse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture);
        return text[(space + 1)..] switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "min" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => TimeSpan.FromDays(number),
        };
    }

    /// <summary>As a person says it.</summary>
    public static string Say(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.##} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.##} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.##} days"),
    };
}

/// <summary>Lists as a sentence has them: <c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
internal static class Lists
{
    public const string Pattern = @"[a-zA-Z0-9-]+(?:, [a-zA-Z0-9-]+)*(?: and [a-zA-Z0-9-]+)?";

    public static ImmutableArray<string> Split(string text) => [.. text.Split([", ", " and "], StringSplitOptions.None)];

    public static string Join(IEnumerable<string> words)
    {
        var list = words.ToList();
        return list.Count switch
        {
            0 => "nobody",
            1 => list[0],
            _ => $"{string.Join(", ", list.Take(list.Count - 1))} and {list[^1]}",
        };
    }
}
