using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Ingest;

/// <summary>The open incidents, found by number, by where their signals come from, by whose calls and zones they hold, and by what was merged into them: a storm must not make each signal look at all.</summary>
internal sealed class OpenIncidents
{
    private readonly Dictionary<string, SortedSet<long>> _byRoute = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<long>> _byDevice = new(StringComparer.Ordinal);
    private readonly Dictionary<long, SortedSet<long>> _byTarget = [];

    public OpenIncidents(IEnumerable<Incident> incidents)
    {
        foreach (var incident in incidents)
        {
            Keep(incident);
        }
    }

    /// <summary>All of them; immutable, so it may be shown as it is.</summary>
    public ImmutableDictionary<long, Incident> All { get; private set; } = ImmutableDictionary<long, Incident>.Empty;

    public Incident? Find(long id) => All.GetValueOrDefault(id);

    /// <summary>Keeps the incident as it stands now, or forgets it when it is closed.</summary>
    public void Keep(Incident incident)
    {
        if (Find(incident.Id) is { } before)
        {
            Take(_byRoute, SignalRouting.RouteKey(before), before.Id);
            foreach (var device in SignalRouting.DevicesHeld(before))
            {
                Take(_byDevice, device, before.Id);
            }

            if (before.MergedInto is { } target)
            {
                Take(_byTarget, target, before.Id);
            }
        }

        if (!incident.IsOpen)
        {
            All = All.Remove(incident.Id);
            return;
        }

        All = All.SetItem(incident.Id, incident);
        Put(_byRoute, SignalRouting.RouteKey(incident), incident.Id);
        foreach (var device in SignalRouting.DevicesHeld(incident))
        {
            Put(_byDevice, device, incident.Id);
        }

        if (incident.MergedInto is { } into)
        {
            Put(_byTarget, into, incident.Id);
        }
    }

    /// <summary>Those that a signal can meet, and those into which they were merged, as <see cref="SignalRouting.Route"/> asks for them.</summary>
    public IReadOnlyCollection<Incident> Near(SignalFacts signal, Station station)
    {
        IEnumerable<long> ids = _byRoute.GetValueOrDefault(SignalRouting.RouteKey(signal, station)) ?? [];
        ids = _byDevice.TryGetValue(signal.Identity.Device, out var holding) ? ids.Union(holding) : ids;
        var near = ids.ToDictionary(id => id, id => All[id]);
        foreach (var id in near.Keys.ToList())
        {
            for (var target = All[id].MergedInto; target is { } into && Find(into) is { } next && near.TryAdd(into, next); target = next.MergedInto)
            {
            }
        }

        return near.Values;
    }

    /// <summary>Those that have a call, oldest first.</summary>
    public IEnumerable<Incident> Having(SignalIdentity call) => _byDevice.TryGetValue(call.Device, out var holding)
        ? holding.Select(id => All[id]).Where(incident => incident.Calls.Any(known => known.FirstPress == call))
        : [];

    /// <summary>The calls of a board that are in any of them, each once, those of the oldest first.</summary>
    public IEnumerable<SignalIdentity> CallsOf(string device) => _byDevice.TryGetValue(device, out var holding)
        ? holding.SelectMany(id => All[id].Calls).Select(static call => call.FirstPress).Where(call => call.Device == device).Distinct()
        : [];

    /// <summary>Those that were merged into it, and into those, and so on.</summary>
    public IReadOnlyList<Incident> AllMergedInto(long id)
    {
        List<Incident> all = [.. MergedInto(id)];
        for (var i = 0; i < all.Count && all.Count <= All.Count; i++)
        {
            all.AddRange(MergedInto(all[i].Id));
        }

        return all;
    }

    /// <summary>The duplicates whose work goes on in this incident, oldest first.</summary>
    public IReadOnlyList<Incident> MergedInto(long id) => _byTarget.TryGetValue(id, out var merged) ? [.. merged.Select(duplicate => All[duplicate])] : [];

    private static void Put<TKey>(Dictionary<TKey, SortedSet<long>> index, TKey key, long id)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var ids))
        {
            index.Add(key, ids = []);
        }

        ids.Add(id);
    }

    private static void Take<TKey>(Dictionary<TKey, SortedSet<long>> index, TKey key, long id)
        where TKey : notnull
    {
        if (index.TryGetValue(key, out var ids) && ids.Remove(id) && ids.Count == 0)
        {
            index.Remove(key);
        }
    }
}
