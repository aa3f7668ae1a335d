using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Hub.Console;

namespace Gateway.Hub.Tests.Console;

/// <summary>The tokens carry text at WCAG 2.2 AA: 4.5 to 1 (1.4.3), and outlines and shapes at 3 to 1 (1.4.11). Read from tokens.css itself.</summary>
public sealed partial class ContrastTests
{
    private static readonly string[] Grounds = ["ground", "panel", "raised"];
    private static readonly string[] Inks = ["text", "quiet", "link", "p1-ink", "p2-ink", "p3-ink", "good-ink"];

    public static TheoryData<string, string, string, double> Pairs()
    {
        var pairs = new TheoryData<string, string, string, double>();
        foreach (var theme in new[] { "dark", "day" })
        {
            foreach (var ground in Grounds)
            {
                foreach (var ink in Inks)
                {
                    pairs.Add(theme, ink, ground, 4.5);
                }

                pairs.Add(theme, "line", ground, 3);
                pairs.Add(theme, "focus", ground, 3);
            }

            foreach (var fill in new[] { "p1", "p2", "p3", "act", "virtual", "silent" })
            {
                pairs.Add(theme, fill + "-on", fill + "-fill", 4.5);
            }

            pairs.Add(theme, "text", "map-ground", 4.5);
            pairs.Add(theme, "map-road", "map-ground", 3);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_of_tokens_is_readable(string theme, string ink, string ground, double atLeast)
    {
        var tokens = Tokens(theme);
        var ratio = Ratio(tokens[ink], tokens[ground]);
        Assert.True(ratio >= atLeast, string.Create(CultureInfo.InvariantCulture, $"{theme}: --{ink} {tokens[ink]} on --{ground} {tokens[ground]} is {ratio:F2}, needs {atLeast}"));
    }

    [Fact]
    public void Black_on_white_is_21_to_1() => Assert.Equal(21, Ratio("#000000", "#ffffff"), 3);

    private static Dictionary<string, string> Tokens(string theme)
    {
        using var stream = typeof(ConsoleEndpoints).Assembly.GetManifestResourceStream("asset/tokens.css")!;
        var css = new StreamReader(stream).ReadToEnd();
        var start = css.IndexOf($"[data-theme=\"{theme}\"] {{", StringComparison.Ordinal);
        var block = css[start..css.IndexOf('}', start)];
        return Token().Matches(block).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
    }

    private static double Ratio(string a, string b)
    {
        var (light, dark) = (Luminance(a), Luminance(b));
        return (Math.Max(light, dark) + 0.05) / (Math.Min(light, dark) + 0.05);
    }

    private static double Luminance(string hex)
    {
        double Channel(int at)
        {
            var value = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return 0.2126 * Channel(1) + 0.7152 * Channel(3) + 0.0722 * Channel(5);
    }

    [GeneratedRegex("--([a-z0-9-]+): (#[0-9a-f]{6});")]
    private static partial Regex Token();
}
