using System.Collections.Immutable;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Stations;

/// <summary>The members of a station file that say where patrols go and how calls add up to an early warning, and what they say of other parts.</summary>
internal static class PatrolReader
{
    public const int PointsMax = 500;
    public const int LinesMax = 500;
    private const int PointsOfLineMax = 20;
    private const int PointsOfCallMax = 1_000;
    private const int HoursMax = 30 * 24;

    public static PatrolPoint ReadPoint(YamlObject from) => new(
        from.Id("id"), StationReader.Local(from, "name", StationReader.NameMaxChars), from.Id("village"), from.Integer("perShift", 1, 24, 1), from.Integer("everyMin", 0, 1_440, 0),
        from.Has("device") ? from.Id("device") : from.Text("device", 32, ""));

    public static PatrolLine ReadLine(YamlObject from)
    {
        var line = new PatrolLine(from.Id("id"), StationReader.Local(from, "name", StationReader.NameMaxChars), from.Ids("points", PointsOfLineMax), from.Integer("perShift", 1, 24, 1));
        if (line.PointIds.Length < 2)
        {
            from.Offend(from.Line, $"Line `{line.Id}` needs at least two points.");
        }

        return line;
    }

    public static WarningTable ReadWarnings(YamlObject? from)
    {
        var table = new WarningTable();
        if (from is null)
        {
            return table;
        }

        var points = ImmutableSortedDictionary.CreateBuilder<IncidentKind, int>();
        foreach (var entry in from.Objects("points", 1, 14))
        {
            points[entry.Choice<IncidentKind>("kind")] = entry.Integer("points", 0, PointsOfCallMax);
            entry.RefuseOthers();
        }

        var ages = ImmutableArray.CreateBuilder<(int ToDays, int Percent)>();
        foreach (var entry in from.Objects("ages", 1, 12))
        {
            ages.Add((entry.Integer("toDays", 1, 366), entry.Integer("percent", 0, 100)));
            if (ages.Count > 1 && (ages[^1].ToDays <= ages[^2].ToDays || ages[^1].Percent > ages[^2].Percent))
            {
                entry.Offend(entry.Line, "`ages` must rise in days and never rise in percent: an older call never weighs more.");
            }

            entry.RefuseOthers();
        }

        table = new WarningTable
        {
            Version = from.Integer("version", 1, 1_000_000), Points = points.ToImmutable(), Ages = ages.Count > 0 ? ages.ToImmutable() : table.Ages,
            Yellow = from.Integer("yellow", 1, 100_000), Orange = from.Integer("orange", 1, 100_000), Red = from.Integer("red", 1, 100_000),
            SuperviseH = from.Integer("superviseH", 1, HoursMax, table.SuperviseH), SuperviseRedH = from.Integer("superviseRedH", 1, HoursMax, table.SuperviseRedH),
            HandleH = from.Integer("handleH", 1, HoursMax, table.HandleH), FeedBackH = from.Integer("feedBackH", 1, HoursMax, table.FeedBackH),
        };
        if (table.Yellow >= table.Orange || table.Orange >= table.Red)
        {
            from.Offend(from.Line, "`yellow`, `orange` and `red` must rise.");
        }

        from.RefuseOthers();
        return table;
    }

    public static void Check(Station station, YamlObject root)
    {
        var plan = station.Patrol;
        foreach (var (point, at) in plan.Points.Zip(root.Objects("patrolPoints", 0, PointsMax)))
        {
            if (station.FindVillage(point.VillageId) is null)
            {
                at.Offend(at.Line, $"Patrol point `{point.Id}` stands in village `{point.VillageId}`, which is not in `villages`.");
            }

            if (point.DeviceId.Length > 0 && station.FindBoard(point.DeviceId) is null)
            {
                at.Offend(at.Line, $"Patrol point `{point.Id}` names board `{point.DeviceId}`, which is not in `boards`.");
            }
        }

        foreach (var (line, at) in plan.Lines.Zip(root.Objects("patrolLines", 0, LinesMax)))
        {
            foreach (var id in line.PointIds.Where(id => plan.Points.All(point => point.Id != id)))
            {
                at.Offend(at.Line, $"Patrol line `{line.Id}` names point `{id}`, which is not in `patrolPoints`.");
            }

            if (plan.Points.Any(point => point.Id == line.Id))
            {
                at.Offend(at.Line, $"`{line.Id}` is a patrol point already; a line needs an id of its own.");
            }
        }

        if ((!plan.Points.IsEmpty || !plan.Lines.IsEmpty) && plan.Shifts.IsEmpty)
        {
            root.Offend(root.Line, "Patrol points need `shifts`: a plan is per shift.");
        }
    }
}
