using Gateway.Hub.Console.Map;
using Gateway.Hub.Tests.Stations;

namespace Gateway.Hub.Tests.Console;

/// <summary>The names on the map of the station that we ship, quiet and with any one or two villages calling.</summary>
public sealed class MapLayoutTests
{
    private static readonly double Size = MapLayout.LabelSizeOf(Seeds.Sumitu.Villages.Length);

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void No_name_lies_over_another_whoever_calls(string tag)
    {
        var names = new MapNames(Seeds.Sumitu, tag);
        var ids = Seeds.Sumitu.Villages.Select(village => village.Id).ToList();
        foreach (var calling in ids.SelectMany((one, at) => ids.Skip(at).Select(other => new[] { one, other })).Prepend([]))
        {
            var layout = MapLayout.Of(Seeds.Sumitu, names.Of, village => calling.Contains(village.Id));
            var boxes = layout.Places.Select(place => (place.Village.Id, Box: NameBox(place, names, calling.Contains(place.Village.Id)))).ToList();
            foreach (var (one, other) in boxes.SelectMany((one, at) => boxes.Skip(at + 1).Select(other => (one, other))))
            {
                var apart = one.Box.Right <= other.Box.Left || other.Box.Right <= one.Box.Left || one.Box.Bottom <= other.Box.Top || other.Box.Bottom <= one.Box.Top;
                Assert.True(apart, $"{tag}, calling '{string.Join(' ', calling)}': {one.Id} {one.Box} lies over {other.Id} {other.Box}");
            }
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void No_count_of_people_lies_over_a_name_whoever_calls(string tag)
    {
        var names = new MapNames(Seeds.Sumitu, tag);
        var ids = Seeds.Sumitu.Villages.Select(village => village.Id).ToList();
        var over = new List<string>();
        foreach (var calling in ids.SelectMany((one, at) => ids.Skip(at).Select(other => new[] { one, other })).Prepend([]))
        {
            var layout = MapLayout.Of(Seeds.Sumitu, names.Of, village => calling.Contains(village.Id));
            foreach (var place in layout.Places)
            {
                var count = (Left: place.X - 20, Top: place.PeopleY - 20, Right: place.X + 20, Bottom: place.PeopleY);
                over.AddRange(layout.Places.Where(other => other != place).Select(other => (other.Village.Id, Box: NameBox(other, names, calling.Contains(other.Village.Id))))
                    .Where(name => count.Right > name.Box.Left && name.Box.Right > count.Left && count.Bottom > name.Box.Top && name.Box.Bottom > count.Top)
                    .Select(name => $"{tag}, calling '{string.Join(' ', calling)}': the count of {place.Village.Id} lies over {name.Id}"));
            }
        }

        Assert.True(over.Count == 0, $"{over.Count}: {string.Join("\n", over.Take(10))}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void No_name_is_cut_by_the_edge_even_when_every_village_calls(string tag)
    {
        var names = new MapNames(Seeds.Sumitu, tag);
        foreach (var calling in Enumerable.Range(0, Seeds.Sumitu.Villages.Length + 1))
        {
            var loud = Seeds.Sumitu.Villages.Take(calling).Select(village => village.Id).ToHashSet();
            Assert.All(MapLayout.Of(Seeds.Sumitu, names.Of, village => loud.Contains(village.Id)).Places, place =>
            {
                var box = NameBox(place, names, loud.Contains(place.Village.Id));
                Assert.True(box is { Left: >= 0, Top: >= 0, Right: <= MapLayout.Width, Bottom: <= MapLayout.Height }, $"{tag}, {calling} calling: {place.Village.Id} {box}");
            });
        }
    }

    [Theory]
    [InlineData("en", "bayanbulag", "Bayanbulag")]
    [InlineData("zh-CN", "bayanbulag", "巴音布拉格")]
    [InlineData("en", "sumitu", "Sumitu")]
    [InlineData("zh-CN", "sumitu", "苏米图")]
    public void A_map_leaves_out_the_word_that_most_names_end_with(string tag, string village, string name) =>
        Assert.Equal(name, new MapNames(Seeds.Sumitu, tag).Of(Seeds.Sumitu.FindVillage(village)!));

    /// <summary>As the style draws it.</summary>
    private static (double Left, double Top, double Right, double Bottom) NameBox(MapPlace place, MapNames names, bool isLoud)
    {
        var size = Size * (isLoud ? MapLayout.LoudFactor : 1);
        var width = MapLayout.WidthOf(names.Of(place.Village), size);
        var left = place.Anchor switch { "start" => place.LabelX, "end" => place.LabelX - width, _ => place.LabelX - width / 2 };
        return (left, place.LabelY - size * 0.8, left + width, place.LabelY);
    }
}
