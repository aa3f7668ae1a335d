using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Incidents;

/// <summary>
/// Something that happened to an incident. Stored for good: a case is never renamed and never loses a member; new members are optional.
/// </summary>
/// <param name="At">When the hub decided it.</param>
/// <param name="Actor">Who: an account, a gateway (<c>gw/sumitu-01</c>), or the hub's clock (<c>clock</c>).</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(SignalJoined), "signalJoined")]
[JsonDerivedType(typeof(Restored), "restored")]
[JsonDerivedType(typeof(Cancelled), "cancelled")]
[JsonDerivedType(typeof(Accepted), "accepted")]
[JsonDerivedType(typeof(Assessed), "assessed")]
[JsonDerivedType(typeof(Dispatched), "dispatched")]
[JsonDerivedType(typeof(Answered), "answered")]
[JsonDerivedType(typeof(WentOut), "wentOut")]
[JsonDerivedType(typeof(Arrived), "arrived")]
[JsonDerivedType(typeof(Released), "released")]
[JsonDerivedType(typeof(Handled), "handled")]
[JsonDerivedType(typeof(Reported), "reported")]
[JsonDerivedType(typeof(FollowedUp), "followedUp")]
[JsonDerivedType(typeof(FollowUpWaived), "followUpWaived")]
[JsonDerivedType(typeof(CalledBack), "calledBack")]
[JsonDerivedType(typeof(HandedToCaseTeam), "handedToCaseTeam")]
[JsonDerivedType(typeof(Merged), "merged")]
[JsonDerivedType(typeof(Unmerged), "unmerged")]
[JsonDerivedType(typeof(Escalated), "escalated")]
[JsonDerivedType(typeof(EscalationAcknowledged), "escalationAcknowledged")]
[JsonDerivedType(typeof(Noted), "noted")]
[JsonDerivedType(typeof(Reopened), "reopened")]
[JsonDerivedType(typeof(Closed), "closed")]
[JsonDerivedType(typeof(SplitOff), "splitOff")]
[JsonDerivedType(typeof(ReferredToMediation), "referredToMediation")]
[JsonDerivedType(typeof(MediationEnded), "mediationEnded")]
[JsonDerivedType(typeof(MediationFollowedUp), "mediationFollowedUp")]
[JsonDerivedType(typeof(CaseTaken), "caseTaken")]
[JsonDerivedType(typeof(CaseFedBack), "caseFedBack")]
[JsonDerivedType(typeof(Unanswered), "unanswered")]
[JsonDerivedType(typeof(Informed), "informed")]
[JsonDerivedType(typeof(Reached), "reached")]
[JsonDerivedType(typeof(WatchAlerted), "watchAlerted")]
[JsonDerivedType(typeof(WatchSounded), "watchSounded")]
[JsonDerivedType(typeof(WatchAnswered), "watchAnswered")]
[JsonDerivedType(typeof(WatchStopped), "watchStopped")]
public abstract record IncidentEvent(DateTimeOffset At, string Actor)
{
    /// <summary>When the finger tapped, by a phone that could not send at once; null for what was said when it was decided.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? TappedAt { get; init; }

    /// <summary>An incident began.</summary>
    /// <param name="Follows">The earlier incident of the same call, if the work there was over.</param>
    /// <param name="SplitFrom">The incident that it was split from: the signal is that one's, told again, not joined twice (I2).</param>
    /// <param name="StationId">Whose incident it is; absent in what was stored before a hub had several stations.</param>
    public sealed record Opened(
        DateTimeOffset At, string Actor, long IncidentId, IncidentKind Kind, string CallPointId, string VillageId, ZoneClass ZoneClass, SignalFacts Signal,
        long? Follows = null, long? SplitFrom = null, string? StationId = null) : IncidentEvent(At, Actor);

    /// <summary>A further alarm of the same call point and kind.</summary>
    /// <param name="CallPointId">Another call point than the incident's own, when the kind is grouped over the station.</param>
    public sealed record SignalJoined(DateTimeOffset At, string Actor, SignalFacts Signal, string CallPointId) : IncidentEvent(At, Actor);

    /// <summary>The zone is back to normal, or the latch was reset. Changes no stage: a person still looks.</summary>
    public sealed record Restored(DateTimeOffset At, string Actor, SignalFacts Signal) : IncidentEvent(At, Actor);

    /// <summary>The presser took the call back. Somebody must call back.</summary>
    /// <param name="Call">Which, where it was found; absent when it was found nowhere, and in what was stored before this was told.</param>
    public sealed record Cancelled(DateTimeOffset At, string Actor, SignalFacts Signal, LatchedCall? Call = null) : IncidentEvent(At, Actor);

    public sealed record Accepted(DateTimeOffset At, string Actor) : IncidentEvent(At, Actor);

    public sealed record Assessed(DateTimeOffset At, string Actor, Assessment Assessment) : IncidentEvent(At, Actor);

    /// <summary>Responders were sent.</summary>
    /// <param name="EtaMin">Minutes until the first of them is expected there; null when nobody knows.</param>
    /// <param name="JointResponseId">The template of a joint response that they were sent by.</param>
    public sealed record Dispatched(DateTimeOffset At, string Actor, ImmutableArray<string> ResponderIds, int? EtaMin, string? JointResponseId = null) : IncidentEvent(At, Actor);

    public sealed record WentOut(DateTimeOffset At, string Actor, string ResponderId) : IncidentEvent(At, Actor);

    public sealed record Arrived(DateTimeOffset At, string Actor, string ResponderId) : IncidentEvent(At, Actor);

    /// <summary>A responder declined, did not answer, or was called off.</summary>
    public sealed record Released(DateTimeOffset At, string Actor, string ResponderId, string Reason) : IncidentEvent(At, Actor);

    public sealed record Handled(DateTimeOffset At, string Actor, string Text) : IncidentEvent(At, Actor);

    public sealed record Reported(DateTimeOffset At, string Actor, string Text, Disposition Disposition) : IncidentEvent(At, Actor);

    /// <summary>The follow-up visit. Where nobody was met it stays due.</summary>
    public sealed record FollowedUp(DateTimeOffset At, string Actor, string Text, ImmutableArray<PartyRole>? Parties = null, FollowUpResult? Result = null) : IncidentEvent(At, Actor);

    public sealed record FollowUpWaived(DateTimeOffset At, string Actor, string Supervisor, string Reason) : IncidentEvent(At, Actor);

    public sealed record CalledBack(DateTimeOffset At, string Actor, CallBackResult Result, string Text) : IncidentEvent(At, Actor);

    /// <summary>What is a case went to those who handle cases; the incident's own loop goes on.</summary>
    public sealed record HandedToCaseTeam(DateTimeOffset At, string Actor, string Team, string Text) : IncidentEvent(At, Actor);

    /// <summary>A duplicate: its work goes on in the other incident, and it cannot close before that one.</summary>
    public sealed record Merged(DateTimeOffset At, string Actor, long IntoIncidentId) : IncidentEvent(At, Actor);

    public sealed record Unmerged(DateTimeOffset At, string Actor, string Reason) : IncidentEvent(At, Actor);

    /// <summary>A step was overdue (督办).</summary>
    /// <param name="DueAt">The deadline that passed.</param>
    /// <param name="Unheard">True when it went up at once, because no console could be heard.</param>
    public sealed record Escalated(DateTimeOffset At, string Actor, ClockName Clock, EscalationLevel Level, DateTimeOffset DueAt, bool? Unheard = null) : IncidentEvent(At, Actor);

    public sealed record EscalationAcknowledged(DateTimeOffset At, string Actor, ClockName Clock, EscalationLevel Level) : IncidentEvent(At, Actor);

    public sealed record Noted(DateTimeOffset At, string Actor, string Text) : IncidentEvent(At, Actor);

    /// <summary>Called handled too early: the work goes on, and report and follow-up are due again.</summary>
    public sealed record Reopened(DateTimeOffset At, string Actor, string Reason) : IncidentEvent(At, Actor);

    public sealed record Closed(DateTimeOffset At, string Actor) : IncidentEvent(At, Actor);

    /// <summary>Part of the work became an incident of its own.</summary>
    public sealed record SplitOff(DateTimeOffset At, string Actor, long NewIncidentId, string Reason) : IncidentEvent(At, Actor);

    public sealed record ReferredToMediation(DateTimeOffset At, string Actor, string Team, ImmutableArray<PartyRole> Parties, string Text) : IncidentEvent(At, Actor);

    public sealed record MediationEnded(DateTimeOffset At, string Actor, MediationResult Result, string Text) : IncidentEvent(At, Actor);

    public sealed record MediationFollowedUp(DateTimeOffset At, string Actor, string Text) : IncidentEvent(At, Actor);

    public sealed record CaseTaken(DateTimeOffset At, string Actor, string Reference) : IncidentEvent(At, Actor);

    public sealed record CaseFedBack(DateTimeOffset At, string Actor, string Text) : IncidentEvent(At, Actor);

    /// <summary>Somebody who was sent or informed says that they heard it.</summary>
    public sealed record Answered(DateTimeOffset At, string Actor, string ResponderId) : IncidentEvent(At, Actor);

    /// <summary>These did not answer in time. They stay sent: they may be on the way all the same.</summary>
    public sealed record Unanswered(DateTimeOffset At, string Actor, ImmutableArray<string> ResponderIds) : IncidentEvent(At, Actor);

    /// <summary>Told without being sent.</summary>
    public sealed record Informed(DateTimeOffset At, string Actor, ImmutableArray<string> ResponderIds, InformReason Why) : IncidentEvent(At, Actor);

    /// <summary>A channel to a person came this far.</summary>
    public sealed record Reached(DateTimeOffset At, string Actor, string ResponderId, ReachChannel Channel, ReachState State, string Detail) : IncidentEvent(At, Actor);

    /// <summary>The neighbours' boxes and loudspeakers were asked to sound.</summary>
    public sealed record WatchAlerted(DateTimeOffset At, string Actor, string GroupId, ImmutableArray<string> Boards, ImmutableArray<string> Loudspeakers) : IncidentEvent(At, Actor);

    /// <summary>A neighbour's box confirmed that it sounds.</summary>
    public sealed record WatchSounded(DateTimeOffset At, string Actor, string Device) : IncidentEvent(At, Actor);

    /// <summary>A key was turned at a neighbour's box that sounded: somebody there has heard it [GW-46].</summary>
    public sealed record WatchAnswered(DateTimeOffset At, string Actor, string Device) : IncidentEvent(At, Actor);

    public sealed record WatchStopped(DateTimeOffset At, string Actor) : IncidentEvent(At, Actor);
}
