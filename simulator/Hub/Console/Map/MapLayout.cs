using Gateway.Hub.Stations;

namespace Gateway.Hub.Console.Map;

/// <summary>A village on the map. Units are those of the map's view box.</summary>
/// <param name="LabelX">Where its name begins (or ends, with <paramref name="Anchor"/> <c>end</c>).</param>
/// <param name="PeopleY">Base line of the count of people, centred on <paramref name="X"/>: below the village, above it where its name stands below.</param>
public sealed record MapPlace(Village Village, double X, double Y, double LabelX, double LabelY, string Anchor, double PeopleY);

/// <summary>Where the length of a road can be read, centred on the point.</summary>
public readonly record struct MapPoint(double X, double Y);

/// <summary>
/// Where the station's villages stand on a plane: an equirectangular projection around their middle (right to a percent over a few hundred kilometres), fitted into the view box,
/// and a place for each name that covers no other name, village or count of people, as far as there is one. Pure.
/// </summary>
public sealed class MapLayout
{
    public const double Width = 1000;
    public const double Height = 1060;
    /// <summary>Where there are more villages than that, names are smaller: they could not all be placed, and a map of a banner is read by zooming.</summary>
    private const int FewMax = 24;

    /// <summary>The name of a village that calls is written larger by so much at most.</summary>
    public const double LoudFactor = 1.2;
    private const double Margin = 110;
    private const double KmSize = 26;
    private const double Dot = 26;
    private const double AlarmDot = 58;
    private const double PeopleBelow = 52;
    private const double PeopleAbove = -28;

    /// <summary>Outside of the diamond of a call.</summary>
    private const double LoudPeople = 1.75;

    /// <summary>Two names over each other can be read by nobody; a name over a dot can.</summary>
    private const double NameOverName = 10;

    /// <summary>The mark of a call must be seen, whatever its neighbour is called.</summary>
    private const double NameOverCall = 8;

    /// <summary>What lies beyond the edge is not there at all.</summary>
    private const double BeyondTheEdge = 30;

    /// <summary>How far a name may move towards its village, so as not to be cut.</summary>
    private const double NudgeMax = 24;

    /// <summary>A count of people over a name spoils both.</summary>
    private const double CountOverName = 10;

    /// <summary>Each round gives every name the best place among the others as they then stand; it settles in two or three.</summary>
    private const int RoundsMax = 6;

    /// <summary>Where on a road its length is tried, from the middle outwards.</summary>
    private static readonly double[] AlongTheRoad = [0.5, 0.4, 0.6, 0.3, 0.7];

    private readonly IReadOnlyList<Box> taken;

    private MapLayout(IReadOnlyList<MapPlace> places, IReadOnlyList<Box> taken)
    {
        Places = places;
        this.taken = taken;
    }

    public IReadOnlyList<MapPlace> Places { get; }

    /// <summary>Height of a name. The style sheet has the same figures (room.css, <c>data-many</c>).</summary>
    public static double LabelSizeOf(int villages) => villages > FewMax ? 36 : 52;

    public static bool IsMany(int villages) => villages > FewMax;

    public MapPlace? Find(string villageId) => Places.FirstOrDefault(place => place.Village.Id == villageId);

    /// <param name="isLoud">Villages whose name is written larger and finds its place first: those with a call.</param>
    public static MapLayout Of(Station station, Func<Village, string> nameOf, Func<Village, bool> isLoud)
    {
        var villages = station.Villages;
        if (villages.IsEmpty)
        {
            return new MapLayout([], []);
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

        var spots = villages
            .Select(village => new Spot(
                village, left + (village.Longitude * shrink - west) * scale, top + (north - village.Latitude) * scale, isLoud(village), WidthOf(nameOf(village), LabelSizeOf(villages.Length)), LabelSizeOf(villages.Length)))
            .OrderByDescending(spot => spot.IsLoud)
            .ToList();
        return Arrange(spots);
    }

    /// <summary>A place for the length of a road where no name or village is; null when there is none: then it is left out.</summary>
    public MapPoint? FreeOn(MapPlace from, MapPlace to)
    {
        foreach (var part in AlongTheRoad)
        {
            var (x, y) = (from.X + (to.X - from.X) * part, from.Y + (to.Y - from.Y) * part);
            var box = new Box(x - KmSize * 1.15, y - KmSize, x + KmSize * 1.15, y + KmSize * 0.3);
            if (taken.All(other => other.Overlap(box) == 0))
            {
                return new MapPoint(x, y);
            }
        }

        return null;
    }

    /// <summary>Names in turn, the loud ones first, each where it covers least; again until none moves.</summary>
    private static MapLayout Arrange(List<Spot> spots)
    {
        var chosen = new Label?[spots.Count];
        var calls = spots.Where(spot => spot.IsLoud).Select(spot => (spot.Village, Dot: BoxesOf(spot, null).First())).ToList();
        for (var round = 0; round < RoundsMax; round++)
        {
            var moved = false;
            for (var i = 0; i < spots.Count; i++)
            {
                var others = Enumerable.Range(0, spots.Count).Where(other => other != i).SelectMany(other => BoxesOf(spots[other], chosen[other])).ToList();
                var names = chosen.Where((label, other) => label is not null && other != i).Select(label => label!.Box).ToList();
                var counts = chosen.Where((label, other) => label is not null && other != i).Select(label => label!.People).ToList();
                var best = Candidates(spots[i]).MinBy(candidate => candidate.Box.Outside() * BeyondTheEdge
                    + others.Sum(other => candidate.Box.Overlap(other) + candidate.People.Overlap(other))
                    + NameOverName * names.Sum(candidate.Box.Overlap)
                    + NameOverCall * calls.Where(call => call.Village != spots[i].Village).Sum(call => candidate.Box.Overlap(call.Dot))
                    + CountOverName * (counts.Sum(candidate.Box.Overlap) + names.Sum(candidate.People.Overlap)))!;
                moved |= best != chosen[i];
                chosen[i] = best;
            }

            if (!moved)
            {
                break;
            }
        }

        var places = spots.Zip(chosen, (spot, label) => new MapPlace(spot.Village, spot.X, spot.Y, label!.X, label.Y, label.Anchor, label.PeopleY)).ToList();
        return new MapLayout(places, [.. spots.Zip(chosen, BoxesOf).SelectMany(boxes => boxes)]);
    }

    private static IEnumerable<Box> BoxesOf(Spot spot, Label? label)
    {
        var radius = spot.IsLoud ? AlarmDot : Dot;
        yield return new Box(spot.X - radius, spot.Y - radius, spot.X + radius, spot.Y + radius);
        if (label is not null)
        {
            yield return label.Box;
            yield return label.People;
        }
    }

    /// <summary>Chinese characters are as wide as they are high, Latin ones a bit over half.</summary>
    public static double WidthOf(string text, double size) => text.Sum(character => character > 0x2E80 ? size : size * 0.58);

    private static IEnumerable<Label> Candidates(Spot spot)
    {
        var gap = spot.IsLoud ? 62.0 : 34.0;
        var up = spot.Size * 0.8 * (spot.IsLoud ? LoudFactor : 1);
        var width = spot.Width * (spot.IsLoud ? LoudFactor : 1);
        yield return Right(spot.Y + up / 2, gap);
        yield return Left(spot.Y + up / 2, gap);

        // Beside the village, the count of people may stand below or above it.
        yield return Right(spot.Y + up / 2, gap) with { IsCountAbove = true };
        yield return Left(spot.Y + up / 2, gap) with { IsCountAbove = true };
        yield return Middle(spot.Y - gap);
        yield return Middle(spot.Y + gap + up);

        // Above and below to either side, so that a name need not lie across its neighbours.
        yield return Right(spot.Y - gap * 0.7, gap / 2);
        yield return Right(spot.Y + gap * 0.7 + up, gap / 2);
        yield return Left(spot.Y - gap * 0.7, gap / 2);
        yield return Left(spot.Y + gap * 0.7 + up, gap / 2);

        // What would be cut at the edge by a letter or so moves in by as much.
        Label Right(double baseLine, double away)
        {
            var from = spot.X + away - Nudge(spot.X + away + width - Width);
            return new(spot, from, baseLine, "start", from, width, up);
        }

        Label Left(double baseLine, double away)
        {
            var to = spot.X - away + Nudge(width - (spot.X - away));
            return new(spot, to, baseLine, "end", to - width, width, up);
        }

        Label Middle(double baseLine)
        {
            var middle = spot.X - Nudge(spot.X + width / 2 - Width) + Nudge(width / 2 - spot.X);
            return new(spot, middle, baseLine, "middle", middle - width / 2, width, up);
        }

        static double Nudge(double beyond) => beyond is > 0 and < NudgeMax ? beyond : 0;
    }

    private sealed record Spot(Village Village, double X, double Y, bool IsLoud, double Width, double Size);

    /// <summary>One place for a name, and the place that it leaves for the count of people.</summary>
    private sealed record Label(Spot Spot, double X, double Y, string Anchor, double From, double Width, double Up)
    {
        /// <summary>With what hangs below the line: a g over the next name is read by nobody.</summary>
        public Box Box { get; } = new(From, Y - Up, From + Width, Y + (Up * 0.2));

        public bool IsCountAbove { get; init; } = Y > Spot.Y + 30;

        public double PeopleY => Spot.Y + (IsCountAbove ? PeopleAbove : PeopleBelow) * (Spot.IsLoud ? LoudPeople : 1);

        public Box People => new(Spot.X - 26, PeopleY - 24, Spot.X + 26, PeopleY);
    }

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
