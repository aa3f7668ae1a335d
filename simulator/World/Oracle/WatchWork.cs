using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What people's work on incidents comes to: done is done, a duplicate outlives nothing, no press drowns, one cause is one incident.</content>
public sealed partial class Watcher
{
    /// <summary>Rooms that one cause strikes tell of it within this, when their lines are good.</summary>
    private const long OneCauseUs = 10 * VirtualTime.Second;

    private readonly Dictionary<long, long> _handledUs = [];
    private readonly Dictionary<long, long> _closedUs = [];
    private readonly HashSet<long> _grouped = [];

    /// <summary>Incidents up to this one came with a backup: when they were opened is not known here.</summary>
    private long _restoredThrough;

    private readonly Dictionary<int, (int Due, int Shown, long SinceUs)> _stageOver = [];

    private void ForgetWork()
    {
        _handledUs.Clear();
        _closedUs.Clear();
        _grouped.Clear();
        _restoredThrough = world.Hub.Disk.Ledger.Incidents;
    }

    /// <summary>An operator was told that it is done: then it is so on the disk.</summary>
    internal void CheckDone(long id, IncidentCommand command, string actor, long version)
    {
        if (command.IsFromHub)
        {
            Fail("work", null, $"incident {id}: \"{command.GetType().Name}\" is for the hub alone, and was done for {actor}");
            return;
        }

        if (world.Hub.Disk.Ledger.FindIncident(id) is not { } row || row.Version != version)
        {
            // Somebody else has acted in the same batch.
            return;
        }

        Check("done is done");
        if (command.ExpectedVersion is { } seen && !_wasRestored && _stories.GetValueOrDefault(id) is { } story && story.Version == version && story.WasDecidedBlindly(seen, actor))
        {
            Fail("work", null, $"incident {id}: {actor} had seen version {seen}, somebody else has acted since, and \"{command.GetType().Name}\" was done all the same");
            return;
        }

        var incident = row.Content;
        var sent = incident.Assignments.Where(static assignment => assignment.IsActive).ToDictionary(static assignment => assignment.ResponderId);
        var isDone = command switch
        {
            IncidentCommand.Accept => incident.AcceptedBy is not null,
            IncidentCommand.Assess => incident.Assessment is not null && incident.Stage >= Stage.Assessed,
            IncidentCommand.Dispatch dispatch => dispatch.ResponderIds.All(sent.ContainsKey),
            IncidentCommand.EnRoute enRoute => sent.GetValueOrDefault(enRoute.ResponderId)?.EnRouteAt is not null,
            IncidentCommand.Arrive arrive => sent.GetValueOrDefault(arrive.ResponderId)?.OnSceneAt is not null,
            IncidentCommand.Release release => !sent.ContainsKey(release.ResponderId),
            IncidentCommand.Handle => incident.Stage == Stage.Handled && sent.Count == 0,
            IncidentCommand.Report report => incident.Stage == Stage.Reported && incident.ReportText == report.Text && incident.Disposition == report.Disposition,
            IncidentCommand.FollowUp { Result: FollowUpResult.NotMet } => incident.Stage == Stage.Reported,
            IncidentCommand.FollowUp followUp => incident.Stage == Stage.FollowedUp && incident.FollowUpText == followUp.Text,
            IncidentCommand.WaiveFollowUp waive => incident.FollowUpWaiver?.Reason == waive.Reason,
            IncidentCommand.CallBack { Result: CallBackResult.PresserSafe } => incident.CallBackDueSince is null,
            IncidentCommand.CallBack { Result: CallBackResult.HelpNeeded } => incident is { CallBackDueSince: null, CancelledAt: null, Stage: < Stage.Handled },
            IncidentCommand.Answer answer => sent.GetValueOrDefault(answer.ResponderId)?.AnsweredAt is not null,
            IncidentCommand.AcknowledgeEscalation known => incident.Escalations.All(raised => raised.AcknowledgedBy is not null || raised.Level > (known.UpTo ?? EscalationLevel.BannerSupervisor)),
            IncidentCommand.Reopen => incident is { IsOpen: true, Stage: < Stage.Handled, FollowUpWaiver: null },
            IncidentCommand.MergeInto merge => incident.MergedInto == merge.IncidentId,
            IncidentCommand.Unmerge => incident.MergedInto is null,
            IncidentCommand.Close => !incident.IsOpen,
            _ => true,
        };
        if (!isDone)
        {
            Fail("work", null, $"incident {id}: \"{command.GetType().Name}\" was answered as done, and is not so on the disk");
        }
    }

    /// <summary>An incident changed, open or closed.</summary>
    private void NoteWork(Incident incident)
    {
        var now = world.Queue.NowUs;
        if (incident.Stage >= Stage.Handled)
        {
            _handledUs.TryAdd(incident.Id, now);
        }
        else
        {
            _handledUs.Remove(incident.Id);
        }

        if (!incident.IsOpen)
        {
            _closedUs.TryAdd(incident.Id, now);
        }

        if (incident.MergedInto is { } target && world.Hub.Disk.Ledger.FindIncident(target) is { } row)
        {
            Check("I10 merged");
            var other = row.Content;
            if (other.IsSilent != incident.IsSilent)
            {
                Fail("I7", null, $"incident {incident.Id} ({incident.Kind}) was merged into {target} ({other.Kind}): what is shown for the one tells of the other");
            }
            else if (!incident.IsOpen && other.IsOpen)
            {
                Fail("I10", null, $"incident {incident.Id} was closed as a duplicate of {target}, and that is still open");
            }
        }

        if (_grouped.Add(incident.Id) && incident is { SplitFrom: null, FirstSignal.Conflict: false } && incident.Kind is IncidentKind.Mains or IncidentKind.Battery or IncidentKind.LinkLost)
        {
            CheckOneCause(incident);
        }
    }

    /// <summary>I12: what strikes every room at once is one incident for the whole station.</summary>
    private void CheckOneCause(Incident incident)
    {
        var now = world.Queue.NowUs;
        if (incident.Id <= _restoredThrough || world.Hub.Snapshot is not { } snapshot || now - Math.Max(world.Hub.ClockSetUs, world.Hub.StartedUs) < OneCauseUs)
        {
            return;
        }

        Check("I12 one cause");
        var twin = snapshot.OpenIncidents.Values.FirstOrDefault(other => other.Id != incident.Id && other.Id > _restoredThrough && other.Kind == incident.Kind && other is { MergedInto: null, SplitFrom: null, FirstSignal.Conflict: false }
            && other.Stage < Stage.Handled && now - _openedUs.GetValueOrDefault(other.Id, long.MinValue / 2) < OneCauseUs);
        if (twin is not null)
        {
            Fail("I12", null, $"incidents {twin.Id} and {incident.Id} ({incident.Kind}) were opened within {OneCauseUs / VirtualTime.Second} s: one cause is one incident");
        }
    }

    /// <summary>I2: the work there was over when somebody pressed; a new call is new work.</summary>
    private void CheckNotDrowned(SimulatedBoard board, in Hub.DiskSignal stored, SignalMessage signal, Incident incident)
    {
        if (!_handledUs.ContainsKey(incident.Id) || incident.Stage < Stage.Handled || incident.HandledAt is not { } handledAt)
        {
            return;
        }

        Check("I2 not drowned");
        if (stored.OccurredMs is not { } at || at > handledAt.ToUnixTimeMilliseconds())
        {
            Fail("I2", board, $"{signal.Lane} {signal.Seq} was put into incident {incident.Id}, whose work was over before");
        }
    }

    /// <summary>[GW-37]: the button shows no more than is so.</summary>
    private void CheckStageOver(SimulatedBoard board, int due, int shown)
    {
        var now = world.Queue.NowUs;
        if (due < 1 || shown <= due)
        {
            _stageOver.Remove(board.Number);
            return;
        }

        if (!_stageOver.TryGetValue(board.Number, out var over) || (over.Due, over.Shown) != (due, shown))
        {
            _stageOver[board.Number] = over = (due, shown, now);
        }

        if (now - over.SinceUs > StageToldUs)
        {
            Fail("I3", board, $"the button shows \"{StagesTold[shown]}\" for {(now - over.SinceUs) / VirtualTime.Second} s, and the work on its call is only \"{StagesTold[due]}\"");
        }
    }

    /// <summary>[GW-37]: "cancelled" is shown for a call that its presser has taken back, and for no other.</summary>
    private void CheckCancelShown(SimulatedBoard board, BoardLedger ledger)
    {
        if (!ledger.Latched || board.App?.Status.Stage != "cancelled" || _wasRestored || board.Flash.Flips > 0 || ledger.WasCancelledByZone)
        {
            return;
        }

        Check("I3 cancelled");
        if (!ledger.Cancelled.Contains((ledger.LatchedEpoch, ledger.LatchedCall)))
        {
            Fail("I3", board, $"the button shows call {ledger.LatchedCall} as cancelled, and nobody has taken it back");
        }
    }
}
