using Gateway.Hub.Stations;

namespace Gateway.Hub.Tests.Stations;

/// <summary>Every offence of a station file is an error with its line and a sentence; none is an exception.</summary>
public sealed class StationLoaderTests
{
    private const string Small = """
        format: 1
        station:
          id: small
          name: { zh: 小站, en: Small }
          region: { zh: 旗, en: Banner }
          village: a
        speeds: { carKmh: 60, motorbikeKmh: 40, horseKmh: 14, footKmh: 5 }
        villages:
          - { id: a, name: { zh: 甲 }, latitude: 39.0, longitude: 107.0 }
          - { id: b, name: { zh: 乙 }, latitude: 39.1, longitude: 107.0 }
        roads:
          - { from: a, to: b, km: 12 }
        callPoints:
          - id: b-room
            name: { zh: 乙室 }
            village: b
            zoneClass: core
            languages: [zh]
            callBack: { number: "000", synthetic: true }
            directions: { zh: 路口 }
        boards:
          - device: gw-1
            callPoint: b-room
            zones:
              - { zone: 1, kind: help, name: { zh: 求助 } }
        responders:
          - { id: one, name: { zh: 民警一 }, role: officer, village: a, skills: [], languages: [zh], means: [car], readyMin: 2 }
        """;

    [Fact]
    public void A_small_correct_file_loads_with_the_default_targets()
    {
        var result = StationLoader.Read(Small, "small.yaml");

        Assert.Empty(result.Errors);
        Assert.Equal("small", result.Station!.Id);
        Assert.Equal(60, result.Station.Targets.ArriveS(ZoneClass.Core));
        Assert.Equal(180, result.Station.Targets.ArriveS(ZoneClass.Key));
        Assert.Equal(300, result.Station.Targets.ArriveS(ZoneClass.General));
        Assert.Equal("甲", result.Station.FindVillage("a")!.Name.For("en"));
    }

    [Theory]
    [InlineData("format: 1", "format: 2", 1, "whole number from 1 to 1")]
    [InlineData("  village: a\n", "  village: c\n", 3, "village `c`, which is not in `villages`")]
    [InlineData("  village: a\n", "", 3, "`village` is missing")]
    [InlineData("  village: a\n", "  village: a\n  vilage: a\n", 7, "`vilage` is not known here")]
    [InlineData("carKmh: 60", "carKmh: fast", 7, "`carKmh` must be a number from 1 to 150, not `fast`")]
    [InlineData("carKmh: 60", "carKmh: NaN", 7, "must be a number")]
    [InlineData("latitude: 39.1", "latitude: 91", 10, "from -90 to 90")]
    [InlineData("id: b,", "id: a,", 10, "`a` stands twice in `villages`: first in line 9")]
    [InlineData("km: 12", "km: 9", 12, "the straight line has 11.1 km")]
    [InlineData("from: a, to: b", "from: a, to: a", 12, "leads from `a` to itself")]
    [InlineData("from: a, to: b", "from: a, to: x", 12, "`x` is not in `villages`")]
    [InlineData("  - { from: a, to: b, km: 12 }", "  []", 14, "No road leads from the station to `b`")]
    [InlineData("zoneClass: core", "zoneClass: Core", 17, "none of: core, key, general")]
    [InlineData("number: \"000\"", "number: call me", 19, "digits")]
    [InlineData("languages: [zh]\n    callBack", "languages: [Chinese]\n    callBack", 18, "no language tag")]
    [InlineData("device: gw-1", "device: GW_1", 22, "a-z, 0-9 and '-'")]
    [InlineData("device: gw-1", "device: g", 22, "at least 3 characters")]
    [InlineData("callPoint: b-room", "callPoint: c-room", 22, "call point `c-room`")]
    [InlineData("zone: 1, kind: help", "zone: 0, kind: help", 22, "zone 0 is the box itself")]
    [InlineData("zone: 1, kind: help", "zone: 33, kind: help", 25, "from 0 to 32")]
    [InlineData("means: [car]", "means: []", 27, "at least one means of travel")]
    [InlineData("skills: []", "skills: [flying]", 27, "`flying` in `skills` is none of")]
    [InlineData("readyMin: 2", "readyMin: 2, onDuty: yes", 27, "true or false")]
    [InlineData("name: { zh: 民警一 }", "name: 民警一", 27, "`name` must be a mapping")]
    public void An_offence_is_an_error_with_its_line(string correct, string offending, int line, string sentence)
    {
        Assert.Contains(correct, Small);

        var result = StationLoader.Read(Small.Replace(correct, offending), "small.yaml");

        Assert.Null(result.Station);
        Assert.True(result.Errors.Any(error => error.Line == line && error.Sentence.Contains(sentence)), $"expected line {line}: ...{sentence}...; got\n{string.Join("\n", result.Errors)}");
    }

    [Fact]
    public void One_reading_finds_all_offences()
    {
        var result = StationLoader.Read(Small.Replace("carKmh: 60", "carKmh: 0").Replace("latitude: 39.1", "latitude: x").Replace("km: 12", "km: -1"), "small.yaml");

        Assert.Equal([7, 10, 12], result.Errors.Select(error => error.Line));
        Assert.StartsWith("small.yaml:7: ", result.Errors[0].ToString());
    }

    [Theory]
    [InlineData("", "one YAML mapping")]
    [InlineData("- 1\n- 2", "one YAML mapping")]
    [InlineData("a: 1\n---\nb: 2", "one YAML mapping")]
    [InlineData("a: [1, 2", "not YAML")]
    [InlineData("format: 1\nformat: 1", "not YAML")]
    [InlineData("a: &x [1]\nb: *x", "Anchors and aliases")]
    [InlineData("a: [[[[[[[[[[[1]]]]]]]]]]]", "Nested deeper")]
    [InlineData("\u0000\u0001", "one YAML mapping")]
    public void What_is_no_station_file_at_all_is_an_error_too(string text, string sentence)
    {
        var error = Assert.Single(StationLoader.Read(text, "x.yaml").Errors);

        Assert.Contains(sentence, error.Sentence);
    }

    [Fact]
    public void A_deeply_nested_bomb_is_refused_without_being_built()
    {
        var error = Assert.Single(StationLoader.Read("a: " + new string('[', 100_000), "x.yaml").Errors);

        Assert.Contains("Nested deeper", error.Sentence);
    }

    [Fact]
    public void A_file_that_is_absent_or_too_large_is_an_error_of_the_result()
    {
        var absent = Assert.Single(StationLoader.Load("no-such-file.yaml").Errors);
        var large = Assert.Single(StationLoader.Read(new string(' ', StationLoader.FileMaxBytes + 1), "large.yaml").Errors);

        Assert.Contains("cannot be read", absent.Sentence);
        Assert.Contains("at most", large.Sentence);
    }

    [Fact]
    public void Errors_are_bounded()
    {
        var villages = string.Concat(Enumerable.Range(0, 200).Select(n => $"  - {{ id: v{n}, name: {{ zh: 村 }}, latitude: north, longitude: 1 }}\n"));

        var result = StationLoader.Read(Small.Replace("villages:\n", "villages:\n" + villages), "x.yaml");

        Assert.Equal(StationLoader.ErrorsMax, result.Errors.Length);
    }
}
