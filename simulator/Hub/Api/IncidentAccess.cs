using System.Security.Claims;
using Gateway.Hub.Accounts;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Api;

/// <summary>Who may send what to an incident; the same for the API and for whoever plays people in a scenario. Whose incident it is, <see cref="HubView"/> knows.</summary>
internal static class IncidentAccess
{
    public const string NotASupervisor = "not-a-supervisor";

    /// <summary>Why this person may not send this; null when they may.</summary>
    public static Refusal? Judge(IncidentCommand command, ClaimsPrincipal user) => command switch
    {
        IncidentCommand.WaiveFollowUp when !user.HasRight(Rights.Supervise) => new(NotASupervisor, "Only a supervisor waives a follow-up."),
        IncidentCommand.TakeCase or IncidentCommand.FeedBackCase when user.HasRight(Rights.Casework) => null,
        _ => user.HasRight(Rights.Operate) ? null : new("not-allowed", "Your duties do not include this."),
    };

    /// <summary>The offence of a waiver in another's name; null for everything else.</summary>
    public static string? Forged(IncidentCommand command, ClaimsPrincipal user) =>
        command is IncidentCommand.WaiveFollowUp waive && waive.Supervisor != AccountIdentity.ActorOf(user)
            ? $"'supervisor' is your own name, '{AccountIdentity.ActorOf(user)}': nobody waives in another's name."
            : null;

    /// <summary>The banner supervisor's 督办 is answered by a supervisor: anybody else's answer reaches up to the shift leader.</summary>
    public static IncidentCommand Within(IncidentCommand command, ClaimsPrincipal user) =>
        command is IncidentCommand.AcknowledgeEscalation acknowledge && !user.HasRight(Rights.Supervise) ? acknowledge with { UpTo = EscalationLevel.ShiftLeader } : command;
}
