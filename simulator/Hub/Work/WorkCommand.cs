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
/// Something that somebody wants done with a piece of work. The cases of each kind stand in its own room; what is common to all stands here.
/// Texts have 1..<see cref="TextMaxChars"/> characters, names 1..<see cref="NameMaxChars"/>. No text is the place for a person's name, and no member asks for one.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AcknowledgeEscalation), "acknowledgeEscalation")]
[JsonDerivedType(typeof(Note), "note")]
[JsonDerivedType(typeof(PatrolCommand.CheckIn), "checkIn")]
[JsonDerivedType(typeof(PatrolCommand.ExplainMissed), "explainMissed")]
[JsonDerivedType(typeof(VisitCommand.Plan), "planVisits")]
[JsonDerivedType(typeof(VisitCommand.Visit), "recordVisit")]
[JsonDerivedType(typeof(VisitCommand.Request), "recordRequest")]
[JsonDerivedType(typeof(VisitCommand.Outcome), "recordOutcome")]
[JsonDerivedType(typeof(VisitCommand.Finish), "finishVisits")]
[JsonDerivedType(typeof(CampaignCommand.Plan), "planCampaign")]
[JsonDerivedType(typeof(CampaignCommand.Count), "countVisits")]
[JsonDerivedType(typeof(CampaignCommand.Finish), "finishCampaign")]
[JsonDerivedType(typeof(SupportCommand.Plan), "planSupport")]
[JsonDerivedType(typeof(SupportCommand.Done), "supportDone")]
[JsonDerivedType(typeof(SupportCommand.Finish), "finishSupport")]
[JsonDerivedType(typeof(ReviewCommand.Ask), "askReview")]
[JsonDerivedType(typeof(ReviewCommand.Judge), "review")]
[JsonDerivedType(typeof(WarningCommand.Supervise), "superviseWarning")]
[JsonDerivedType(typeof(WarningCommand.Handle), "handleWarning")]
[JsonDerivedType(typeof(WarningCommand.FeedBack), "feedBackWarning")]
[JsonDerivedType(typeof(ShiftCommand.HandOver), "handOver")]
[JsonDerivedType(typeof(ShiftCommand.TakeOver), "takeOver")]
[JsonDerivedType(typeof(ShiftCommand.ReviewDay), "reviewDay")]
public abstract record WorkCommand
{
    public const int TextMaxChars = 2_000;
    public const int NameMaxChars = 64;

    /// <summary>True for what makes a new item; all others need one.</summary>
    [JsonIgnore]
    public bool Opens => this is PatrolCommand.Begin or VisitCommand.Plan or CampaignCommand.Plan or SupportCommand.Plan or ReviewCommand.Queue or ReviewCommand.Ask
        or WarningCommand.Raise or ShiftCommand.HandOver or ShiftCommand.OpenDay;

    /// <summary>True for what only the hub itself may ask: it is no case of the JSON either.</summary>
    [JsonIgnore]
    public bool IsFromHub => this is Escalate or PatrolCommand.Begin or PatrolCommand.End or ReviewCommand.Queue or WarningCommand.Raise or WarningCommand.AddCalls or ShiftCommand.OpenDay;

    /// <summary>What is wrong with its members; null when nothing is.</summary>
    public virtual Refusal? Offence() => null;

    /// <summary>The clock found this step overdue.</summary>
    public sealed record Escalate(string Step) : WorkCommand;

    public sealed record AcknowledgeEscalation : WorkCommand;

    public sealed record Note(string Text) : WorkCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }
}
