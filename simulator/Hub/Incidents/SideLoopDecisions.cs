using System.Collections.Immutable;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Incidents;

/// <summary>What goes on beside the stages: splitting, mediation, the case team. Each loop has its clock, and none is left open by a close.</summary>
public static partial class IncidentRules
{
    private static Decision HandToCaseTeam(Incident incident, IncidentCommand.HandToCaseTeam hand, DecideContext context)
    {
        if (incident.Stage == Stage.Received)
        {
            return NotAssessedYet();
        }

        return incident.CaseTeam is { } team
            ? Decision.Refuse(RefusalNames.AlreadyHandedOver, $"{team} has it already.")
            : Decision.Of(new IncidentEvent.HandedToCaseTeam(context.Now, context.Actor, hand.Team, hand.Text));
    }

    private static Decision TakeCase(Incident incident, IncidentCommand.TakeCase take, DecideContext context) => incident.Case switch
    {
        null => Decision.Refuse(RefusalNames.NotHandedOver, "Nothing was handed to a case team."),
        { TakenAt: not null } file => Decision.Refuse(RefusalNames.CaseTaken, $"{file.Team} has taken it under {file.Reference}."),
        _ => Decision.Of(new IncidentEvent.CaseTaken(context.Now, context.Actor, take.Reference)),
    };

    private static Decision FeedBackCase(Incident incident, IncidentCommand.FeedBackCase feedBack, DecideContext context) => incident.Case switch
    {
        null => Decision.Refuse(RefusalNames.NotHandedOver, "Nothing was handed to a case team."),
        { TakenAt: null } => Decision.Refuse(RefusalNames.CaseNotTaken, "The case team has not taken it yet."),
        { FedBackAt: not null } => Decision.Refuse(RefusalNames.AlreadyFedBack, "The case team has fed back already."),
        _ => Decision.Of(new IncidentEvent.CaseFedBack(context.Now, context.Actor, feedBack.Text)),
    };

    private static Decision ReferToMediation(Incident incident, IncidentCommand.ReferToMediation refer, DecideContext context)
    {
        if (incident.Stage == Stage.Received)
        {
            return NotAssessedYet();
        }

        return incident.Mediation is { IsOpen: true } open
            ? Decision.Refuse(RefusalNames.MediationOpen, $"It was referred to {open.Team}, and that mediation is not finished.")
            : Decision.Of(new IncidentEvent.ReferredToMediation(context.Now, context.Actor, refer.Team, refer.Parties, refer.Text));
    }

    private static Decision EndMediation(Incident incident, IncidentCommand.EndMediation end, DecideContext context) => incident.Mediation switch
    {
        null => NoMediation(),
        { EndedAt: not null } => Decision.Refuse(RefusalNames.MediationEnded, "The mediation has a result already."),
        _ => Decision.Of(new IncidentEvent.MediationEnded(context.Now, context.Actor, end.Result, end.Text)),
    };

    private static Decision FollowUpMediation(Incident incident, IncidentCommand.FollowUpMediation followUp, DecideContext context) => incident.Mediation switch
    {
        null => NoMediation(),
        { EndedAt: null } => Decision.Refuse(RefusalNames.MediationNotEnded, "The follow-up of a mediation comes after its result."),
        { FollowedUpAt: not null } => Decision.Refuse(RefusalNames.MediationEnded, "The mediation was followed up already."),
        _ => Decision.Of(new IncidentEvent.MediationFollowedUp(context.Now, context.Actor, followUp.Text)),
    };

    /// <summary>Null, or why the loops beside the stages keep it open.</summary>
    private static Decision? RefuseWhileLoopsAreOpen(Incident incident) => incident switch
    {
        { Mediation: { IsOpen: true } mediation } => Decision.Refuse(RefusalNames.MediationOpen, $"The mediation by {mediation.Team} has no result yet, or was not followed up."),
        { Case: { IsOpen: true } file } => Decision.Refuse(RefusalNames.CaseOpen, $"{file.Team} has not taken the case yet, or has not fed back."),
        _ => null,
    };

    private static Decision Split(Incident incident, IncidentCommand.Split split, DecideContext context)
    {
        if (incident.AcceptedAt is null)
        {
            return Decision.Refuse(RefusalNames.NotAccepted, "Accept the call first.");
        }

        if (incident.SplitOffs.Length >= Incident.SplitsMax)
        {
            return Decision.Refuse(RefusalNames.BadSplit, $"At most {Incident.SplitsMax} incidents are split from one.");
        }

        // A silent call's other half is as silent; and nobody makes a silent call by hand out of a loud one: its box would have been seen already.
        if (((split.Kind ?? incident.Kind) == IncidentKind.Silent) != incident.IsSilent)
        {
            return Decision.Refuse(RefusalNames.BadSplit, "A silent call splits into silent calls only, and another call into none.");
        }

        if (split.CallPointId is { } point && context.Station is { } station && station.FindCallPoint(point) is null)
        {
            return Decision.Refuse(RefusalNames.BadSplit, $"The station has no call point \"{point}\".");
        }

        return context.NextIncidentId <= incident.Id
            ? Decision.Refuse(RefusalNames.BadSplit, "There is no number for the other incident.")
            : Decision.Of(new IncidentEvent.SplitOff(context.Now, context.Actor, context.NextIncidentId, split.Reason));
    }

    /// <summary>The command that opens the other half, once the split itself is decided.</summary>
    public static IncidentCommand.OpenBySplit OtherHalf(Incident incident, IncidentCommand.Split split, long newIncidentId, Station station)
    {
        var point = station.FindCallPoint(split.CallPointId ?? incident.CallPointId);
        return new(newIncidentId, incident.Id, split.Kind ?? incident.Kind, point?.Id ?? incident.CallPointId, point?.VillageId ?? incident.VillageId,
            point?.ZoneClass ?? incident.ZoneClass, incident.FirstSignal, incident.StationId);
    }

    private static Decision NoMediation() => Decision.Refuse(RefusalNames.NoMediation, "This incident was not referred to mediation.");

    private static Decision NotAssessedYet() => Decision.Refuse(RefusalNames.NotAssessed, "Accept and assess the call first.");
}
