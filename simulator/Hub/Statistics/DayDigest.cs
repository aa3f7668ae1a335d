namespace Gateway.Hub.Statistics;

/// <summary>Why an incident stands at the top of the daily review.</summary>
[Flags]
public enum DigestReasons
{
    None = 0,

    /// <summary>Its call point called more than once in the 30 days to the end of the day.</summary>
    Repeated = 1,

    /// <summary>A step of it was overdue.</summary>
    Escalated = 2,

    /// <summary>Three or more responders were sent.</summary>
    ManyResponders = 4,

    /// <summary>The presser took it back.</summary>
    Cancelled = 8,

    /// <summary>Pressed five times or more.</summary>
    PressedOften = 16,

    /// <summary>Still open when the review is made.</summary>
    StillOpen = 32,
}

/// <summary>One incident in the review of its day.</summary>
/// <param name="CallsOfPlace">Incidents of its call point in the 30 days to the end of the day.</param>
public sealed record DigestEntry(IncidentFact Fact, int CallsOfPlace, DigestReasons Reasons)
{
    public bool IsComplex => (Reasons & ~DigestReasons.Repeated) != DigestReasons.None;
}

/// <summary>A day's incidents for its review: repeated ones first, then complex ones, then the rest (S2). Pure.</summary>
public static class DayDigest
{
    public const int RepeatedDays = 30;

    /// <summary>Incidents of a day that are looked at; a day with more says how many are left.</summary>
    public const int EntriesMax = 500;

    public static IReadOnlyList<DigestEntry> Of(IEnumerable<IncidentFact> day, IReadOnlyDictionary<string, int> callsOfPlace) =>
    [
        .. day.Select(fact => Entry(fact, callsOfPlace.GetValueOrDefault(fact.CallPointId)))
            .OrderByDescending(entry => entry.Reasons.HasFlag(DigestReasons.Repeated)).ThenByDescending(entry => entry.IsComplex)
            .ThenByDescending(entry => entry.CallsOfPlace).ThenBy(entry => entry.Fact.OpenedAt),
    ];

    private static DigestEntry Entry(IncidentFact fact, int calls)
    {
        var reasons = (fact is { IsCall: true, CallPointId.Length: > 0 } && calls > 1 ? DigestReasons.Repeated : 0)
            | (fact.EscalatedTo != Incidents.EscalationLevel.None ? DigestReasons.Escalated : 0)
            | (fact.Responders >= 3 ? DigestReasons.ManyResponders : 0)
            | (fact.Cancelled ? DigestReasons.Cancelled : 0)
            | (fact.Weight >= 5 ? DigestReasons.PressedOften : 0)
            | (fact.ClosedAt is null ? DigestReasons.StillOpen : 0);
        return new DigestEntry(fact, calls, reasons);
    }
}
