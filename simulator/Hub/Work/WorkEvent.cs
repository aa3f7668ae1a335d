using System.Text.Json.Serialization;
using Gateway.Hub.Incidents;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.Hub.Work;

/// <summary>
/// Something that happened to a piece of work. Stored for good: a case is never renamed and never loses a member; new members are optional.
/// </summary>
/// <param name="At">When the hub decided it.</param>
/// <param name="Actor">An account, a gateway (<c>gw/sumitu-01</c>), or the hub's clock (<c>clock</c>).</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Escalated), "escalated")]
[JsonDerivedType(typeof(EscalationAcknowledged), "escalationAcknowledged")]
[JsonDerivedType(typeof(Noted), "noted")]
[JsonDerivedType(typeof(PatrolEvent.Began), "shiftBegan")]
[JsonDerivedType(typeof(PatrolEvent.CheckedIn), "checkedIn")]
[JsonDerivedType(typeof(PatrolEvent.Ended), "shiftEnded")]
[JsonDerivedType(typeof(PatrolEvent.Explained), "missedExplained")]
[JsonDerivedType(typeof(VisitEvent.Planned), "visitsPlanned")]
[JsonDerivedType(typeof(VisitEvent.Visited), "visited")]
[JsonDerivedType(typeof(VisitEvent.Requested), "requested")]
[JsonDerivedType(typeof(VisitEvent.Answered), "requestAnswered")]
[JsonDerivedType(typeof(VisitEvent.Finished), "visitsFinished")]
[JsonDerivedType(typeof(CampaignEvent.Planned), "campaignPlanned")]
[JsonDerivedType(typeof(CampaignEvent.Counted), "visitsCounted")]
[JsonDerivedType(typeof(CampaignEvent.Finished), "campaignFinished")]
[JsonDerivedType(typeof(SupportEvent.Planned), "supportPlanned")]
[JsonDerivedType(typeof(SupportEvent.Done), "supportTaskDone")]
[JsonDerivedType(typeof(SupportEvent.Finished), "supportFinished")]
[JsonDerivedType(typeof(ReviewEvent.Queued), "reviewQueued")]
[JsonDerivedType(typeof(ReviewEvent.Judged), "reviewed")]
[JsonDerivedType(typeof(WarningEvent.Raised), "warningRaised")]
[JsonDerivedType(typeof(WarningEvent.Supervised), "warningSupervised")]
[JsonDerivedType(typeof(WarningEvent.Handled), "warningHandled")]
[JsonDerivedType(typeof(WarningEvent.FedBack), "warningFedBack")]
[JsonDerivedType(typeof(ShiftEvent.HandedOver), "handedOver")]
[JsonDerivedType(typeof(ShiftEvent.TakenOver), "takenOver")]
[JsonDerivedType(typeof(ShiftEvent.DayOpened), "dayOpened")]
[JsonDerivedType(typeof(ShiftEvent.DayReviewed), "dayReviewed")]
public abstract record WorkEvent(DateTimeOffset At, string Actor)
{
    /// <summary>Of the event that opens an item: whose it is. Absent in all others, and in what was stored before a hub had several stations.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StationId { get; init; }

    public sealed record Escalated(DateTimeOffset At, string Actor, string Step, DateTimeOffset DueAt, EscalationLevel Level) : WorkEvent(At, Actor);

    public sealed record EscalationAcknowledged(DateTimeOffset At, string Actor) : WorkEvent(At, Actor);

    public sealed record Noted(DateTimeOffset At, string Actor, string Text) : WorkEvent(At, Actor);
}
