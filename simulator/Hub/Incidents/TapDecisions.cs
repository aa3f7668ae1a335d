using System.Collections.Immutable;

namespace Gateway.Hub.Incidents;

/// <summary>What a person tapped, perhaps long before it arrived.</summary>
public static partial class IncidentRules
{
    /// <summary>The rules judge a tap as of now; the finger's time is kept beside that in every event of it.</summary>
    private static Decision DecideTapped(Incident incident, IncidentCommand command, DateTimeOffset tapped, DecideContext context)
    {
        if (tapped > context.Now.AddSeconds(IncidentCommand.TapAheadMaxS) || tapped < context.Now.AddDays(-IncidentCommand.TapAgeMaxDays))
        {
            return Decision.Refuse(
                RefusalNames.OutOfBounds, $"tappedAt must be at most {IncidentCommand.TapAgeMaxDays} days old and at most {IncidentCommand.TapAheadMaxS} s ahead of the hub's clock.");
        }

        var at = tapped < context.Now ? tapped : context.Now;
        var decision = DecideOpen(incident, command, context);
        return decision with { Events = [.. decision.Events.Select(happened => happened with { TappedAt = at })] };
    }

    private static Decision Answer(Incident incident, string responderId, DecideContext context)
    {
        if (RefuseUnlessOut(incident, responderId) is { } refused)
        {
            return refused;
        }

        var assignment = ActiveAssignment(incident, responderId)!;
        return assignment.AnsweredAt is not null || assignment.EnRouteAt is not null || assignment.OnSceneAt is not null
            ? Decision.Refuse(RefusalNames.AlreadyAnswered, $"\"{responderId}\" has answered already.")
            : Decision.Of(new IncidentEvent.Answered(context.Now, context.Actor, responderId));
    }

    private static Incident AfterAnswered(Incident incident, IncidentEvent.Answered answered) => incident with
    {
        Assignments =
        [
            .. incident.Assignments.Select(assignment => assignment.ResponderId == answered.ResponderId && assignment.IsActive
                ? assignment with { AnsweredAt = assignment.AnsweredAt ?? answered.At }
                : assignment),
        ],
    };
}
