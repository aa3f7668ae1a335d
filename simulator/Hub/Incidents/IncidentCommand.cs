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
public abstract record IncidentCommand
{
    public const int TextMaxChars = 2_000;
    public const int NameMaxChars = 64;

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
    public bool IsFromHub => this is OpenBySignal or JoinSignal or RestoreBySignal or CancelByPresser or Escalate;

    public sealed record OpenBySignal(
        long IncidentId, IncidentKind Kind, string CallPointId, string VillageId, ZoneClass ZoneClass, SignalFacts Signal, long? Follows = null) : IncidentCommand;

    /// <param name="CallPointId">Where the signal came from.</param>
    public sealed record JoinSignal(SignalFacts Signal, string CallPointId) : IncidentCommand;

    public sealed record RestoreBySignal(SignalFacts Signal) : IncidentCommand;

    public sealed record CancelByPresser(SignalFacts Signal) : IncidentCommand;

    /// <summary>A clock tick found this step overdue; <see cref="IncidentClocks.Due"/> says which.</summary>
    public sealed record Escalate(ClockName Clock) : IncidentCommand;

    /// <summary>A person takes the call; with an assessment in the same key press when there is one.</summary>
    public sealed record Accept(Assessment? Assessment = null) : IncidentCommand;

    public sealed record Assess(Assessment Assessment) : IncidentCommand;

    /// <summary>Sends responders, or further ones. One key: it accepts and assesses what is not yet.</summary>
    /// <param name="EtaMin">0..1,440: minutes until the first of them is there, as suggested; null when nobody knows.</param>
    public sealed record Dispatch(ImmutableArray<string> ResponderIds, int? EtaMin = null) : IncidentCommand;

    /// <summary>Somebody who was sent says that they heard it.</summary>
    public sealed record Answer(string ResponderId) : IncidentCommand;

    public sealed record EnRoute(string ResponderId) : IncidentCommand;

    public sealed record Arrive(string ResponderId) : IncidentCommand;

    /// <summary>Calls a responder off, or notes that one declined or did not answer. The step falls back to what the others have reached.</summary>
    public sealed record Release(string ResponderId, string Reason) : IncidentCommand;

    /// <summary>Takes the last dispatch back, at most <see cref="UndoMaxS"/> s after it: whoever has not said anything yet is called off.</summary>
    public sealed record UndoDispatch : IncidentCommand;

    /// <summary>What was done: on the scene, or from the command room when nobody had to go.</summary>
    public sealed record Handle(string Text) : IncidentCommand;

    public sealed record Report(string Text, Disposition Disposition) : IncidentCommand;

    public sealed record FollowUp(string Text) : IncidentCommand;

    /// <summary>A named supervisor finds the follow-up unnecessary and says why (I10). Whether the actor may is the API's to check: accounts are not known here.</summary>
    public sealed record WaiveFollowUp(string Supervisor, string Reason) : IncidentCommand;

    public sealed record CallBack(CallBackResult Result, string Text) : IncidentCommand;

    public sealed record HandToCaseTeam(string Team, string Text) : IncidentCommand;

    public sealed record MergeInto(long IncidentId) : IncidentCommand;

    public sealed record Unmerge(string Reason) : IncidentCommand;

    public sealed record AcknowledgeEscalation : IncidentCommand;

    public sealed record Note(string Text) : IncidentCommand;

    /// <summary>Back to work, from handled, reported or followed up: report and follow-up are due again. A closed incident stays closed.</summary>
    public sealed record Reopen(string Reason) : IncidentCommand;

    public sealed record Close : IncidentCommand;
}
