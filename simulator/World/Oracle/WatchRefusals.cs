using Gateway.Hub;
using Gateway.Hub.Incidents;

namespace Gateway.World.Oracle;

/// <content>A refusal has a reason: what nothing forbids by the oracle's own book of the incident is done when somebody asks for it.</content>
public sealed partial class Watcher
{
    /// <summary>An operator was refused: there is a reason in the incident as it stood then.</summary>
    internal void CheckRefused(long id, IncidentCommand command, string actor, CommandOutcome outcome)
    {
        // Only while it stands as it was judged, and only by what a person may be told no for: the rest is a matter of form, of others or of the moment.
        if (outcome.Refusal is not { } refusal || _wasRestored || _stories.GetValueOrDefault(id) is not { IsOpen: true } story || story.Version != outcome.Version
            || world.Hub.Disk.Ledger.FindIncident(id)?.Version != outcome.Version)
        {
            return;
        }

        Check("work refused");
        if (refusal.Name == RefusalNames.ChangedMeanwhile)
        {
            if (command.ExpectedVersion is not { } seen || !story.HasActedSince(seen, actor))
            {
                Fail("work", null, $"incident {id}: \"{command.GetType().Name}\" of {actor}, who had seen version {command.ExpectedVersion}, was refused because somebody acted since, and nobody has");
            }
        }
        else if (!Forbids(story, command, actor))
        {
            Fail("work", null, $"incident {id} ({story.Kind}, {story.Stage}): \"{command.GetType().Name}\" was refused ({refusal.Name}), and nothing forbids it");
        }
    }

    /// <summary>True also for what is not looked at here.</summary>
    private bool Forbids(Story story, IncidentCommand command, string actor)
    {
        var at = world.Hub.Now.Utc;
        IncidentEvent? happens = command switch
        {
            IncidentCommand.Accept => new IncidentEvent.Accepted(at, actor),
            IncidentCommand.Assess assess => new IncidentEvent.Assessed(at, actor, assess.Assessment),
            IncidentCommand.EnRoute enRoute => new IncidentEvent.WentOut(at, actor, enRoute.ResponderId),
            IncidentCommand.Arrive arrive => new IncidentEvent.Arrived(at, actor, arrive.ResponderId),
            IncidentCommand.Release release => new IncidentEvent.Released(at, actor, release.ResponderId, release.Reason),
            IncidentCommand.Handle handle => new IncidentEvent.Handled(at, actor, handle.Text),
            IncidentCommand.Report report => new IncidentEvent.Reported(at, actor, report.Text, report.Disposition),
            IncidentCommand.FollowUp followUp => new IncidentEvent.FollowedUp(at, actor, followUp.Text),
            IncidentCommand.WaiveFollowUp waive => new IncidentEvent.FollowUpWaived(at, actor, waive.Supervisor, waive.Reason),
            IncidentCommand.CallBack back => new IncidentEvent.CalledBack(at, actor, back.Result, back.Text),
            IncidentCommand.Reopen reopen => new IncidentEvent.Reopened(at, actor, reopen.Reason),
            IncidentCommand.Unmerge unmerge => new IncidentEvent.Unmerged(at, actor, unmerge.Reason),
            IncidentCommand.Answer answer => new IncidentEvent.Answered(at, actor, answer.ResponderId),
            IncidentCommand.Close => new IncidentEvent.Closed(at, actor),
            _ => null,
        };
        if (happens is not null)
        {
            return story.Objection(happens, world.Hub.Station.Targets, _stories) is not null;
        }

        return command is not IncidentCommand.AcknowledgeEscalation known
            || !story.Raised.Exists(raised => raised.By is null && raised.Level <= (known.UpTo ?? EscalationLevel.BannerSupervisor));
    }
}
