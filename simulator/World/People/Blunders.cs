using System.Collections.Immutable;
using Gateway.Hub;
using Gateway.Hub.Incidents;
using Gateway.World.Kernel;

namespace Gateway.World.People;

/// <content>What a tired person presses: it must be refused, or do no harm.</content>
public sealed partial class Operators
{
    /// <summary>One act in so many comes from a screen that was left open meanwhile.</summary>
    private const long OldScreenOneIn = 10;

    private IncidentCommand Blunder(Dice dice, Incident incident, HubSnapshot snapshot)
    {
        var someone = incident.Assignments.IsEmpty ? "nobody" : incident.Assignments[(int)dice.Between(0, incident.Assignments.Length - 1)].ResponderId;
        return dice.Between(0, 3) switch
        {
            0 => WrongStep(dice, someone),
            1 => WrongPerson(dice, someone),
            2 => WrongLoop(dice, incident),
            _ => WrongCall(dice, incident, snapshot, someone),
        };
    }

    /// <summary>A key of a step that is not due now, or is over.</summary>
    private static IncidentCommand WrongStep(Dice dice, string someone) => dice.Between(0, 10) switch
    {
        0 or 1 => new IncidentCommand.Close(),
        2 => new IncidentCommand.Accept(),
        3 => new IncidentCommand.Assess(new Assessment("a quarrel")),
        4 => new IncidentCommand.Handle("over"),
        5 => new IncidentCommand.Report("all well", Disposition.Helped),
        6 => new IncidentCommand.Report("all well", Disposition.CancelledByPresser),
        7 => new IncidentCommand.FollowUp("too early"),
        8 => new IncidentCommand.WaiveFollowUp("supervisor-1", ""),
        9 => new IncidentCommand.Reopen("it goes on"),
        _ => new IncidentCommand.EnRoute(someone),
    };

    /// <summary>Somebody who is not theirs to send, was sent already, or was never sent.</summary>
    private IncidentCommand WrongPerson(Dice dice, string someone) => dice.Between(0, 8) switch
    {
        0 => new IncidentCommand.Arrive("nobody"),
        1 => new IncidentCommand.Arrive(someone),
        2 => new IncidentCommand.Dispatch(["nobody"]),
        3 => new IncidentCommand.Dispatch([someone, someone]),
        4 => new IncidentCommand.Dispatch([someone]),
        5 => new IncidentCommand.Dispatch([.. station.Responders.Select(static responder => responder.Id), .. Enumerable.Range(1, Incident.AssignmentsMax).Select(static number => $"x{number}")]),
        6 => new IncidentCommand.Answer("nobody"),
        7 => new IncidentCommand.UndoDispatch(),
        _ => new IncidentCommand.Release(someone, "did not answer"),
    };

    /// <summary>A mediation, a case, a merge or a call-back that there is not.</summary>
    private static IncidentCommand WrongLoop(Dice dice, Incident incident) => dice.Between(0, 8) switch
    {
        0 => new IncidentCommand.EndMediation(MediationResult.Agreed, "they share the well"),
        1 => new IncidentCommand.FollowUpMediation("still agreed"),
        2 => new IncidentCommand.TakeCase("2026-18"),
        3 => new IncidentCommand.FeedBackCase("found"),
        4 => new IncidentCommand.CallBack(CallBackResult.PresserSafe, "called back"),
        5 => new IncidentCommand.Unmerge("not the same"),
        6 => new IncidentCommand.MergeInto(incident.Id),
        7 => new IncidentCommand.ReferToMediation("the mediators", [PartyRole.Presser], "about a fence"),
        _ => new IncidentCommand.AcknowledgeEscalation(EscalationLevel.BannerSupervisor),
    };

    /// <summary>A silent call and another one because they came from the same village, one that is over, or what only the hub itself may say.</summary>
    private static IncidentCommand WrongCall(Dice dice, Incident incident, HubSnapshot snapshot, string someone) => dice.Between(0, 7) switch
    {
        0 or 1 when incident.Kind is IncidentKind.Help or IncidentKind.Silent
            && snapshot.OpenIncidents.Values.Where(other => other.Kind is IncidentKind.Help or IncidentKind.Silent && other.Kind != incident.Kind).MinBy(static other => other.Id) is { } other
            => new IncidentCommand.MergeInto(other.Id),
        2 when snapshot.OpenIncidents.Values.Where(other => other.Id != incident.Id && (other.MergedInto is not null || other.Stage >= Stage.Handled)).MaxBy(static other => other.Id) is { } over
            => new IncidentCommand.MergeInto(over.Id),
        3 => new IncidentCommand.Split("not the same", incident.IsSilent ? IncidentKind.Help : IncidentKind.Silent),
        4 => new IncidentCommand.Split("elsewhere", CallPointId: "no-such-place"),
        5 => new IncidentCommand.NoAnswer(someone, null),
        6 => new IncidentCommand.Escalate(ClockName.Accept),
        7 => new IncidentCommand.ReachBy(someone, ReachChannel.Box, ReachState.Answered, ""),
        _ => new IncidentCommand.StopWatch(),
    };

    /// <summary>What the person looked at: as it stands, or as it stood a while ago.</summary>
    private static IncidentCommand AsSeen(IncidentCommand command, Incident incident, Dice dice) =>
        dice.OneIn(3) ? command : command with { ExpectedVersion = dice.OneIn(OldScreenOneIn) ? Math.Max(1, incident.Version - dice.Between(1, 6)) : incident.Version };
}
