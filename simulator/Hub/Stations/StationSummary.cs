namespace Gateway.Hub.Stations;

/// <summary>How much a station file holds: what a dry run tells of a good one.</summary>
public sealed record StationSummary(int Villages, int Roads, int CallPoints, int Boards, int Responders, int Shifts, int PatrolPoints, int PatrolLines, int WarningTable)
{
    public static StationSummary Of(Station station) => new(
        station.Villages.Length, station.Roads.Length, station.CallPoints.Length, station.Boards.Length, station.Responders.Length, station.Patrol.Shifts.Length,
        station.Patrol.Points.Length, station.Patrol.Lines.Length, station.Warnings.Version);

    public override string ToString() =>
        $"{Villages} villages, {Roads} roads, {CallPoints} call points, {Boards} boards, {Responders} responders, {Shifts} shifts, {PatrolPoints} patrol points, {PatrolLines} patrol lines, warning table {WarningTable}";
}
