using System.Collections.Immutable;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.World.Kernel;

namespace Gateway.World.Weeks;

/// <summary>
/// Those at the desk: they take calls, send people, report, visit, close; slowly at night, not at all while the room is empty. Some calls they forget until somebody
/// above asks, a few for good; now and then they press the wrong key.
/// </summary>
internal sealed class WeekDesk(WeekScene scene)
{
    private const string Operator = "operator-1";
    private const string Supervisor = "supervisor-1";

    private readonly Dice _dice = new(scene.Seed, "desk");
    private readonly HashSet<long> _known = [];
    private readonly HashSet<long> _minded = [];
    private readonly HashSet<long> _lost = [];
    private readonly HashSet<(long Incident, string Loop, DateTimeOffset Since)> _loops = [];
    private DateTimeOffset _emptyUntil;

    /// <summary>Hours in which nobody is at the desk; in half of them no console can be heard either.</summary>
    public void Plan(DateTimeOffset begins, int days)
    {
        for (var n = 0; n < days; n++)
        {
            scene.At(begins.AddDays(n).AddMinutes(_dice.Between(0, 1_439)), Leave);
        }

        scene.At(begins.AddHours(1), Oversee);
    }

    /// <summary>What came since the last look: each call gets somebody who minds it.</summary>
    public void Look()
    {
        foreach (var incident in scene.Open)
        {
            if (_known.Add(incident.Id))
            {
                if (_dice.OneIn(150))
                {
                    _lost.Add(incident.Id);
                }
                else
                {
                    Mind(incident.Id, 12);
                }
            }

            Loops(incident);
        }
    }

    private void Leave()
    {
        _emptyUntil = scene.Now.AddMinutes(5 + _dice.Waiting(25));
        if (_dice.OneIn(2))
        {
            scene.Hub.AudibleConsoles = 0;
            scene.Hub.Tick();
            scene.At(_emptyUntil, () =>
            {
                scene.Hub.AudibleConsoles = 1;
                scene.Hub.Tick();
            });
        }
    }

    /// <summary>Turns to a call again after a while.</summary>
    private void Mind(long id, int meanS)
    {
        if (_minded.Add(id))
        {
            var wait = TimeSpan.FromSeconds(_dice.Waiting(meanS) * (IsNight() ? 3 : 1));
            scene.At(scene.Now + wait < _emptyUntil ? _emptyUntil.AddSeconds(_dice.Waiting(meanS)) : scene.Now + wait, () => Work(id));
        }
    }

    private bool IsNight() => scene.Now.ToOffset(scene.Hub.Stations.First.UtcOffset).Hour is >= 22 or < 6;

    private void Work(long id)
    {
        _minded.Remove(id);
        if (scene.Find(id) is not { } incident || _lost.Contains(id))
        {
            return;
        }

        if (_dice.OneIn(60))
        {
            // Forgotten: until somebody above asks.
            return;
        }

        if (_dice.OneIn(40))
        {
            Stray(incident);
        }

        if (scene.Find(id) is { } now && Next(now) is { } meanS)
        {
            Mind(id, meanS);
        }
    }

    /// <summary>Does the next step, and says after how many seconds on average the call is turned to again; null when others have to act first.</summary>
    private int? Next(Incident incident)
    {
        if (incident.CallBackDueSince is not null)
        {
            scene.Do(incident.Id, new IncidentCommand.CallBack(_dice.Pick<CallBackResult>([CallBackResult.PresserSafe, CallBackResult.PresserSafe, CallBackResult.PresserSafe, CallBackResult.HelpNeeded, CallBackResult.NoAnswer]), "Rang up."), Operator);
            return 90;
        }

        if (incident.MergedInto is not null)
        {
            // It closes with the one that it joined, unless nobody will ever close that.
            return 6 * 3_600;
        }

        switch (incident.Stage)
        {
            case Stage.Received when incident.AcceptedAt is null:
                scene.Do(incident.Id, new IncidentCommand.Accept(_dice.OneIn(2) ? new Assessment("Heard.") : null), Operator);
                return 40;
            case Stage.Received:
                scene.Do(incident.Id, new IncidentCommand.Assess(new Assessment("Asked what it is.")), Operator);
                return 30;
            case Stage.Assessed:
                return Send(incident);
            case Stage.Dispatched or Stage.EnRoute:
                return WhileTheyGo(incident);
            case Stage.OnScene:
                return OnTheScene(incident);
            case Stage.Handled:
                scene.Do(incident.Id, _dice.OneIn(40) ? new IncidentCommand.Reopen("It goes on.") : new IncidentCommand.Report("Seen to.", DispositionOf(incident)), Operator);
                return 20_000;
            case Stage.Reported:
                FollowUp(incident);
                return 30_000;
            default:
                scene.Do(incident.Id, new IncidentCommand.Close(), Operator);
                return 40_000;
        }
    }

    private int Send(Incident incident)
    {
        var states = scene.Hub.Snapshot.ResponderStates(scene.Now);
        var recommended = SignalKinds.IsTechnical(incident.Kind) && !_dice.OneIn(5) || _dice.OneIn(8)
            ? []
            : SuggestionRules.Suggest(scene.Hub.Stations.WithAid(scene.Hub.Stations.Of(incident)), incident, states).Where(suggestion => suggestion.Recommended).ToList();
        if (recommended.Count == 0)
        {
            scene.Do(incident.Id, new IncidentCommand.Handle("Settled by telephone."), Operator);
            return 1_200;
        }

        scene.Do(incident.Id, new IncidentCommand.Dispatch([.. recommended.Select(suggestion => suggestion.Responder.Id)], recommended.Min(suggestion => suggestion.EtaMinutes)), Operator);
        return 120;
    }

    private int WhileTheyGo(Incident incident)
    {
        var waiting = incident.Assignments.FirstOrDefault(assignment => assignment.IsActive && assignment.AnsweredAt is null && assignment.EnRouteAt is null);
        if (scene.Now - incident.StageSince > TimeSpan.FromHours(3))
        {
            // They have long been back and told nobody.
            var one = incident.Assignments.First(assignment => assignment.IsActive);
            scene.Do(incident.Id, new IncidentCommand.Release(one.ResponderId, "Not heard of since."), Operator);
            return 300;
        }

        if (waiting is not null && _dice.OneIn(3))
        {
            scene.Do(incident.Id, new IncidentCommand.RecordCall(waiting.ResponderId, _dice.OneIn(2)), Operator);
        }

        return 900;
    }

    private int OnTheScene(Incident incident)
    {
        if (incident.Case is null && _dice.OneIn(14))
        {
            scene.Do(incident.Id, new IncidentCommand.HandToCaseTeam("case team", "What is gone, and since when."), Operator);
        }

        if (incident.Mediation is null && _dice.OneIn(10))
        {
            scene.Do(incident.Id, new IncidentCommand.ReferToMediation("mediation room", [PartyRole.Presser, PartyRole.Neighbour], "A fence."), Operator);
        }

        scene.Do(incident.Id, new IncidentCommand.Handle("Seen to on the spot."), Operator);
        return 3_000;
    }

    private Disposition DispositionOf(Incident incident) =>
        incident.WasCancelled && _dice.OneIn(2) ? Disposition.CancelledByPresser
        : SignalKinds.IsTechnical(incident.Kind) ? Disposition.TechnicalFixed
        : incident.Case is not null ? Disposition.CaseOpened
        : incident.Mediation is not null ? Disposition.Mediated
        : _dice.OneIn(6) ? Disposition.FalseAlarm
        : _dice.OneIn(8) ? Disposition.NothingFound
        : Disposition.Helped;

    private void FollowUp(Incident incident)
    {
        if (_dice.OneIn(20))
        {
            scene.Do(incident.Id, new IncidentCommand.WaiveFollowUp(Supervisor, "The station's own equipment."), Supervisor);
            return;
        }

        var found = _dice.OneIn(7) ? FollowUpResult.NotMet : _dice.OneIn(9) ? FollowUpResult.NeedsSupport : FollowUpResult.Well;
        scene.Do(incident.Id, new IncidentCommand.FollowUp("Visited.", [PartyRole.Presser], found), Operator);
    }

    /// <summary>The wrong key, a second matter, a duplicate.</summary>
    private void Stray(Incident incident)
    {
        switch (_dice.Between(0, 4))
        {
            case 0:
                scene.Do(incident.Id, new IncidentCommand.Close(), Operator);
                break;
            case 1:
                scene.Do(incident.Id, new IncidentCommand.Handle("Done."), Operator);
                break;
            case 2:
                scene.Do(incident.Id, new IncidentCommand.Split("Two matters."), Operator);
                break;
            case 3 when scene.Open.FirstOrDefault(other => other.Id != incident.Id && other.VillageId == incident.VillageId) is { } same:
                scene.Do(incident.Id, new IncidentCommand.MergeInto(same.Id), Operator);
                break;
            default:
                scene.Do(incident.Id, new IncidentCommand.Note("A word."), Operator);
                break;
        }
    }

    /// <summary>Mediators and the case team have desks of their own; one in twelve forgets.</summary>
    private void Loops(Incident incident)
    {
        if (incident.Mediation is { EndedAt: null } mediation)
        {
            Once(incident.Id, "mediate", mediation.ReferredAt, 2, new IncidentCommand.EndMediation(MediationResult.Agreed, "Agreed."), "mediator-1");
        }
        else if (incident.Mediation is { EndedAt: { } endedAt, FollowedUpAt: null })
        {
            Once(incident.Id, "mediated", endedAt, 4, new IncidentCommand.FollowUpMediation("It holds."), "mediator-1");
        }

        if (incident.Case is { TakenAt: null } file)
        {
            Once(incident.Id, "take", file.HandedAt, 1, new IncidentCommand.TakeCase($"case {incident.Id}"), "case-1");
        }
        else if (incident.Case is { TakenAt: { } takenAt, FedBackAt: null })
        {
            Once(incident.Id, "feed back", takenAt, 4, new IncidentCommand.FeedBackCase("What came of it."), "case-1");
        }
    }

    private void Once(long id, string loop, DateTimeOffset since, int meanDays, IncidentCommand command, string actor)
    {
        if (_loops.Add((id, loop, since)) && !_dice.OneIn(12))
        {
            scene.In(TimeSpan.FromMinutes(Math.Min(_dice.Waiting(meanDays * 1_440), meanDays * 2 * 1_440)), () => scene.Do(id, command, actor));
        }
    }

    /// <summary>Every hour the supervisor looks at what has come up, owns it, and makes somebody turn to it.</summary>
    private void Oversee()
    {
        foreach (var incident in scene.Open.Where(incident => incident.EscalatedTo != EscalationLevel.None && !_dice.OneIn(4)).ToImmutableArray())
        {
            if (incident.Escalations.Any(escalation => escalation.AcknowledgedBy is null))
            {
                scene.Do(incident.Id, new IncidentCommand.AcknowledgeEscalation(), Supervisor);
            }

            Mind(incident.Id, 600);
            if (!_lost.Contains(incident.Id))
            {
                AskAgain(incident);
            }
        }

        scene.In(TimeSpan.FromHours(1), Oversee);
    }

    /// <summary>A loop beside the stages that is overdue was forgotten: whoever it is about is rung up.</summary>
    private void AskAgain(Incident incident)
    {
        foreach (var clock in incident.Escalations.Select(escalation => escalation.Clock).Distinct())
        {
            IncidentCommand? late = clock switch
            {
                ClockName.Mediate => new IncidentCommand.EndMediation(MediationResult.Failed, "No agreement."),
                ClockName.MediationFollowUp => new IncidentCommand.FollowUpMediation("It holds."),
                ClockName.CaseTake => new IncidentCommand.TakeCase($"case {incident.Id}"),
                ClockName.CaseFeedback => new IncidentCommand.FeedBackCase("Not solved."),
                _ => null,
            };
            if (late is not null)
            {
                scene.Do(incident.Id, late, Supervisor);
            }
        }
    }

    /// <summary>Open, and nobody will ever turn to it again.</summary>
    public bool IsLost(Incident incident) => _lost.Contains(incident.Id);
}
