using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Work;

namespace Gateway.Hub;

/// <summary>What is the case now: immutable, swapped whole after each commit that changes it, free to read from any thread.</summary>
/// <param name="Version">Rises with every swap; starts anew with the hub.</param>
/// <param name="Run">8 hex digits, new at each start of the hub (PROTOCOL.md section 11).</param>
public sealed record HubSnapshot(
    DateTimeOffset At, long Version, string HubId, string Run, StationBook Stations, ImmutableDictionary<long, Incident> OpenIncidents,
    ImmutableDictionary<string, GatewayState> Gateways)
{
    /// <summary>What the stations' files list, in one: for names (<see cref="StationBook.All"/>).</summary>
    public Station Station => Stations.All;

    /// <summary>The open work beside incidents. Warnings among it are for those only who may see them (<c>Rights.Warnings</c>).</summary>
    public ImmutableDictionary<long, WorkItem> OpenWork { get; init; } = ImmutableDictionary<long, WorkItem>.Empty;

    /// <summary>What was said of responders for the running shift.</summary>
    public ImmutableDictionary<string, DutyEntry> Duty { get; init; } = ImmutableDictionary<string, DutyEntry>.Empty;

    /// <summary>Of which this is the part that some reader may see; null when it is the whole.</summary>
    private HubSnapshot? Whole { get; init; }

    /// <summary>Beside the snapshots and not in them: a copy of a snapshot has other parts.</summary>
    private static readonly ConditionalWeakTable<HubSnapshot, ConcurrentDictionary<string, HubSnapshot>> Parts = [];

    /// <summary>
    /// The part that is of these stations. Made once for all who see the same. Who is free stays what it is for the whole hub: whoever is out for a neighbour is not here.
    /// </summary>
    public HubSnapshot Only(IReadOnlySet<string> stationIds) => Parts.GetValue(this, static _ => new(StringComparer.Ordinal)).GetOrAdd(string.Join(',', stationIds.Order(StringComparer.Ordinal)), _ =>
    {
        var stations = Stations.Only(stationIds) ?? new StationBook([Stations.Empty]);
        bool Has(string stationId) => stationIds.Contains(Stations.Of(stationId).Id);
        return new HubSnapshot(
            At, Version, HubId, Run, stations, OpenIncidents.RemoveRange(OpenIncidents.Where(entry => !Has(entry.Value.StationId)).Select(entry => entry.Key)),
            Gateways.RemoveRange(Gateways.Keys.Where(device => !Has(Stations.OfDevice(device).Id))))
        {
            OpenWork = OpenWork.RemoveRange(OpenWork.Where(entry => !Has(entry.Value.StationId)).Select(entry => entry.Key)),
            Duty = Duty.RemoveRange(Duty.Keys.Where(responder => Stations.OfResponder(responder) is not { } station || !Has(station.Id))),
            Whole = this,
        };
    });

    /// <summary>Everything that any station's file names, for names alone: somebody who helps a neighbour is called by name there too.</summary>
    public Station Names => (Whole ?? this).Stations.All;

    /// <summary>Who is free and where.</summary>
    public ImmutableDictionary<string, ResponderState> ResponderStates(DateTimeOffset now) =>
        Whole is { } whole ? whole.ResponderStates(now) : Dispatch.ResponderStates.Of(Stations, OpenIncidents.Values, Duty, now);

    /// <summary>Who could be there first, by the rules of the incident's station, its neighbours' help included.</summary>
    public ImmutableArray<Suggestion> Suggest(Incident incident, DateTimeOffset now)
    {
        var all = (Whole ?? this).Stations;
        return SuggestionRules.Suggest(all.WithAid(all.Of(incident)), incident, ResponderStates(now));
    }
}

public enum HubChangeKind
{
    Incident,
    Gateway,

    /// <summary>A signal made under test arrived. Other signals show in their incident, or in the gateway's counts at the next tick.</summary>
    Signal,
    Hub,

    /// <summary>A piece of work beside incidents.</summary>
    Work,
}

/// <summary>Something changed and is committed. <paramref name="Id"/> is the number of an incident, signal or piece of work, or a device id.</summary>
/// <param name="Version">The incident's version, or 0.</param>
/// <param name="StationId">Whose it is; empty for what concerns all.</param>
public sealed record HubChange(HubChangeKind Kind, string Id, long Version, string StationId = "");

/// <summary>What became of a command: done (then <paramref name="Version"/> is the incident's), or refused by name and nothing changed.</summary>
public sealed record CommandOutcome(bool Done, long Version, Refusal? Refusal)
{
    /// <summary>For a command to a gateway: the id under which its result will be recorded.</summary>
    public string? CommandId { get; init; }
}

/// <summary>A stored change of an incident. <paramref name="Version"/> is the incident's after it.</summary>
public sealed record IncidentTimelineEntry(long Version, IncidentEvent Event);

/// <summary>An incident with its story: the newest 1,000 entries of its timeline, and its newest 500 signals.</summary>
public sealed record IncidentDetail(Incident Incident, IReadOnlyList<IncidentTimelineEntry> Timeline, IReadOnlyList<SignalRecord> Signals);

/// <summary>An incident in a list.</summary>
public sealed record IncidentSummary(long Id, long Version, Incident Incident);

/// <summary>Which incidents: newest first.</summary>
/// <param name="Open">True for open ones only, false for closed ones only, null for all.</param>
/// <param name="BeforeId">The cursor: older than this one.</param>
/// <param name="Limit">1..500.</param>
/// <param name="Places">Only these call points, at most <see cref="PlaceSearch.PlacesMax"/>; null for all. Not together with <paramref name="CallPointId"/> and <paramref name="VillageId"/>.</param>
/// <param name="From">Opened at this moment or after; with <paramref name="To"/>, at most <see cref="SpanMaxDays"/> days before it.</param>
/// <param name="To">Opened before this moment.</param>
public sealed record IncidentQuery(
    bool? Open = null, string? CallPointId = null, IncidentKind? Kind = null, long? BeforeId = null, int Limit = 50, string? VillageId = null,
    IReadOnlyList<string>? Places = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    /// <summary>The longest span of a search, days: three months are looked through within some 50 ms.</summary>
    public const int SpanMaxDays = 92;

    /// <summary>Only of these stations, as <see cref="StationBook.CodeOf"/> writes them; null for all.</summary>
    public IReadOnlyList<string>? Stations { get; init; }
}
