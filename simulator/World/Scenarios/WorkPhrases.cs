using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.World.Scenarios;

/// <summary>What people do besides calls: patrol, visits, campaigns, support, warnings, reviews, shifts.</summary>
internal static class WorkPhrases
{
    public static ImmutableArray<Phrase> All { get; } =
    [
        Phrase.Do("{who} checks in {targets}", static (s, w) => CheckIn(s, w["who"], w.List("targets"))),
        Phrase.Do("{who} checks in every point", static (s, w) => CheckIn(s, w["who"], s.Station.Patrol.Points.Select(point => point.Id))),
        Phrase.Do("{who} checks in every point but {targets}", static (s, w) =>
            CheckIn(s, w["who"], s.Station.Patrol.Points.Select(point => point.Id).Where(id => !w.List("targets").Contains(id)))),
        On(WorkKind.PatrolShift, "{who} explains what was missed with {text}", static w => new PatrolCommand.ExplainMissed(w.Text())),
        Phrase.Do("{who} plans {n} visits in {village} within {duration} as {text}", static (s, w) =>
            s.Open(w["who"], new VisitCommand.Plan(w.Text(), w["village"], w.Number(), s.Now + w.Duration()))),
        Phrase.Do("{who} records {n} visits", static (s, w) => Visits(s, w["who"], w.Number())),
        On(WorkKind.VisitRound, "{who} records the request {text}", static w => new VisitCommand.Request(w.Text())),
        Phrase.Do("{who} records {n} requests", static (s, w) => Repeat(w.Number(), i => s.Work(WorkKind.VisitRound, w["who"], new VisitCommand.Request($"request {i}")))),
        On(WorkKind.VisitRound, "{who} answers request {n} as {outcome} with {text}", static w => new VisitCommand.Outcome(w.Number(), w.Choice<RequestResult>("outcome"), w.Text())),
        Phrase.Do("{who} answers requests {n1} to {n2} as {outcome}", static (s, w) => Repeat(w.Number("n2") - w.Number("n1") + 1, i =>
            s.Work(WorkKind.VisitRound, w["who"], new VisitCommand.Outcome(w.Number("n1") + i - 1, w.Choice<RequestResult>("outcome"), "done")))),
        On(WorkKind.VisitRound, "{who} finishes the visits with {text}", static w => new VisitCommand.Finish(w.Text())),
        Phrase.Do("{who} plans the campaign {text} of {n} visits within {duration}", static (s, w) =>
            s.Open(w["who"], new CampaignCommand.Plan(w.Text(), w.Number(), s.Now + w.Duration()))),
        On(WorkKind.Campaign, "{who} counts {n} visits in {village}", static w => new CampaignCommand.Count(w["village"], w.Number())),
        On(WorkKind.Campaign, "{who} finishes the campaign with {text}", static w => new CampaignCommand.Finish(w.Text())),
        Phrase.Do("{who} plans support {text1} within {duration}, officer {text2}, family {text3}, school {text4}, community {text5}", static (s, w) =>
            s.Open(w["who"], new SupportCommand.Plan(w.Text("text1"), w.Text("text2"), w.Text("text3"), w.Text("text4"), w.Text("text5"), s.Now + w.Duration()))),
        On(WorkKind.SupportPlan, "{who} notes that the {support} did {text}", static w => new SupportCommand.Done(w.Choice<SupportRole>("support"), w.Text())),
        On(WorkKind.SupportPlan, "{who} finishes the support with {text}", static w => new SupportCommand.Finish(w.Text())),
        On(WorkKind.Warning, "{who} gives the warning to {text1} with {text2}", static w => new WarningCommand.Supervise(w.Text("text1"), w.Text("text2"))).NotLive(LiveLimit.NotCounted),
        On(WorkKind.Warning, "{who} handles the warning with {text}", static w => new WarningCommand.Handle(w.Text())).NotLive(LiveLimit.NotCounted),
        On(WorkKind.Warning, "{who} feeds the warning back as {warningResult} with {text}", static w => new WarningCommand.FeedBack(w.Choice<WarningResult>("warningResult"), w.Text())).NotLive(LiveLimit.NotCounted),
        On(WorkKind.LegalReview, "{who} judges the case {judgement} with {text}", static w => new ReviewCommand.Judge(w.Choice<ReviewResult>("judgement"), w.Text())).NotLive(LiveLimit.NotCounted),
        Phrase.Do("{who} hands the shift over with {text}", static (s, w) => s.Open(w["who"], new ShiftCommand.HandOver(w.Text()))),
        On(WorkKind.Handover, "{who} takes the shift over", static _ => new ShiftCommand.TakeOver("read")),
        On(WorkKind.DailyReview, "{who} reviews the day with {text}", static w => new ShiftCommand.ReviewDay(w.Text())),
    ];

    private static Phrase On(WorkKind kind, string pattern, Func<Words, WorkCommand> make) => Phrase.Do(pattern, (s, w) => s.Work(kind, w["who"], make(w)));

    private static Refusal? CheckIn(Scene scene, string who, IEnumerable<string> targets) =>
        targets.Select(target => scene.Work(WorkKind.PatrolShift, who, new PatrolCommand.CheckIn(target))).FirstOrDefault(refusal => refusal is not null);

    /// <summary>A record takes at most 100 doors.</summary>
    private static Refusal? Visits(Scene scene, string who, int count)
    {
        Refusal? refusal = null;
        for (var left = count; left > 0 && refusal is null; left -= 100)
        {
            refusal = scene.Work(WorkKind.VisitRound, who, new VisitCommand.Visit(Math.Min(100, left)));
        }

        return refusal;
    }

    private static Refusal? Repeat(int times, Func<int, Refusal?> act) => Enumerable.Range(1, times).Select(act).FirstOrDefault(refusal => refusal is not null);
}
