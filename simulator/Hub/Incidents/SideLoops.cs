using System.Collections.Immutable;

namespace Gateway.Hub.Incidents;

/// <summary>Who takes part in a mediation or a follow-up: roles, never names.</summary>
public enum PartyRole
{
    Presser,
    Family,
    OtherParty,
    Neighbour,
    VillageCommittee,
    School,
    Employer,
    Mediator,
    Lawyer,
    Elder,
    Doctor,
    Officer,
}

/// <summary>How a mediation ended.</summary>
public enum MediationResult
{
    Agreed,
    PartlyAgreed,
    Failed,
    Withdrawn,
}

/// <summary>What a follow-up visit found.</summary>
public enum FollowUpResult
{
    /// <summary>All is well.</summary>
    Well,

    /// <summary>Somebody needs help that goes on after this incident; the text says which.</summary>
    NeedsSupport,

    /// <summary>Nobody was met: the visit stays due.</summary>
    NotMet,
}

/// <summary>
/// A dispute on its way through mediation: referred, ended with a result, followed up. A short loop beside the incident's own; the incident closes only after it.
/// </summary>
/// <param name="Team">The mediation room or team: a name of an office, not of a person.</param>
public sealed record Mediation(string Team, ImmutableArray<PartyRole> Parties, DateTimeOffset ReferredAt)
{
    public MediationResult? Result { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? FollowedUpAt { get; init; }

    /// <summary>Something of it is still to be done.</summary>
    public bool IsOpen => FollowedUpAt is null;
}

/// <summary>What became a case: handed over, taken by the case team under its own reference, its outcome fed back. The incident closes only after that.</summary>
public sealed record CaseFile(string Team, DateTimeOffset HandedAt)
{
    /// <summary>The case team's own number; null until they have taken it.</summary>
    public string? Reference { get; init; }

    public DateTimeOffset? TakenAt { get; init; }

    public DateTimeOffset? FedBackAt { get; init; }

    public bool IsOpen => FedBackAt is null;
}
