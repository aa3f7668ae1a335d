namespace Gateway.Hub.Statistics;

/// <summary>Where and when to patrol, from where and when calls came: counts of calls by hour and place, and nothing about people. A person decides.</summary>
/// <param name="Cells">Hours and places with enough calls, most first.</param>
/// <param name="MergedCells">How many hours and places had fewer calls than <see cref="CellMin"/>: they are shown together, so that no single call can be read from it.</param>
/// <param name="MergedCalls">The calls in those.</param>
public sealed record PatrolProposals(IReadOnlyList<HeatCell> Cells, int MergedCells, long MergedCalls)
{
    /// <summary>A cell with fewer calls is merged.</summary>
    public const int CellMin = 5;

    public const int CellsMax = 20;

    /// <param name="heat">Of the months looked at.</param>
    /// <param name="hours">Only these hours of the day; null for all.</param>
    public static PatrolProposals Of(IReadOnlyList<HeatCell> heat, IReadOnlySet<int>? hours)
    {
        var cells = heat.Where(cell => hours is null || hours.Contains(cell.Hour)).ToList();
        var small = cells.Where(cell => cell.Count < CellMin).ToList();
        return new PatrolProposals(
            [.. cells.Where(cell => cell.Count >= CellMin).OrderByDescending(cell => cell.Count).ThenBy(cell => cell.Hour).ThenBy(cell => cell.VillageId, StringComparer.Ordinal).Take(CellsMax)],
            small.Count, small.Sum(cell => cell.Count));
    }
}
