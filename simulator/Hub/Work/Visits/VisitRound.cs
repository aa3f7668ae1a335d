using System.Collections.Immutable;

namespace Gateway.Hub.Work.Visits;

/// <summary>What became of a request.</summary>
public enum RequestResult
{
    Handled,

    /// <summary>Given to the agency whose business it is.</summary>
    Referred,

    /// <summary>Cannot be done; the asker was told why.</summary>
    Declined,
}

/// <summary>A request that was collected on a visit: what is wanted, not who wants it.</summary>
/// <param name="Number">1, 2, 3 ... within the round.</param>
public sealed record VisitRequest(int Number, string Text, DateTimeOffset AskedAt, DateTimeOffset DueAt, RequestResult? Result = null, string? Answer = null, DateTimeOffset? AnsweredAt = null);

/// <summary>A round of visits from door to door (敲门入户) in one village: plan, visits, requests, outcomes.</summary>
public sealed record VisitRound : WorkItem
{
    public const int RequestsMax = 500;
    public const int VisitsMax = 10_000;

    /// <summary>A request without a date of its own is due after this.</summary>
    public static readonly TimeSpan RequestDue = TimeSpan.FromDays(7);

    public const string VisitStep = "visit";
    public const string RequestStep = "request";
    public const string FinishStep = "finish";

    /// <summary>Visited and answered, a round is to be finished within this: it ends with a result, not by being forgotten.</summary>
    public static readonly TimeSpan FinishWithin = TimeSpan.FromDays(1);

    public required string Title { get; init; }

    public required string VillageId { get; init; }

    /// <summary>Doors to knock at.</summary>
    public required int PlannedVisits { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Who goes: a responder's id, a role and no person; empty when nobody is named.</summary>
    public string ResponderId { get; init; } = "";

    public int Visits { get; init; }

    public ImmutableArray<VisitRequest> Requests { get; init; } = [];

    public string? Result { get; init; }

    /// <summary>Requests with the result "handled", of all.</summary>
    public (int Handled, int All) HandledRate() => (Requests.Count(request => request.Result == RequestResult.Handled), Requests.Length);

    public override string PlaceId() => VillageId;

    public override string State() => !IsOpen ? "closed" : Visits < PlannedVisits ? "visiting" : Requests.Any(request => request.Result is null) ? "requests" : "done";

    public override IEnumerable<WorkStep> Steps()
    {
        if (Visits < PlannedVisits)
        {
            yield return new WorkStep(VisitStep, DueAt, TimeSpan.FromDays(1));
        }

        foreach (var request in Requests.Where(request => request.Result is null))
        {
            yield return new WorkStep($"{RequestStep}{request.Number}", request.DueAt, TimeSpan.FromDays(1));
        }

        if (IsOpen && State() == "done")
        {
            yield return new WorkStep(FinishStep, Requests.Select(request => request.AnsweredAt ?? DueAt).Append(DueAt).Max() + FinishWithin, TimeSpan.FromDays(1));
        }
    }
}
