using System.Collections.Immutable;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Incidents;

/// <summary>
/// The work that a call or an alarm makes, as it stands now: the fold of its events by <see cref="IncidentRules.Evolve"/>. Immutable, bounded; the whole
/// story is in its events and signals, not here.
/// </summary>
public sealed record Incident
{
    public required long Id { get; init; }

    /// <summary>Number of events so far.</summary>
    public required long Version { get; init; }

    public required IncidentKind Kind { get; init; }

    public required Stage Stage { get; init; }

    /// <summary>When <see cref="Stage"/> took its present value.</summary>
    public required DateTimeOffset StageSince { get; init; }

    /// <summary>Id of the call point; empty when the board belongs to none in the station file.</summary>
    public required string CallPointId { get; init; }

    public required string VillageId { get; init; }

    /// <summary>The station whose rules and people it is; stays, wherever its call point goes later. Empty only in what was stored before a hub had several: it is read as the hub's first.</summary>
    public string StationId { get; init; } = "";

    public required ZoneClass ZoneClass { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The signal that opened it.</summary>
    public required SignalFacts FirstSignal { get; init; }

    /// <summary>The newest signal's arrival.</summary>
    public required DateTimeOffset LastSignalAt { get; init; }

    /// <summary>Alarm signals in it, duplicates not counted.</summary>
    public required int SignalCount { get; init; }

    /// <summary>Presses or alarms counted by the boards: what tells a hand that presses on from one press.</summary>
    public required int Weight { get; init; }

    /// <summary>The latched calls in it, oldest first; at most <see cref="CallsMax"/>.</summary>
    public required ImmutableArray<LatchedCall> Calls { get; init; }

    /// <summary>Call points in it; more than its own when the kind is grouped over the station. At most <see cref="PlacesMax"/>.</summary>
    public required ImmutableSortedSet<string> CallPoints { get; init; }

    /// <summary>Zones that are still in alarm, as <see cref="SignalRouting.ZoneKey"/> names them. At most <see cref="PlacesMax"/>.</summary>
    public required ImmutableSortedSet<string> ActiveZones { get; init; }

    /// <summary>A silent call: nothing of it may show or sound at the room (I7).</summary>
    public bool IsSilent => Kind == IncidentKind.Silent;

    /// <summary>The version that the last act of somebody at a desk made; 0 for none. Signals, clocks and the steps of responders are no such acts.</summary>
    public long ActedVersion { get; init; }

    public string? ActedBy { get; init; }

    public string? AcceptedBy { get; init; }

    public DateTimeOffset? AcceptedAt { get; init; }

    public Assessment? Assessment { get; init; }

    public ImmutableArray<Assignment> Assignments { get; init; } = [];

    /// <summary>When the last of its zones went back to normal, or its latch was reset; null while one has not.</summary>
    public DateTimeOffset? RestoredAt { get; init; }

    /// <summary>When the presser took the call back; it downgrades, never erases. A further press ends it.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>True once the presser has taken the call back, whatever came after.</summary>
    public bool WasCancelled { get; init; }

    /// <summary>Since when somebody must call back; null when nobody must, or somebody has.</summary>
    public DateTimeOffset? CallBackDueSince { get; init; }

    /// <summary>When the work at the place was over; a press after that is a new incident.</summary>
    public DateTimeOffset? HandledAt { get; init; }

    public Disposition? Disposition { get; init; }

    public string? ReportText { get; init; }

    /// <summary>What the follow-up visit gave; null when it was waived or is not done.</summary>
    public string? FollowUpText { get; init; }

    public Waiver? FollowUpWaiver { get; init; }

    /// <summary>Who took part in the follow-up, as roles.</summary>
    public ImmutableArray<PartyRole> FollowUpParties { get; init; } = [];

    public FollowUpResult? FollowUpResult { get; init; }

    public string? CaseTeam { get; init; }

    /// <summary>The case team's own loop; null when nothing was handed over.</summary>
    public CaseFile? Case { get; init; }

    /// <summary>The newest mediation; null when the dispute was not referred.</summary>
    public Mediation? Mediation { get; init; }

    /// <summary>The incident that this one was split from.</summary>
    public long? SplitFrom { get; init; }

    /// <summary>What was split from it, oldest first; at most <see cref="SplitsMax"/>.</summary>
    public ImmutableArray<long> SplitOffs { get; init; } = [];

    /// <summary>The template by which several services were sent together; null when none was.</summary>
    public string? JointResponseId { get; init; }

    /// <summary>Told without being sent: wardens, volunteers of the watch. At most <see cref="AssignmentsMax"/>.</summary>
    public ImmutableArray<InformedPerson> Informed { get; init; } = [];

    /// <summary>How everybody who is sent or informed was reached: one entry per person and channel, at most <see cref="ReachesMax"/>.</summary>
    public ImmutableArray<Reach> Reaches { get; init; } = [];

    /// <summary>The neighbourhood's alert; null when there was none.</summary>
    public WatchAlert? Watch { get; init; }

    /// <summary>The incident whose work this one joined as a duplicate.</summary>
    public long? MergedInto { get; init; }

    public DateTimeOffset? MergedAt { get; init; }

    /// <summary>The earlier incident of the same call, when the call went on after the work there was over.</summary>
    public long? Follows { get; init; }

    /// <summary>Escalations of the present steps; those of finished steps are history.</summary>
    public ImmutableArray<Escalation> Escalations { get; init; } = [];

    public DateTimeOffset? ClosedAt { get; init; }

    public bool IsOpen => Stage != Stage.Closed;

    /// <summary>The highest level that an overdue step has reached.</summary>
    public EscalationLevel EscalatedTo => Escalations.IsEmpty ? EscalationLevel.None : Escalations.Max(escalation => escalation.Level);

    public const int CallsMax = 16;

    public const int PlacesMax = 1_000;

    public const int AssignmentsMax = 32;

    public const int SplitsMax = 8;

    public const int ReachesMax = 192;
}

/// <summary>A latched call at a button: what a notice names [GW-37]. Its identity is that of its first press.</summary>
/// <param name="Count">Presses counted on it so far.</param>
public readonly record struct LatchedCall(SignalIdentity FirstPress, int Zone, int Count)
{
    /// <summary>Its presser has taken it back, and has not pressed on it since. Another call of the same incident stands.</summary>
    public bool Cancelled { get; init; }
}

/// <summary>What the person who took the call makes of it.</summary>
/// <param name="Text">0..1,000 characters.</param>
/// <param name="SkillNeeded">A skill of <see cref="SkillNames"/>; empty for none.</param>
public sealed record Assessment(string Text, string SkillNeeded = "");

/// <summary>One responder sent to the incident.</summary>
public sealed record Assignment(
    string ResponderId, DateTimeOffset DispatchedAt, int? EtaMin, DateTimeOffset? EnRouteAt, DateTimeOffset? OnSceneAt, DateTimeOffset? ReleasedAt)
{
    public bool IsActive => ReleasedAt is null;

    /// <summary>When they said that they heard it; going out says so too.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When the hub stopped waiting for their answer and turned to the next.</summary>
    public DateTimeOffset? UnansweredAt { get; init; }

    /// <summary>Sent, and not heard of since.</summary>
    public bool AwaitsAnswer => IsActive && AnsweredAt is null && UnansweredAt is null && EnRouteAt is null && OnSceneAt is null;
}

/// <summary>A follow-up that a named supervisor found unnecessary (I10).</summary>
public sealed record Waiver(string Supervisor, string Reason, DateTimeOffset At);

/// <summary>An overdue step that went upward.</summary>
public sealed record Escalation(ClockName Clock, EscalationLevel Level, DateTimeOffset At, string? AcknowledgedBy, DateTimeOffset? AcknowledgedAt)
{
    /// <summary>It went up before its deadline, because no console could be heard.</summary>
    public bool Unheard { get; init; }
}
