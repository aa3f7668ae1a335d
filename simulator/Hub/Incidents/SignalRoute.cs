namespace Gateway.Hub.Incidents;

public enum RouteKind
{
    /// <summary>A fact without work: stored, shown on the gateway's page, in no incident.</summary>
    None,

    /// <summary>To the tests list: nobody is alerted or sent.</summary>
    Test,

    /// <summary>A new incident.</summary>
    Open,

    /// <summary>Joins, restores or cancels in an open incident.</summary>
    Join,
}

/// <summary>Where a committed signal belongs.</summary>
/// <param name="IncidentId">With <see cref="RouteKind.Open"/> the id that was offered, with <see cref="RouteKind.Join"/> that of the open incident; else 0.</param>
/// <param name="Command">What to decide there; null when there is no incident.</param>
public sealed record SignalRoute(RouteKind Kind, long IncidentId, IncidentCommand? Command)
{
    public static SignalRoute None { get; } = new(RouteKind.None, 0, null);

    public static SignalRoute Test { get; } = new(RouteKind.Test, 0, null);
}
