using Gateway.Hub.Dispatch;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Tests.Stations;

/// <summary>Who is on duty in which shift, as a station file says it.</summary>
public sealed class RosterTests
{
    [Theory]
    [InlineData("2026-11-22T09:00:00+08:00", "auxiliary-2", true)]
    [InlineData("2026-11-22T09:00:00+08:00", "auxiliary-3", false)]
    [InlineData("2026-11-22T23:00:00+08:00", "auxiliary-2", false)]
    [InlineData("2026-11-23T03:00:00+08:00", "auxiliary-3", true)]
    [InlineData("2026-11-22T09:00:00+08:00", "officer-1", true)]
    [InlineData("2026-11-22T23:00:00+08:00", "officer-4", false)]
    [InlineData("2026-11-22T23:00:00+08:00", "bayanbulag-volunteer-1", true)]
    public void The_roster_of_Sumitu_is_kept_and_who_stands_in_none_is_as_the_file_says(string at, string responderId, bool expected)
    {
        var station = Seeds.Sumitu;
        var shift = DutyRules.ShiftAt(station, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(expected, DutyRules.IsRostered(station, station.FindResponder(responderId)!, shift));
    }

    [Theory]
    [InlineData("  - { shift: noon, responders: [officer-1] }", "noon")]
    [InlineData("  - { shift: day, responders: [nobody] }", "nobody")]
    [InlineData("  - { shift: day, responders: [officer-1] }\n  - { shift: day, responders: [officer-2] }", "twice")]
    public void A_roster_that_names_what_is_not_there_is_an_error_with_its_line(string entries, string named)
    {
        var text = File.ReadAllText(Path.Combine(Seeds.Folder, "stations", "sumitu.yaml"));
        var from = text.IndexOf("roster:\n", StringComparison.Ordinal) + "roster:\n".Length;
        var to = text.IndexOf("\n\n", from, StringComparison.Ordinal);
        var result = StationLoader.Read(text[..from] + entries + text[to..], "sumitu.yaml");
        Assert.Null(result.Station);
        Assert.Contains(result.Errors, error => error.Line > 0 && error.Sentence.Contains(named, StringComparison.Ordinal));
    }
}
