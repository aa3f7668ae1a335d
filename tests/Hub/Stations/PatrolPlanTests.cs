using Gateway.Hub.Stations;
using Gateway.Hub.Work.Patrol;

namespace Gateway.Hub.Tests.Stations;

/// <summary>The patrol plan and the table of warnings in a station file.</summary>
public sealed class PatrolPlanTests
{
    [Fact]
    public void Baicheng_has_its_60_points_and_78_lines_and_a_shift_begins_with_all_of_them()
    {
        var plan = Seeds.Load("baicheng.yaml").Patrol;
        Assert.Equal(60, plan.Points.Length);
        Assert.Equal(78, plan.Lines.Length);
        Assert.Equal(138, PatrolRules.TargetsOf(plan).Length);
        Assert.Equal(78, plan.Lines.Select(line => string.Join(",", line.PointIds)).Distinct().Count());
    }

    [Theory]
    [InlineData("patrolPoints:\n  - { id: p1, name: { zh: x }, village: nowhere }", "not in `villages`")]
    [InlineData("patrolPoints:\n  - { id: p1, name: { zh: x }, village: bayanbulag, device: nobody-01 }", "not in `boards`")]
    [InlineData("patrolLines:\n  - { id: l1, name: { zh: x }, points: [a, b] }", "not in `patrolPoints`")]
    [InlineData("patrolLines:\n  - { id: l1, name: { zh: x }, points: [a] }", "at least two points")]
    [InlineData("warnings: { version: 2, points: [ { kind: help, points: 10 } ], ages: [ { toDays: 30, percent: 50 }, { toDays: 60, percent: 80 } ], yellow: 1, orange: 2, red: 3 }", "never weighs more")]
    [InlineData("warnings: { version: 2, points: [ { kind: help, points: 10 } ], ages: [ { toDays: 90, percent: 50 } ], yellow: 3, orange: 2, red: 3 }", "must rise")]
    public void What_is_wrong_is_said_with_its_line(string section, string sentence)
    {
        var text = System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(Path.Combine(Seeds.Folder, "stations", "sumitu.yaml")), @"(?m)^patrol(Points|Lines):\n(  .*\n)+", "") + "\n" + section + "\n";
        var result = StationLoader.Read(text, "sumitu.yaml");
        Assert.Contains(result.Errors, error => error.Line > 0 && error.Sentence.Contains(sentence, StringComparison.Ordinal));
    }
}
