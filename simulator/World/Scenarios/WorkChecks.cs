using System.Collections.Immutable;
using System.Globalization;
using Gateway.Hub.Incidents;
using Gateway.Hub.Statistics;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.World.Scenarios;

/// <summary>What can be expected of the work besides calls, and of the statistics.</summary>
internal static class WorkChecks
{
    public static ImmutableArray<Phrase> All { get; } =
    [
        Phrase.See("the {work} is {state}", static (s, w) => Same(s.Next<WorkItem>(w.Choice<WorkKind>("work")).State(), w["state"])).NotLive(LiveLimit.NotCounted, IsOfCalls),
        Phrase.See("there is no {work}", static (s, w) => s.Next(w.Choice<WorkKind>("work")) is { } item ? new(false, $"number {item.Id}, {item.State()}") : new(true, "none")).NotLive(LiveLimit.NotCounted, IsOfCalls),
        Phrase.See("the {work} has reached the {level}", static (s, w) => Same(s.Next<WorkItem>(w.Choice<WorkKind>("work")).EscalatedTo, w.Choice<EscalationLevel>("level"))).NotLive(LiveLimit.NotCounted, IsOfCalls),
        Phrase.See("the {work} is due in {duration}", static (s, w) => Due(s, w.Choice<WorkKind>("work"), w.Duration())).NotLive(LiveLimit.NotCounted, IsOfCalls),
        Phrase.See("the warning is {colour}, from {n} calls of {place}", static (s, w) => Warned(s, w)).NotLive(LiveLimit.NotCounted),
        Phrase.See("{n} of {n2} patrol targets are covered", static (s, w) => Covered(s, w.Number(), w.Number("n2"))),
        Phrase.See("the visits have {n} of {n2} requests handled", static (s, w) => Same(s.Next<VisitRound>(WorkKind.VisitRound).HandledRate(), (w.Number(), w.Number("n2")))),
        Phrase.See("the campaign has {n} visits", static (s, w) => Same(s.Next<Campaign>(WorkKind.Campaign).VisitCount(), w.Number())),
        Phrase.See("the hand-over names {n} open calls", static (s, w) => Same(s.Next<Handover>(WorkKind.Handover).Incidents.Length, w.Number())),
        Phrase.See("{n} legal reviews wait", static (s, w) => Same(s.Hub.Snapshot.OpenWork.Values.Count(item => WorkItem.KindOf(item) == WorkKind.LegalReview), w.Number())).NotLive(LiveLimit.NotCounted),
        Phrase.See("this month counts {n} calls", static (s, w) => Same(s.Month().Opened.Now, (long)w.Number())).NotLive(LiveLimit.NotCounted),
        Phrase.See("against the month before that is {percent} %", static (s, w) => Percent(s.Month().Opened.MonthChange, w.Decimal("percent"))).NotLive(LiveLimit.NotCounted),
        Phrase.See("against the year before that is {percent} %", static (s, w) => Percent(s.Month().Opened.YearChange, w.Decimal("percent"))).NotLive(LiveLimit.NotCounted),
        Phrase.See("the share {share} of this month is {percent} %", static (s, w) =>
            Percent(s.ShareOfMonth(w["share"]), w.Decimal("percent"))).NotLive(LiveLimit.NotCounted, static w => w["share"] is not ("requestsHandled" or "patrolled")),
        Phrase.See("patrol is proposed first at {n} h in {village}", static (s, w) => Proposed(s, w.Number(), w["village"])).NotLive(LiveLimit.NotCounted),
        Phrase.See("the review of yesterday begins with {place}, {n} calls in 30 days", static (s, w) => Digest(s, w["place"], w.Number())).NotLive(LiveLimit.NotCounted),
    ];

    /// <summary>What comes of calls alone, and so of no virtual board's.</summary>
    private static bool IsOfCalls(Words words) => words.Choice<WorkKind>("work") is WorkKind.Warning or WorkKind.LegalReview;

    private static Finding Same<T>(T happened, T expected) => CallChecks.Same(happened, expected);

    private static Finding Due(Scene scene, WorkKind kind, TimeSpan left) => WorkClocks.Next(scene.Next<WorkItem>(kind)) is { } step
        ? CallChecks.Left(step.DueAt, scene, left) with { Happened = $"{step.Name} in {Durations.Say(step.DueAt - scene.Now)}" }
        : new(false, "it has no clock");

    private static Finding Warned(Scene scene, Words words)
    {
        var warning = scene.Next<Warning>(WorkKind.Warning);
        return new(
            warning.Level == words.Choice<WarningLevel>("colour") && warning.Calls.Length == words.Number() && warning.CallPointId == words["place"],
            string.Create(CultureInfo.InvariantCulture, $"{WordTypes.Camelled(warning.Level)}, from {warning.Calls.Length} calls of {warning.CallPointId}, {warning.Tenths() / 10.0:0.#} points"));
    }

    private static Finding Covered(Scene scene, int covered, int all) => Same(scene.Next<PatrolShift>(WorkKind.PatrolShift).Coverage(), (covered, all));

    /// <summary>To the tenth of a percent, as reports say it.</summary>
    private static Finding Percent(double? share, double percent) => share is { } value
        ? new(Math.Abs(Math.Round(value * 100, 1, MidpointRounding.AwayFromZero) - percent) < 0.01, string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.#} %"))
        : new(false, "there is nothing to compare with");

    private static Finding Proposed(Scene scene, int hour, string village)
    {
        var months = new List<int> { FactCounts.MonthOf(scene.Hub.Now, scene.Station.UtcOffset) };
        months.Add(MonthReport.MonthBefore(months[0]));
        months.Add(MonthReport.MonthBefore(months[1]));
        var first = PatrolProposals.Of(MonthReport.HeatOf(scene.Hub.Work.Counts(months).Where(entry => entry.Key.Figure == FactCounts.Heat)), null).Cells;
        return first.Count == 0 ? new(false, "nothing is proposed") : new(first[0].Hour == hour && first[0].VillageId == village, $"{first[0].Hour} h in {first[0].VillageId}, {first[0].Count} calls");
    }

    private static Finding Digest(Scene scene, string place, int calls)
    {
        var to = new DateTimeOffset(scene.Hub.Now.ToOffset(scene.Station.UtcOffset).Date, scene.Station.UtcOffset);
        var facts = scene.Hub.Work.Facts(to.AddDays(-1), to, DayDigest.EntriesMax);
        var digest = DayDigest.Of(facts, scene.Hub.Work.CallsOf(facts.Select(fact => fact.CallPointId), to.AddDays(-DayDigest.RepeatedDays), to));
        return digest.Count == 0
            ? new(false, "yesterday had no calls")
            : new(digest[0].Fact.CallPointId == place && digest[0].CallsOfPlace == calls, $"{digest[0].Fact.CallPointId}, {digest[0].CallsOfPlace} calls in 30 days, {digest[0].Reasons}");
    }
}
