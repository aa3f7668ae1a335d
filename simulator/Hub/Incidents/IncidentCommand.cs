using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Incidents;

/// <summary>
/// Something that somebody wants done with an incident. Those of the first group come from ingest and the clock only
/// (<see cref="IsFromHub"/>); the rest are a person's, and are what the API takes as JSON.
/// Texts are at most <see cref="TextMaxChars"/> characters, names at most <see cref="NameMaxChars"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Accept), "accept")]
[JsonDerivedType(typeof(Assess), "assess")]
[JsonDerivedType(typeof(Dispatch), "dispatch")]
[JsonDerivedType(typeof(Answer), "answer")]
[JsonDerivedType(typeof(EnRoute), "enRoute")]
[JsonDerivedType(typeof(Arrive), "arrive")]
[JsonDerivedType(typeof(Release), "release")]
[JsonDerivedType(typeof(UndoDispatch), "undoDispatch")]
[JsonDerivedType(typeof(Handle), "handle")]
[JsonDerivedType(typeof(Report), "report")]
[JsonDerivedType(typeof(FollowUp), "followUp")]
[JsonDerivedType(typeof(WaiveFollowUp), "waiveFollowUp")]
[JsonDerivedType(typeof(CallBack), "callBack")]
[JsonDerivedType(typeof(HandToCaseTeam), "handToCaseTeam")]
[JsonDerivedType(typeof(MergeInto), "mergeInto")]
[JsonDerivedType(typeof(Unmerge), "unmerge")]
[JsonDerivedType(typeof(AcknowledgeEscalation), "acknowledgeEscalation")]
[JsonDerivedType(typeof(Note), "note")]
[JsonDerivedType(typeof(Reopen), "reopen")]
[JsonDerivedType(typeof(Close), "close")]
[JsonDerivedType(typeof(Split), "split")]
[JsonDerivedType(typeof(ReferToMediation), "referToMediation")]
[JsonDerivedType(typeof(EndMediation), "endMediation")]
[JsonDerivedType(typeof(FollowUpMediation), "followUpMediation")]
[JsonDerivedType(typeof(TakeCase), "takeCase")]
[JsonDerivedType(typeof(FeedBackCase), "feedBackCase")]
[JsonDerivedType(typeof(RecordCall), "recordCall")]
public abstract record IncidentCommand
{
    public const int TextMaxChars = 2_000;
    public const int NameMaxChars = 64;
    public const int PartiesMax = 12;

    /// <summary>How long ago a person may have tapped what arrives now: a phone may be out of reach for days.</summary>
    public const int TapAgeMaxDays = 7;

    /// <summary>How far a phone's idea of the hub's time may run ahead; such a tap counts as made now.</summary>
    public const int TapAheadMaxS = 120;

    /// <summary>When the finger tapped, where that was not now: a phone keeps taps until it has a link. Kept in the event beside the time of arrival.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? TappedAt { get; init; }

    /// <summary>Within which a dispatch can be taken back with one key.</summary>
    public const int UndoMaxS = 20;

    /// <summary>
    /// The incident's version that the person looked at. Where somebody else at a desk has acted since, the command is refused; signals, clocks and the steps
    /// of responders do not count. Null asks for no such care.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ExpectedVersion { get; init; }

    /// <summary>True for what only ingest and the clock may ask; the API refuses it from a person.</summary>
    [JsonIgnore]
    public bool IsFromHub => 
        this is OpenBySignal or OpenBySplit or JoinSignal or RestoreBySignal or CancelByPresser or Escalate or NoAnswer or Inform or ReachBy or StartWatch or WatchSounds or WatchAnswers or StopWatch;

    public sealed record OpenBySignal(
        long IncidentId, IncidentKind Kind, string CallPointId, string VillageId, ZoneClass ZoneClass, SignalFacts Signal, long? Follows = null, string StationId = "")
        : IncidentCommand;

    /// <summary>The other half of a <see cref="Split"/>: the incident that it makes.</summary>
    public sealed record OpenBySplit(
        long IncidentId, long SplitFrom, IncidentKind Kind, string CallPointId, string VillageId, ZoneClass ZoneClass, SignalFacts Signal, string StationId = "")
        : IncidentCommand;

    /// <param name="CallPointId">Where the signal came from.</param>
    public sealed record JoinSignal(SignalFacts Signal, string CallPointId) : IncidentCommand;

    public sealed record RestoreBySignal(SignalFacts Signal) : IncidentCommand;

    /// <param name="Call">Which of the calls, where it was found: perhaps in an incident that was merged into this one.</param>
    public sealed record CancelByPresser(SignalFacts Signal, LatchedCall? Call = null) : IncidentCommand;

    /// <summary>A clock tick found this step overdue; <see cref="IncidentClocks.Due"/> says which.</summary>
    /// <param name="Unheard">No console can be heard: a call that nobody has taken goes up at once.</param>
    public sealed record Escalate(ClockName Clock, bool Unheard = false) : IncidentCommand;

    /// <summary>Nobody answered in time.</summary>
    /// <param name="NextId">Who is asked next, by the suggestion; null when there is nobody.</param>
    public sealed record NoAnswer(string? NextId, int? EtaMin) : IncidentCommand;

    /// <summary>These hear of it without being sent.</summary>
    public sealed record Inform(ImmutableArray<string> ResponderIds, InformReason Why) : IncidentCommand;

    /// <summary>A channel to a person came this far.</summary>
    public sealed record ReachBy(string ResponderId, ReachChannel Channel, ReachState State, string Detail) : IncidentCommand;

    public sealed record StartWatch(string GroupId, ImmutableArray<string> Boards, ImmutableArray<string> Loudspeakers) : IncidentCommand;

    public sealed record WatchSounds(string Device) : IncidentCommand;

    /// <summary>A key was turned at a neighbour's box that sounded.</summary>
    public sealed record WatchAnswers(string Device) : IncidentCommand;

    public sealed record StopWatch : IncidentCommand;

    /// <summary>A person takes the call; with an assessment in the same key press when there is one.</summary>
    public sealed record Accept(Assessment? Assessment = null) : IncidentCommand;

    public sealed record Assess(Assessment Assessment) : IncidentCommand;

    /// <summary>Sends responders, or further ones. One key: it accepts and assesses what is not yet.</summary>
    /// <param name="EtaMin">0..1,440: minutes until the first of them is there, as suggested; null when nobody knows.</param>
    /// <param name="JointResponseId">The template that they go together by; null when it is none.</param>
    public sealed record Dispatch(ImmutableArray<string> ResponderIds, int? EtaMin = null, string? JointResponseId = null) : IncidentCommand;

    /// <summary>Somebody who was sent or informed says that they heard it.</summary>
    public sealed record Answer(string ResponderId) : IncidentCommand;

    /// <summary>The operator rang them up: whether they answered.</summary>
    public sealed record RecordCall(string ResponderId, bool Answered) : IncidentCommand;

    public sealed record EnRoute(string ResponderId) : IncidentCommand;

    public sealed record Arrive(string ResponderId) : IncidentCommand;

    /// <summary>Calls a responder off, or notes that one declined or did not answer. The step falls back to what the others have reached.</summary>
    public sealed record Release(string ResponderId, string Reason) : IncidentCommand;

    /// <summary>Takes the last dispatch back, at most <see cref="UndoMaxS"/> s after it: whoever has not said anything yet is called off.</summary>
    public sealed record UndoDispatch : IncidentCommand;

    /// <summary>What was done: on the scene, or from the command room when nobody had to go.</summary>
    public sealed record Handle(string Text) : IncidentCommand;

    public sealed record Report(string Text, Disposition Disposition) : IncidentCommand;

    /// <param name="Parties">Who took part, as roles; at most <see cref="PartiesMax"/>.</param>
    /// <param name="Result">What was found; <see cref="FollowUpResult.NotMet"/> leaves the visit due.</param>
    public sealed record FollowUp(string Text, ImmutableArray<PartyRole>? Parties = null, FollowUpResult? Result = null) : IncidentCommand;

    /// <summary>A named supervisor finds the follow-up unnecessary and says why (I10). Whether the actor may is the API's to check: accounts are not known here.</summary>
    public sealed record WaiveFollowUp(string Supervisor, string Reason) : IncidentCommand;

    public sealed record CallBack(CallBackResult Result, string Text) : IncidentCommand;

    public sealed record HandToCaseTeam(string Team, string Text) : IncidentCommand;

    public sealed record MergeInto(long IncidentId) : IncidentCommand;

    public sealed record Unmerge(string Reason) : IncidentCommand;

    /// <summary>Somebody has seen that a step is overdue.</summary>
    /// <param name="UpTo">The highest level that the actor may answer for; null for all.</param>
    public sealed record AcknowledgeEscalation(EscalationLevel? UpTo = null) : IncidentCommand;

    /// <summary>Makes a second incident out of this one: two matters in one call.</summary>
    /// <param name="Kind">What the other matter is; null for the same kind. A silent call splits into silent ones only, and nothing else into one (I7).</param>
    /// <param name="CallPointId">Where it is; null for the same place.</param>
    public sealed record Split(string Reason, IncidentKind? Kind = null, string? CallPointId = null) : IncidentCommand;

    /// <summary>Refers a dispute to the mediators (驻所调解工作室).</summary>
    public sealed record ReferToMediation(string Team, ImmutableArray<PartyRole> Parties, string Text) : IncidentCommand;

    public sealed record EndMediation(MediationResult Result, string Text) : IncidentCommand;

    public sealed record FollowUpMediation(string Text) : IncidentCommand;

    /// <summary>The case team takes what was handed to it.</summary>
    /// <param name="Reference">The number under which they keep it.</param>
    public sealed record TakeCase(string Reference) : IncidentCommand;

    /// <summary>The case team says what came of it.</summary>
    public sealed record FeedBackCase(string Text) : IncidentCommand;

    public sealed record Note(string Text) : IncidentCommand;

    /// <summary>Back to work, from handled, reported or followed up: report and follow-up are due again. A closed incident stays closed.</summary>
    public sealed record Reopen(string Reason) : IncidentCommand;

    public sealed record Close : IncidentCommand;
}
