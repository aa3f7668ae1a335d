namespace Gateway.Hub.Work;

/// <summary>Which work: newest first.</summary>
/// <param name="Open">True for open items only, false for closed ones only, null for all.</param>
/// <param name="WithWarnings">Whether the reader may see early warnings.</param>
/// <param name="BeforeId">The cursor: older than this one.</param>
/// <param name="Limit">1..500.</param>
public sealed record WorkQuery(WorkKind? Kind = null, bool? Open = null, bool WithWarnings = false, long? BeforeId = null, int Limit = 50)
{
    /// <summary>Only of these stations, as <see cref="Stations.StationBook.CodeOf"/> writes them; null for all.</summary>
    public IReadOnlyList<string>? Stations { get; init; }
}

/// <summary>A stored change of a piece of work. <paramref name="Version"/> is the item's after it.</summary>
public sealed record WorkTimelineEntry(long Version, WorkEvent Event);

/// <summary>A piece of work with its whole story.</summary>
public sealed record WorkDetail(WorkItem Item, IReadOnlyList<WorkTimelineEntry> Timeline);
