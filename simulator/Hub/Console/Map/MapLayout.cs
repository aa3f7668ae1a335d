using Gateway.Hub.Stations;

namespace Gateway.Hub.Console.Map;

/// <summary>A village on the map. Units are those of the map's view box.</summary>
/// <param name="LabelX">Where its name begins (or ends, with <paramref name="Anchor"/> <c>end</c>).</param>
public sealed record MapPlace(Village Village, double X, double Y, double LabelX, double LabelY, string Anchor);

/// <summary>
/// Where the station's villages stand on a plane: an equirectangular projection around their middle (right to a percent over a few hundred kilometres), fitted into the view box,
/// and a place for each name that covers no other name or village, as far as there is one. Pure.
/// </summary>
public sealed class MapLayout
{
    public const double Width = 1000;
    public const double Height = 1060;
    public const double LabelSize = 42;
    private const double LoudFactor = 1.2;
    private const double Margin = 110;
    private const double Dot = 26;
    private const double AlarmDot = 44;

    private MapLayout(IReadOnlyList<MapPlace> places) => Places = places;

    public IReadOnlyList<MapPlace> Places { get; }

    public MapPlace? Find(string villageId) => Places.FirstOrDefault(place => place.Village.Id == villageId);

    /// <param name="isLoud">Villages whose name is written larger and finds its place first: those with a call.</param>
    public static MapLayout Of(Station station, Func<Village, string> nameOf, Func<Village, bool> isLoud)
    {
        var villages = station.Villages;
        if (villages.IsEmpty)
        {
            return new MapLayout([]);
        }

        var middle = (villages.Min(village => village.Latitude) + villages.Max(village => village.Latitude)) / 2;
        var shrink = Math.Cos(middle * Math.PI / 180);
        var west = villages.Min(village => village.Longitude) * shrink;
        var east = villages.Max(village => village.Longitude) * shrink;
        var south = villages.Min(village => village.Latitude);
        var north = villages.Max(village => village.Latitude);
        var scale = Math.Min((Width - 2 * Margin) / Math.Max(east - west, 1e-6), (Height - 2 * Margin) / Math.Max(north - south, 1e-6));
        var left = (Width - (east - west) * scale) / 2;
        var top = (Height - (north - south) * scale) / 2;

        var points = villages.Select(village => (village, X: left + (village.Longitude * shrink - west) * scale, Y: top + (north - village.Latitude) * scale)).ToList();
        var taken = points.Select(point => Around(point.X, point.Y, isLoud(point.village) ? AlarmDot : Dot)).ToList();
        var places = new List<MapPlace>();
        foreach (var (village, x, y) in points.OrderByDescending(point => isLoud(point.village)))
        {
            var name = nameOf(village);
            var candidates = Candidates(x, y, WidthOf(name) * (isLoud(village) ? LoudFactor : 1)).ToList();
            var chosen = candidates.OrderBy(candidate => candidate.Box.Outside() * 4 + taken.Sum(candidate.Box.Overlap)).First();
            taken.Add(chosen.Box);
            places.Add(new MapPlace(village, x, y, chosen.X, chosen.Y, chosen.Anchor));
        }

        return new MapLayout(places);
    }

    /// <summary>Chinese characters are as wide as they are high, Latin ones a bit over half.</summary>
    private static double WidthOf(string text) => text.Sum(character => character > 0x2E80 ? LabelSize : LabelSize * 0.58);

    private static IEnumerable<(double X, double Y, string Anchor, Box Box)> Candidates(double x, double y, double width)
    {
        const double Gap = 44;
        const double Up = LabelSize * 0.8;
        yield return (x + Gap, y + Up / 2, "start", new Box(x + Gap, y - Up / 2, x + Gap + width, y + Up / 2));
        yield return (x - Gap, y + Up / 2, "end", new Box(x - Gap - width, y - Up / 2, x - Gap, y + Up / 2));
        yield return (x, y - Gap, "middle", new Box(x - width / 2, y - Gap - Up, x + width / 2, y - Gap));
        yield return (x, y + Gap + Up, "middle", new Box(x - width / 2, y + Gap, x + width / 2, y + Gap + Up));
        foreach (var side in new[] { 1, -1 })
        {
            // Above and below to either side, so that a name need not lie across its neighbours.
            var edge = x + side * Gap / 2;
            var anchor = side > 0 ? "start" : "end";
            var left = side > 0 ? edge : edge - width;
            yield return (edge, y - Gap * 0.8, anchor, new Box(left, y - Gap * 0.8 - Up, left + width, y - Gap * 0.8));
            yield return (edge, y + Gap * 0.8 + Up, anchor, new Box(left, y + Gap * 0.8, left + width, y + Gap * 0.8 + Up));
        }
    }

    private static Box Around(double x, double y, double radius) => new(x - radius, y - radius, x + radius, y + radius);

    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public double Overlap(Box other) =>
            Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left)) * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));

        /// <summary>The area that would stand beyond the map's edge.</summary>
        public double Outside()
        {
            var inside = Overlap(new Box(0, 0, Width, Height));
            return (Right - Left) * (Bottom - Top) - inside;
        }
    }
}
