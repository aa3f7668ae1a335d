using Gateway.Hub.Incidents;

namespace Gateway.Hub.Console.Room;

/// <summary>One thing that can be done with an incident now: a button and a key.</summary>
/// <param name="Word">Key of its word.</param>
/// <param name="Key">The key on the keyboard; one per step, the same everywhere.</param>
/// <param name="Command">The command that the button sends, or that the dialog completes; null when the dialog or the ticked responders make all of it.</param>
/// <param name="Dialog">The dialog that asks for words first; null when the button sends at once.</param>
/// <param name="Main">The step that the work waits for.</param>
public sealed record Step(string Word, string Key, IncidentCommand? Command, string? Dialog, bool Main)
{
    /// <summary>Goes on beside the stages, and is drawn smaller: the eye finds the way of the call first.</summary>
    public bool Beside { get; init; }
}

/// <summary>Which steps an incident offers. The rules decide in the end; this only spares a person what would be refused.</summary>
public static class IncidentSteps
{
    public static IReadOnlyList<Step> Of(Incident incident, bool mayOperate, bool maySupervise, bool mayCasework, DateTimeOffset now)
    {
        if (!incident.IsOpen)
        {
            return [];
        }

        if (!mayOperate)
        {
            return mayCasework && CaseStep(incident) is { } own ? [own] : [];
        }

        if (incident.MergedInto is not null)
        {
            return [new Step("do.unmerge", "I", null, "unmerge", false), new Step("do.note", "O", null, "note", false)];
        }

        return [.. Candidates(incident, maySupervise, now)];
    }

    private static bool MayUndo(List<Assignment> active, DateTimeOffset now) =>
        active.Count > 0 && active.Max(assignment => assignment.DispatchedAt) is var last && now - last < TimeSpan.FromSeconds(IncidentCommand.UndoMaxS)
        && active.Any(assignment => assignment.DispatchedAt == last && assignment is { AnsweredAt: null, EnRouteAt: null, OnSceneAt: null });

    private static IEnumerable<Step> Candidates(Incident incident, bool maySupervise, DateTimeOffset now)
    {
        var active = incident.Assignments.Where(assignment => assignment.IsActive).ToList();
        var callBackDue = incident.CallBackDueSince is not null;
        if (incident.AcceptedAt is null)
        {
            yield return new Step("do.accept", "A", new IncidentCommand.Accept(), null, true);
        }

        if (callBackDue)
        {
            yield return new Step("do.callback", "C", null, "callback", incident.AcceptedAt is not null);
        }

        if (incident.Stage < Stage.Handled)
        {
            var waitsForDispatch = incident.AcceptedAt is not null && active.Count == 0 && !callBackDue;
            yield return new Step("do.dispatch", "D", null, null, waitsForDispatch);
            if (active.FirstOrDefault(assignment => assignment.EnRouteAt is null && assignment.OnSceneAt is null) is { } waiting)
            {
                yield return new Step("do.enroute", "E", new IncidentCommand.EnRoute(waiting.ResponderId), null, incident.Stage == Stage.Dispatched);
            }

            if (active.FirstOrDefault(assignment => assignment.OnSceneAt is null) is { } travelling)
            {
                yield return new Step("do.arrive", "R", new IncidentCommand.Arrive(travelling.ResponderId), null, incident.Stage == Stage.EnRoute);
            }

            if (active.FirstOrDefault(assignment => assignment.OnSceneAt is null) is { } unheard)
            {
                yield return new Step("do.release", "N", new IncidentCommand.Release(unheard.ResponderId, ""), "release", false);
            }

            if (MayUndo(active, now))
            {
                yield return new Step("do.undo", "U", new IncidentCommand.UndoDispatch(), null, false);
            }

            if (incident.Stage is Stage.Assessed or Stage.OnScene)
            {
                yield return new Step("do.handle", "H", null, "handle", incident.Stage == Stage.OnScene);
            }
            else if (incident.Stage == Stage.Received && incident.AcceptedAt is not null)
            {
                yield return new Step("do.assess", "S", null, "assess", false);
            }
        }

        if (incident.Stage == Stage.Handled)
        {
            yield return new Step("do.report", "P", null, "report", true);
        }

        if (incident.Stage == Stage.Reported)
        {
            yield return new Step("do.followup", "F", null, "followup", true);
            if (maySupervise)
            {
                yield return new Step("do.waive", "W", null, "waive", false);
            }
        }

        if (incident.Stage == Stage.FollowedUp)
        {
            yield return new Step("do.close", "X", new IncidentCommand.Close(), null, !callBackDue);
        }

        if (incident.Escalations.Any(escalation => escalation.AcknowledgedAt is null))
        {
            yield return new Step("do.seen", "K", new IncidentCommand.AcknowledgeEscalation(), null, false);
        }

        foreach (var step in Beside(incident))
        {
            yield return step with { Beside = true };
        }
    }

    /// <summary>The step that the case team has to take; null when nothing lies with it.</summary>
    private static Step? CaseStep(Incident incident) => incident.Case switch
    {
        { IsOpen: true, TakenAt: null } => new Step("do.casetaken", "B", null, "casetaken", false),
        { IsOpen: true } => new Step("do.casefeedback", "Y", null, "casefeedback", false),
        _ => null,
    };

    /// <summary>What goes on beside the stages: mediation, the case team, joining and splitting, a note.</summary>
    private static IEnumerable<Step> Beside(Incident incident)
    {
        if (incident.Stage > Stage.Received)
        {
            if (incident.Mediation is not { IsOpen: true })
            {
                yield return new Step("do.mediate", "M", null, "mediate", false);
            }

            if (incident.CaseTeam is null)
            {
                yield return new Step("do.case", "J", null, "case", false);
            }
        }

        if (incident.Mediation is { IsOpen: true } mediation)
        {
            yield return mediation.EndedAt is null ? new Step("do.mediated", "V", null, "mediated", false) : new Step("do.mediationvisit", "Z", null, "mediationvisit", false);
        }

        if (CaseStep(incident) is { } ofCase)
        {
            yield return ofCase;
        }

        if (incident.Stage < Stage.Handled)
        {
            yield return new Step("do.merge", "G", null, "merge", false);
        }
        else
        {
            yield return new Step("do.reopen", "Q", null, "reopen", false);
        }

        if (incident.AcceptedAt is not null)
        {
            yield return new Step("do.split", "L", null, "split", false);
        }

        yield return new Step("do.note", "O", null, "note", false);
    }
}
