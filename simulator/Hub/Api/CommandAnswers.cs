using Gateway.Hub.Incidents;
using Gateway.Hub.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Hub.Api;

/// <summary>What became of a command, as an answer: what it came to, or a problem with the refusal's name.</summary>
internal static class CommandAnswers
{
    public static Results<Ok<T>, ProblemHttpResult> Of<T>(CommandOutcome outcome, Func<CommandOutcome, T> done) =>
        outcome.Refusal is { } refusal ? Refused(refusal) : TypedResults.Ok(done(outcome));

    public static ProblemHttpResult Refused(Refusal refusal) => Problems.Refused(refusal.Name, refusal.Text, StatusOf(refusal));

    /// <summary>404 for what is not there, or not for the asker; 403 for what the asker's duties do not include; 409 for what the state does not allow.</summary>
    private static int StatusOf(Refusal refusal) => refusal.Name switch
    {
        RefusalNames.NoIncident or WorkRefusals.NoWork => StatusCodes.Status404NotFound,
        IncidentAccess.NotASupervisor or "not-allowed" => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status409Conflict,
    };
}
