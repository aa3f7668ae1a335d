using Gateway.Hub.Console.Map;
using Gateway.Hub.Tests.Stations;

namespace Gateway.Hub.Tests.Console;

/// <summary>The names on the map of the station that we ship, quiet and with any one village calling.</summary>
public sealed class MapLayoutTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void No_name_lies_over_another_whoever_calls(string tag)
    {
        foreach (var calling in Seeds.Sumitu.Villages.Select(village => village.Id).Prepend(""))
        {
            var layout = MapLayout.Of(Seeds.Sumitu, village => village.Name.For(tag), village => village.Id == calling);
            var names = layout.Places.Select(place => (place.Village.Id, Box: NameBox(place, tag))).ToList();
            foreach (var (one, other) in names.SelectMany((one, at) => names.Skip(at + 1).Select(other => (one, other))))
            {
                var apart = one.Box.Right <= other.Box.Left || other.Box.Right <= one.Box.Left || one.Box.Bottom <= other.Box.Top || other.Box.Bottom <= one.Box.Top;
                Assert.True(apart, $"{tag}, calling '{calling}': {one.Id} {one.Box} lies over {other.Id} {other.Box}");
            }
        }
    }

    /// <summary>As the style draws it, without the extra size of a calling village.</summary>
    private static (double Left, double Top, double Right, double Bottom) NameBox(MapPlace place, string tag)
    {
        var width = place.Village.Name.For(tag).Sum(character => character > 0x2E80 ? MapLayout.LabelSize : MapLayout.LabelSize * 0.58);
        var left = place.Anchor switch { "start" => place.LabelX, "end" => place.LabelX - width, _ => place.LabelX - width / 2 };
        return (left, place.LabelY - MapLayout.LabelSize * 0.8, left + width, place.LabelY);
    }
}
