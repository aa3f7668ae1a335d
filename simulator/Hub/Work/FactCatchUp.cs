using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Statistics;

namespace Gateway.Hub.Work;

/// <summary>The incidents stored before there were facts: those above <paramref name="Through"/>, up to <paramref name="To"/>.</summary>
public readonly record struct FactGap(long Through, long To)
{
    /// <summary>Incidents still to look at.</summary>
    public long Count => To - Through;
}

/// <summary>
/// Gives incidents that were stored before there were statistics their row and their counts, told again from their events: a few in each tick of the clock, so
/// that no call waits for it. Row, counts and how far it came are one transaction: after a power cut it goes on where it was, and counts nothing twice.
/// </summary>
internal sealed class FactCatchUp(CoreState core)
{
    /// <summary>Incidents looked at in one tick: some ten milliseconds of the writer's time, about 200 incidents in a second.</summary>
    public const int PerTickMax = 50;

    private FactGap? _gap = core.Store.Work.LoadFactGap();

    /// <summary>The next few incidents.</summary>
    public void Tick()
    {
        if (_gap is not { } gap)
        {
            return;
        }

        var through = Math.Min(gap.To, gap.Through + PerTickMax);
        for (var id = gap.Through + 1; id <= through; id++)
        {
            if (core.Store.Work.FindFact(id) is null)
            {
                Restore(id, long.MaxValue);
            }
        }

        _gap = through < gap.To ? gap with { Through = through } : null;
        core.Store.Work.SaveFactGap(_gap);
    }

    /// <summary>
    /// Stores the fact that an incident would have by now, with its counts; null when there is no such incident. It is weighed already: the early warning looks at
    /// it with the next call from its place, and does not raise what is long over.
    /// </summary>
    /// <param name="throughVersion">Only its events up to this one.</param>
    public IncidentFact? Restore(long incidentId, long throughVersion)
    {
        Incident? incident = null;
        IncidentFact? fact = null;
        foreach (var happened in core.Store.Work.EventsOf(incidentId, throughVersion))
        {
            incident = IncidentRules.Evolve(incident, happened);
            var isVirtual = fact?.Virtual ?? core.Gateways.GetValueOrDefault(incident.FirstSignal.Identity.Device)?.NewestBirth?.Virtual ?? false;
            fact = IncidentFact.Of(fact, incident, isVirtual) with { Station = core.Stations.CodeOf(incident.StationId) };
        }

        if (fact is null)
        {
            return null;
        }

        fact = fact with { Weighed = true };
        core.Store.Work.SaveFact(fact);
        foreach (var (key, delta) in FactCounts.Change(null, fact, core.Stations.Of(core.Stations.IdOf(fact.Station))))
        {
            core.Store.Work.AddCount(key with { Station = fact.Station }, delta);
        }

        return fact;
    }
}
