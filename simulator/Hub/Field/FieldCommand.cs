using System.Text.Json.Serialization;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Field;

/// <summary>What a responder's phone may ask of a call that the responder is sent to.</summary>
public enum FieldTap
{
    /// <summary>"I have heard it."</summary>
    Accept,
    EnRoute,
    Arrive,

    /// <summary>"I cannot go": with a reason in <see cref="FieldCommand.Text"/>.</summary>
    Decline,

    /// <summary>What was found and done, in <see cref="FieldCommand.Text"/>, with a <see cref="FieldCommand.Disposition"/>.</summary>
    Report,
}

/// <summary>One tap on a phone. It may arrive long after the finger: <paramref name="TappedAt"/> keeps the finger's time, the event's own time the arrival's.</summary>
/// <param name="TappedAt">By the hub's clock as the phone knows it.</param>
/// <param name="Text">1..2,000 characters for a decline and a report; else absent.</param>
public sealed record FieldCommand(FieldTap Type, DateTimeOffset TappedAt, string? Text = null, Disposition? Disposition = null)
{
    /// <summary>The workflow's commands for it, in order. A report is two steps of the work: handled, and reported.</summary>
    [JsonIgnore]
    public bool NeedsText => Type is FieldTap.Decline or FieldTap.Report;

    public IncidentCommand ToCommand(string responderId) => Type switch
    {
        FieldTap.Accept => new IncidentCommand.Answer(responderId) { TappedAt = TappedAt },
        FieldTap.EnRoute => new IncidentCommand.EnRoute(responderId) { TappedAt = TappedAt },
        FieldTap.Arrive => new IncidentCommand.Arrive(responderId) { TappedAt = TappedAt },
        FieldTap.Decline => new IncidentCommand.Release(responderId, Text ?? "") { TappedAt = TappedAt },
        _ => new IncidentCommand.Handle(Text ?? "") { TappedAt = TappedAt },
    };
}
