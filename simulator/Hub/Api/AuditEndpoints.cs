using System.ComponentModel;
using Gateway.Hub.Accounts;
using Gateway.Hub.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>The audit chain, for auditors, supervisors and administrators.</summary>
public static class AuditEndpoints
{
    private const int TextCharsMax = 100;

    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").RequireAuthorization(Rights.Audit).WithTags("audit");
        audit.MapGet("", List)
            .WithName("listAudit").WithSummary("Search the audit chain, newest first")
            .WithDescription($"One answer looks through at most {AuditSearch.WalkMax} entries: it may hold fewer than asked for, or none, and still have a `next` from which the search goes on. An auditor of a station, or of a level above, finds what was done to the incidents, work, boards, people, places and accounts within it.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        audit.MapGet("/check", (AuditService service) => TypedResults.Ok(AuditCheckResource.Of(service.Check(), service)))
            .WithName("checkAudit").WithSummary("Check the whole chain, and every exported head against it")
            .WithDescription("The heads checked here lie where the hub writes them. `gateway verify DATA --head FILE` checks a head that was kept elsewhere.");
        audit.MapGet("/head", (AuditService service) => service.Newest is { } head
                ? (Results<Ok<AuditHead>, ProblemHttpResult>)TypedResults.Ok(head)
                : Problems.Unknown("head"))
            .WithName("showAuditHead").WithSummary("The newest signed head: keep it on another machine").ProducesProblem(StatusCodes.Status404NotFound);
        audit.MapPost("/head", (AuditService service) => service.Export() is { } head
                ? (Results<Ok<AuditHead>, ProblemHttpResult>)TypedResults.Ok(head)
                : Problems.Refused("not-exported", "The head could not be written: " + service.Failure, StatusCodes.Status503ServiceUnavailable))
            .WithName("exportAuditHead").WithSummary("Sign and export a head now").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static Results<Ok<Page<AuditResource>>, ProblemHttpResult> List(
        AuditService service,
        HubView hub,
        [Description("Only what this account, token, gateway or clock did.")] string? actor,
        [Description("Only this kind, such as `incident.accepted`, or this family, such as `incident`.")] string? kind,
        [Description("Only what was done to this, such as `incident/12`.")] string? subject,
        [Description("Only entries in which this occurs.")] string? text,
        [Description("The `next` of an earlier answer.")] string? cursor,
        [Description("1 to 200. Default: 50.")] int? limit)
    {
        if (ListQuery.Parse(cursor, limit, out var query) is { } wrong)
        {
            return Problems.Invalid(wrong.Member, wrong.Text);
        }

        foreach (var (name, value) in new[] { ("actor", actor), ("kind", kind), ("subject", subject), ("text", text) })
        {
            if (value?.Length > TextCharsMax)
            {
                return Problems.Invalid(name, $"'{name}' has at most {TextCharsMax} characters.");
            }
        }

        var found = service.Search(new AuditQuery(actor, kind, subject, text, query.BeforeId, query.Limit) { Scope = hub.Audited });
        return TypedResults.Ok(new Page<AuditResource>([.. found.Entries.Select(AuditResource.Of)], found.Next?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}

/// <summary>An entry of the chain.</summary>
public sealed record AuditResource(
    long Seq,
    DateTimeOffset At,
    [property: Description("An account, `token:name`, a gateway (`gw/...`), `clock`, or `command line`.")] string Actor,
    string Kind,
    string Subject,
    string Content,
    [property: Description("The content was erased; an entry `audit.erased` says by whom.")] bool Erased,
    [property: Description("64 hex digits.")] string Hash)
{
    public static AuditResource Of(AuditEntry entry) =>
        new(entry.Seq, entry.At, entry.Actor, entry.Kind, entry.Subject, entry.Content, entry.IsErased, Convert.ToHexStringLower(entry.Hash));
}

/// <summary>What a check found.</summary>
public sealed record AuditCheckResource(
    bool Holds,
    long Entries,
    [property: Description("The first entry that does not follow from what is before it.")] long? BrokenAt,
    [property: Description("The first entry whose content is gone though no entry says so.")] long? ErasedInSilence,
    long HeadsHeld,
    [property: Description("Heads that do not hold: where, and why.")] IReadOnlyList<AuditOffenceResource> Offences,
    [property: Description("The highest entry that a head proves.")] long ProvenThrough,
    DateTimeOffset? ProvenAt,
    [property: Description("Of the key that signs the heads.")] string Fingerprint)
{
    public static AuditCheckResource Of(AuditReport report, AuditService service) => new(
        report.Holds, report.Chain.Entries, report.Chain.BrokenAt, report.Chain.ErasedInSilence, report.HeadsHeld,
        [.. report.Offences.Select(offence => new AuditOffenceResource(offence.Where, offence.Finding))], report.ProvenThrough, report.ProvenAt, service.Fingerprint);
}

public sealed record AuditOffenceResource(string Where, HeadFinding Finding);
