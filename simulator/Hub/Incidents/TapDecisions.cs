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
}
