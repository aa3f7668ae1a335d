using Gateway.Hub.Stations;

namespace Gateway.Hub.Incidents;

/// <summary>A deadline of an incident's present step.</summary>
/// <param name="WarnAt">When three quarters of the time are gone.</param>
/// <param name="Level">Whom an escalation at <paramref name="DueAt"/> reaches.</param>
public sealed record ClockDue(ClockName Clock, DateTimeOffset StartedAt, DateTimeOffset WarnAt, DateTimeOffset DueAt, EscalationLevel Level);
