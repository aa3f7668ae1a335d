using System.Collections.Immutable;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Incidents;

/// <summary>The bounds of what a person may write into an incident; what comes from the hub itself is bounded at its parser.</summary>
public static class CommandBounds
{
    public const int EtaMaxMin = 1_440;

    /// <summary>The first offence of a command against its bounds; null when there is none.</summary>
    public static Refusal? Offence(IncidentCommand command) => command switch
    {
        IncidentCommand.Accept { Assessment: { } assessment } => Judge(assessment),
        IncidentCommand.Assess assess => Judge(assess.Assessment),
        IncidentCommand.Dispatch dispatch => Judge(dispatch),
        IncidentCommand.Answer answer => Name("responderId", answer.ResponderId),
        IncidentCommand.EnRoute enRoute => Name("responderId", enRoute.ResponderId),
        IncidentCommand.Arrive arrive => Name("responderId", arrive.ResponderId),
        IncidentCommand.Release release => Name("responderId", release.ResponderId) ?? Text("reason", release.Reason),
        IncidentCommand.Handle handle => Text("text", handle.Text),
        IncidentCommand.Report report => Text("text", report.Text) ?? Defined("disposition", report.Disposition),
        IncidentCommand.FollowUp followUp => Text("text", followUp.Text) ?? Parties(followUp.Parties, 0) ?? (followUp.Result is { } result ? Defined("result", result) : null),
        IncidentCommand.WaiveFollowUp waive => Name("supervisor", waive.Supervisor) ?? Text("reason", waive.Reason),
        IncidentCommand.CallBack callBack => Text("text", callBack.Text) ?? Defined("result", callBack.Result),
        IncidentCommand.HandToCaseTeam hand => Name("team", hand.Team) ?? Text("text", hand.Text),
        IncidentCommand.Unmerge unmerge => Text("reason", unmerge.Reason),
        IncidentCommand.Reopen reopen => Text("reason", reopen.Reason),
        IncidentCommand.Note note => Text("text", note.Text),
        IncidentCommand.Split split => Text("reason", split.Reason) ?? (split.Kind is { } kind ? Defined("kind", kind) : null)
            ?? (split.CallPointId is { } point ? Name("callPointId", point) : null),
        IncidentCommand.ReferToMediation refer => Name("team", refer.Team) ?? Parties(refer.Parties, 1) ?? Text("text", refer.Text),
        IncidentCommand.EndMediation end => Defined("result", end.Result) ?? Text("text", end.Text),
        IncidentCommand.FollowUpMediation followUp => Text("text", followUp.Text),
        IncidentCommand.TakeCase take => Name("reference", take.Reference),
        IncidentCommand.FeedBackCase feedBack => Text("text", feedBack.Text),
        IncidentCommand.RecordCall call => Name("responderId", call.ResponderId),
        IncidentCommand.AcknowledgeEscalation { UpTo: { } level } => Defined("upTo", level),
        _ => null,
    };

    private static Refusal? Judge(Assessment? assessment) =>
        assessment is null ? Missing("assessment")
        : Length("assessment", assessment.Text, IncidentCommand.TextMaxChars)
        ?? (assessment.SkillNeeded is "" || SkillNames.All.Contains(assessment.SkillNeeded)
            ? null
            : OutOfBounds($"There is no skill \"{Short(assessment.SkillNeeded)}\"; there are: {string.Join(", ", SkillNames.All)}."));

    private static Refusal? Judge(IncidentCommand.Dispatch dispatch)
    {
        var ids = dispatch.ResponderIds.IsDefault ? [] : dispatch.ResponderIds;
        if (ids.IsEmpty || ids.Length > Incident.AssignmentsMax)
        {
            return OutOfBounds($"Send 1 to {Incident.AssignmentsMax} responders, not {ids.Length}.");
        }

        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Length)
        {
            return OutOfBounds("A responder is named twice.");
        }

        if (dispatch.JointResponseId is { } template && Name("jointResponseId", template) is { } unnamed)
        {
            return unnamed;
        }

        return dispatch.EtaMin is < 0 or > EtaMaxMin
            ? OutOfBounds($"etaMin must be 0..{EtaMaxMin}, not {dispatch.EtaMin}.")
            : ids.Select(id => Name("responderId", id)).FirstOrDefault(offence => offence is not null);
    }

    private static Refusal? Parties(ImmutableArray<PartyRole>? parties, int min)
    {
        var roles = parties is { IsDefault: false } given ? given : [];
        return roles.Length < min || roles.Length > IncidentCommand.PartiesMax
            ? OutOfBounds($"parties names {min} to {IncidentCommand.PartiesMax} roles, not {roles.Length}.")
            : roles.Select(role => Defined("parties", role)).FirstOrDefault(offence => offence is not null);
    }

    private static Refusal? Text(string member, string? text) =>
        string.IsNullOrWhiteSpace(text) ? Missing(member) : Length(member, text, IncidentCommand.TextMaxChars);

    private static Refusal? Name(string member, string? name) =>
        string.IsNullOrWhiteSpace(name) ? Missing(member) : Length(member, name, IncidentCommand.NameMaxChars);

    private static Refusal? Length(string member, string? text, int maxChars) =>
        text is null ? Missing(member)
        : text.Length > maxChars ? OutOfBounds($"{member} has {text.Length} characters; at most {maxChars} are allowed.")
        : null;

    private static Refusal? Defined<T>(string member, T value) where T : struct, Enum =>
        Enum.IsDefined(value) ? null : OutOfBounds($"{member} is none of: {string.Join(", ", Enum.GetNames<T>())}.");

    private static Refusal Missing(string member) => new(RefusalNames.TextMissing, $"{member} must not be empty.");

    private static Refusal OutOfBounds(string sentence) => new(RefusalNames.OutOfBounds, sentence);

    private static string Short(string text) => text.Length <= IncidentCommand.NameMaxChars ? text : text[..IncidentCommand.NameMaxChars];
}
