using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Hub.Tests.Console;

/// <summary>Nothing on a page flashes faster than 3 Hz (WCAG 2.3.1), nothing moves for who asked for stillness, and what has the focus is always seen. Read from the style sheets themselves.</summary>
public sealed partial class MotionTests
{
    private const double PeriodMinS = 1.0 / 3;

    private static readonly string Folder = Path.Combine(Sources.HubFolder, "Console", "Assets");

    [Fact]
    public void Nothing_flashes_faster_than_three_times_a_second()
    {
        var found = Styles().SelectMany(style => Animation().Matches(style.Text).Select(match => (style.Name, Text: match.Value, PeriodS: double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)))).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, one => Assert.True(one.PeriodS >= PeriodMinS, $"{one.Name}: {one.Text}"));

        // Every animation is written so that the pattern above reads it.
        var all = Styles().Sum(style => Any().Matches(style.Text).Count);
        Assert.Equal(all, found.Count);
    }

    [Fact]
    public void Who_asked_for_stillness_gets_it() =>
        Assert.Matches(@"@media \(prefers-reduced-motion: reduce\) \{\s*\*, \*::before, \*::after \{ animation: none !important; transition: none !important; \}", Text("base.css"));

    [Fact]
    public void The_focus_is_drawn_and_no_sheet_takes_it_away()
    {
        Assert.Matches(@":focus-visible \{ outline: 3px solid var\(--focus\)", Text("base.css"));
        Assert.All(Styles(), style => Assert.DoesNotMatch(@"outline:\s*(none|0)", style.Text));
    }

    private static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    private static IEnumerable<(string Name, string Text)> Styles() => Directory.EnumerateFiles(Folder, "*.css").Select(path => (Path.GetFileName(path), File.ReadAllText(path)));

    [GeneratedRegex(@"animation: [a-z-]+ ([0-9.]+)s [^;}]*")]
    private static partial Regex Animation();

    [GeneratedRegex(@"animation(-name|-duration)?: (?!none)")]
    private static partial Regex Any();
}
