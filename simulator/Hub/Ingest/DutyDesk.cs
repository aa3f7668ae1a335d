using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Ingest;

/// <summary>What is said of the running shift: who is on duty and where, and where a call point that moves stands now.</summary>
internal sealed class DutyDesk(CoreState core)
{
    /// <summary>Says of a responder, until the running shift is over, whether on duty (null: as the roster says) and where (null: at home).</summary>
    public CommandOutcome Set(string responderId, bool? onDuty, string? villageId, string actor, HubTime now)
    {
        if (core.Stations.OfResponder(responderId) is not { } station)
        {
            return Refused("unknown-responder", $"The station has no responder \"{responderId}\".");
        }

        // Whoever helps a neighbour may be over there.
        if (villageId is not null && core.Stations.WithAid(station).FindVillage(villageId) is null)
        {
            return Refused("unknown-village", $"The station has no village \"{villageId}\".");
        }

        var entry = new DutyEntry(responderId, onDuty, villageId, DutyRules.ShiftAt(station, now.Utc).Until, actor);
        core.Store.SaveDuty(entry);
        core.Duty = core.Duty.SetItem(responderId, entry);

        // Where somebody was is nobody's history: the chain, which is for good, only learns of duty.
        core.Store.Audit(now.Utc, actor, "duty.changed", $"responder/{responderId}", onDuty is null ? "as rostered" : onDuty.Value ? "on duty" : "off duty");
        core.Effects.Changes.Add(new HubChange(HubChangeKind.Hub, core.Identity.HubText, 0, station.Id));
        return new CommandOutcome(true, 0, null);
    }

    /// <summary>Says where a moving call point stands now. Open incidents stay where they were called from, and their station's; the next call comes from the new place, and is that place's station's.</summary>
    public CommandOutcome Move(string callPointId, string villageId, string actor, HubTime now)
    {
        if (core.Stations.All.FindCallPoint(callPointId) is not { Mobile: true } point)
        {
            return Refused("not-mobile", $"The station has no call point \"{callPointId}\" that moves.");
        }

        if (core.Stations.OfVillage(villageId) is null)
        {
            return Refused("unknown-village", $"The station has no village \"{villageId}\".");
        }

        var moved = new MovedCallPoint(callPointId, villageId, now.Utc, actor);
        core.Store.SaveMoved(moved);
        core.Stations = core.Stations.With([moved]);
        core.Store.Audit(now.Utc, actor, "callPoint.moved", $"callPoint/{callPointId}", $"{point.VillageId} -> {villageId}");
        core.Effects.Changes.Add(new HubChange(HubChangeKind.Hub, core.Identity.HubText, 0));
        return new CommandOutcome(true, 0, null);
    }

    /// <summary>The shift is over: what was said for it counts no more.</summary>
    public void Forget(HubTime now)
    {
        foreach (var responder in DutyRules.Over(core.Duty.Values, now.Utc))
        {
            core.Store.ForgetDuty(responder);
            core.Duty = core.Duty.Remove(responder);
        }
    }

    private static CommandOutcome Refused(string name, string text) => new(false, 0, new Refusal(name, text));
}
