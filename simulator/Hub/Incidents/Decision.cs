using System.Collections.Immutable;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Incidents;

/// <summary>Why a command is not done.</summary>
/// <param name="Name">Stable, in kebab case, for programs: one of <see cref="RefusalNames"/>.</param>
/// <param name="Text">A plain English sentence for people.</param>
public sealed record Refusal(string Name, string Text);

/// <summary>What a command comes to: events to store, or one refusal. An accepted command that changes nothing has no events.</summary>
public sealed record Decision(ImmutableArray<IncidentEvent> Events, Refusal? Refusal)
{
    public bool IsRefused => Refusal is not null;

    public static Decision Of(params ImmutableArray<IncidentEvent> events) => new(events, null);

    public static Decision Refuse(string name, string text) => new([], new Refusal(name, text));
}

/// <summary>All that a decision may know besides the incident and the command. No rule reads a clock.</summary>
/// <param name="OpenIncidents">For commands that name another incident; may be empty where none does.</param>
public sealed record DecideContext(
    DateTimeOffset Now, string Actor, StationTargets Targets, ImmutableDictionary<long, Incident> OpenIncidents)
{
    public DecideContext(DateTimeOffset now, string actor, StationTargets targets)
        : this(now, actor, targets, ImmutableDictionary<long, Incident>.Empty)
    {
    }

    /// <summary>Where given, responders are looked up in it, and unknown ones refused.</summary>
    public Station? Station { get; init; }

    /// <summary>The number for an incident that this decision makes; 0 when it may make none.</summary>
    public long NextIncidentId { get; init; }
}
