using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.World.Kernel;

namespace Gateway.World.People;

/// <content>What people do beside the straight way of the work: two are sent, somebody rings up, answers, takes back, splits, reopens; mediation and the case team.</content>
public sealed partial class Operators
{
    private ImmutableArray<string> Some(Dice dice)
    {
        var (one, other) = (Anyone(dice), Anyone(dice));
        return one == other || dice.OneIn(2) ? [one] : [one, other];
    }

    /// <summary>Something that is legal about now, or was a moment ago; null when nothing occurs to them.</summary>
    private IncidentCommand? Beside(Dice dice, Incident incident)
    {
        var someone = incident.Assignments.FirstOrDefault(static assignment => assignment.IsActive)?.ResponderId ?? "nobody";
        return dice.Between(0, 15) switch
        {
            0 => new IncidentCommand.Note("the gate is locked"),
            1 or 2 => new IncidentCommand.AcknowledgeEscalation(dice.OneIn(2) ? EscalationLevel.ShiftLeader : null),
            3 or 4 => new IncidentCommand.Answer(someone),
            5 => new IncidentCommand.RecordCall(someone, Answered: dice.OneIn(2)),
            6 => new IncidentCommand.UndoDispatch(),
            7 or 8 when incident.Stage is Stage.Dispatched or Stage.EnRoute or Stage.OnScene => new IncidentCommand.Dispatch(Some(dice), (int)dice.Between(2, 40)),
            9 when incident.Stage >= Stage.Handled => new IncidentCommand.Reopen("they have called again"),
            10 when incident.Stage == Stage.Reported => new IncidentCommand.FollowUp("nobody at home", null, FollowUpResult.NotMet),
            11 when incident.CallBackDueSince is not null => new IncidentCommand.CallBack(CallBackResult.HelpNeeded, "they do need somebody"),
            12 => new IncidentCommand.ReferToMediation("the mediators", [PartyRole.Presser, PartyRole.Neighbour], "about a well"),
            13 => new IncidentCommand.HandToCaseTeam("the case team", "a theft"),
            14 when incident.MergedInto is not null => new IncidentCommand.Unmerge("another matter"),
            14 => new IncidentCommand.Split("two matters in one call"),
            15 => incident.MergedInto is not null ? new IncidentCommand.Unmerge("not the same") : LoopOf(incident),
            _ => null,
        };
    }

    /// <summary>What another was merged into is itself the same as a third: nobody is out for it yet, and the work goes on there.</summary>
    private void MergeOn(long id)
    {
        if (world.Hub.Snapshot is { } snapshot && snapshot.OpenIncidents.TryGetValue(id, out var incident) && incident is { MergedInto: null, Stage: < Stage.Dispatched }
            && snapshot.OpenIncidents.Values.Where(other => other.Id != id && other.Kind == incident.Kind && other is { MergedInto: null, Stage: < Stage.Handled }).MaxBy(static other => other.Id) is { } third)
        {
            world.Faults.Count("chain of merges");
            Ask(id, new IncidentCommand.MergeInto(third.Id), "operator-1", ++_minds[id].Keys);
        }
    }

    /// <summary>The next step of a loop that keeps the incident open; null when there is none.</summary>
    private static IncidentCommand? LoopOf(Incident incident) => incident switch
    {
        { Mediation: { IsOpen: true, EndedAt: null } } => new IncidentCommand.EndMediation(MediationResult.Agreed, "they share the well"),
        { Mediation.IsOpen: true } => new IncidentCommand.FollowUpMediation("still agreed"),
        { Case: { IsOpen: true, TakenAt: null } } => new IncidentCommand.TakeCase("2026-17"),
        { Case.IsOpen: true } => new IncidentCommand.FeedBackCase("found"),
        _ => null,
    };
}
