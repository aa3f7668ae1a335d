using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Field;

/// <summary>Takes a tap of a phone to the incident rules. Whoever is not sent to the call is refused here; everything else the rules decide.</summary>
public sealed class FieldDesk(HubService hub)
{
    /// <summary>Refused under this name: the account is no responder, or the call is not (or no longer) the responder's.</summary>
    public const string NotYours = "not-your-call";

    private static readonly CommandOutcome Stranger = new(false, 0, new Refusal(NotYours, "You are not sent to this call, or were called off."));

    /// <summary>Once per key: a tap that is sent again gets the first answer again.</summary>
    public async Task<CommandOutcome> TakeAsync(long incidentId, string responderId, FieldCommand tap, string actor, string key, CancellationToken cancellation)
    {
        // A repeated tap may come after the call is closed: its key is asked for first, by the hub itself. So only strangers are turned away here.
        var incident = hub.Current.OpenIncidents.GetValueOrDefault(incidentId) ?? hub.FindIncident(incidentId)?.Incident;
        if (incident is null || incident.Assignments.All(assignment => assignment.ResponderId != responderId))
        {
            return Stranger;
        }

        var outcome = await hub.ExecuteAsync(incidentId, tap.ToCommand(responderId), actor, KeyOf(key, actor, incidentId, "tap"), cancellation);
        return tap.Type == FieldTap.Report ? await ReportAsync(incidentId, tap, outcome, actor, key, cancellation) : outcome;
    }

    /// <summary>
    /// A report is handled and reported. Where another was first, what this one wrote becomes the report, or, if there is one, a note: no words are lost.
    /// </summary>
    private async Task<CommandOutcome> ReportAsync(long id, FieldCommand tap, CommandOutcome handled, string actor, string key, CancellationToken cancellation)
    {
        if (handled.Refusal is { Name: not RefusalNames.AlreadyHandled })
        {
            return handled;
        }

        // A power cut between the two leaves the call handled: the phone got no answer, sends the tap again, and the second half is done then.
        var report = new IncidentCommand.Report(tap.Text ?? "", tap.Disposition ?? Disposition.Helped) { TappedAt = tap.TappedAt };
        var reported = await hub.ExecuteAsync(id, report, actor, KeyOf(key, actor, id, "report"), cancellation);
        return reported.Refusal is { Name: RefusalNames.AlreadyReported }
            ? await hub.ExecuteAsync(id, new IncidentCommand.Note(tap.Text ?? "") { TappedAt = tap.TappedAt }, actor, KeyOf(key, actor, id, "note"), cancellation)
            : reported;
    }

    private static string KeyOf(string key, string actor, long id, string part) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor}\nfield/{id}/{part}\n{key}")));
}
