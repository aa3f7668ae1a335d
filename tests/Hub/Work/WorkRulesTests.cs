using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;

namespace Gateway.Hub.Tests.Work;

/// <summary>The rules of patrol, visits, support, review and hand-over, as sentences.</summary>
public sealed class WorkRulesTests
{
    private static readonly DateTimeOffset Start = TestTime.Start;

    private static string Village => Seeds.Sumitu.Villages[0].Id;

    private static PatrolCommand.Begin Shift() => new(
        "day", Start, Start.AddHours(12),
        [new PatrolTarget("a", 1, 60, []), new PatrolTarget("b", 2, 0, []), new PatrolTarget("a-b", 1, 0, ["a", "b"])]);

    [Fact]
    public void A_line_is_patrolled_when_each_of_its_points_was_reached_or_somebody_checks_in_for_it()
    {
        var story = new WorkStory().Do(Shift(), "clock").Do(new PatrolCommand.CheckIn("a"));
        Assert.Equal(0, story.As<PatrolShift>().DoneOf(story.As<PatrolShift>().Targets[2]));
        story.Do(new PatrolCommand.CheckIn("b"));
        Assert.Equal(1, story.As<PatrolShift>().DoneOf(story.As<PatrolShift>().Targets[2]));
        story.Do(new PatrolCommand.CheckIn("a-b"));
        Assert.Equal(2, story.As<PatrolShift>().DoneOf(story.As<PatrolShift>().Targets[2]));
    }

    [Fact]
    public void A_point_is_overdue_when_its_interval_has_gone_without_a_check_in()
    {
        var story = new WorkStory().Do(Shift(), "clock").After(TimeSpan.FromMinutes(59));
        Assert.Null(story.As<PatrolShift>().OverdueSince(story.As<PatrolShift>().Targets[0], story.Now));
        story.After(TimeSpan.FromMinutes(2));
        Assert.Equal(Start.AddMinutes(60), story.As<PatrolShift>().OverdueSince(story.As<PatrolShift>().Targets[0], story.Now));
        story.Do(new PatrolCommand.CheckIn("a"));
        Assert.Null(story.As<PatrolShift>().OverdueSince(story.As<PatrolShift>().Targets[0], story.Now));
    }

    [Fact]
    public void A_shift_in_which_all_was_reached_closes_by_itself_and_another_waits_for_an_explanation_which_escalates()
    {
        var whole = new WorkStory().Do(Shift(), "clock").Do(new PatrolCommand.CheckIn("a")).Do(new PatrolCommand.CheckIn("b")).Do(new PatrolCommand.CheckIn("b"))
            .Refused(WorkRefusals.ShiftRuns, new PatrolCommand.End()).After(TimeSpan.FromHours(12)).Do(new PatrolCommand.End(), "clock");
        Assert.False(whole.Item!.IsOpen);

        var missed = new WorkStory().Do(Shift(), "clock").Refused(WorkRefusals.ShiftRuns, new PatrolCommand.ExplainMissed("snow"))
            .After(TimeSpan.FromHours(12)).Do(new PatrolCommand.End(), "clock");
        Assert.Equal("missed", missed.Item!.State());
        missed.Refused(RefusalNames.NotDue, new WorkCommand.Escalate(PatrolShift.ExplainStep)).After(PatrolShift.ExplainWithin)
            .Do(new WorkCommand.Escalate(PatrolShift.ExplainStep), "clock");
        Assert.Equal(EscalationLevel.ShiftLeader, missed.Item!.EscalatedTo);
        missed.Do(new WorkCommand.AcknowledgeEscalation(), "leader").Do(new PatrolCommand.ExplainMissed("Snow on the pass."));
        Assert.False(missed.Item!.IsOpen);
    }

    [Fact]
    public void A_check_in_that_came_late_counts_for_the_shift_in_which_it_happened_and_no_other()
    {
        var story = new WorkStory().Do(Shift(), "clock").After(TimeSpan.FromHours(12)).Do(new PatrolCommand.End(), "clock")
            .Refused(WorkRefusals.OutsideShift, new PatrolCommand.CheckIn("a"))
            .Do(new PatrolCommand.CheckIn("a", Start.AddHours(1))).Do(new PatrolCommand.CheckIn("b", Start.AddHours(2)));
        Assert.True(story.Item!.IsOpen);
        story.Do(new PatrolCommand.CheckIn("b", Start.AddHours(3)));
        Assert.False(story.Item!.IsOpen);
    }

    [Fact]
    public void A_round_of_visits_cannot_end_before_every_request_has_its_outcome_and_its_rate_is_counted()
    {
        var story = new WorkStory().Do(new VisitCommand.Plan("Winter round", Village, 2, Start.AddDays(3)))
            .Do(new VisitCommand.Visit(2)).Do(new VisitCommand.Request("Lamp at the well")).Do(new VisitCommand.Request("Road"))
            .Refused(WorkRefusals.RequestsOpen, new VisitCommand.Finish("done"))
            .Refused(WorkRefusals.UnknownRequest, new VisitCommand.Outcome(3, RequestResult.Handled, "x"))
            .Do(new VisitCommand.Outcome(1, RequestResult.Handled, "Replaced"))
            .Refused(WorkRefusals.AlreadyDone, new VisitCommand.Outcome(1, RequestResult.Handled, "again"))
            .Do(new VisitCommand.Outcome(2, RequestResult.Referred, "To the road office"))
            .Do(new VisitCommand.Finish("All visited"));
        Assert.Equal((1, 2), story.As<VisitRound>().HandledRate());
        story.Refused(WorkRefusals.WorkClosed, new VisitCommand.Visit());
    }

    [Fact]
    public void A_request_that_is_not_answered_in_time_escalates_to_the_leader_and_then_to_the_banner()
    {
        var story = new WorkStory().Do(new VisitCommand.Plan("Round", Village, 1, Start.AddDays(30))).Do(new VisitCommand.Visit()).Do(new VisitCommand.Request("Lamp"));
        story.After(VisitRound.RequestDue).Do(new WorkCommand.Escalate("request1"), "clock").Refused(RefusalNames.NotDue, new WorkCommand.Escalate("request1"));
        story.After(TimeSpan.FromDays(1)).Do(new WorkCommand.Escalate("request1"), "clock");
        Assert.Equal(EscalationLevel.BannerSupervisor, story.Item!.EscalatedTo);
        story.Do(new VisitCommand.Outcome(1, RequestResult.Declined, "Not ours; told so"));
        Assert.Equal(EscalationLevel.None, story.Item!.EscalatedTo);
    }

    [Theory]
    [InlineData("nowhere", 1, "unknown-place")]
    [InlineData(null, 0, "out-of-bounds")]
    public void A_plan_for_no_place_or_no_visits_is_refused_by_name(string? village, int visits, string name) =>
        new WorkStory().Refused(name, new VisitCommand.Plan("Round", village ?? Village, visits, Start.AddDays(1)));

    [Fact]
    public void A_plan_for_yesterday_is_refused() => new WorkStory().Refused(RefusalNames.OutOfBounds, new VisitCommand.Plan("Round", Village, 1, Start.AddDays(-1)));

    [Fact]
    public void A_campaign_counts_visits_by_village_and_has_no_member_for_a_person()
    {
        var story = new WorkStory().Do(new CampaignCommand.Plan("Fraud by telephone", 20, Start.AddDays(30)))
            .Do(new CampaignCommand.Count(Village, 12)).Do(new CampaignCommand.Count(Village, 8)).Refused(WorkRefusals.UnknownPlace, new CampaignCommand.Count("nowhere", 1));
        Assert.Equal(20, story.As<Campaign>().VisitCount());
        Assert.Equal("done", story.Item!.State());
        Assert.DoesNotContain(typeof(Campaign).GetProperties(), property => property.Name.Contains("Person", StringComparison.OrdinalIgnoreCase) || property.Name.Contains("Name", StringComparison.Ordinal));
        story.Do(new CampaignCommand.Finish("Done"));
    }

    [Fact]
    public void A_support_plan_has_four_roles_with_due_dates_and_ends_when_each_task_is_done()
    {
        var story = new WorkStory().Do(new SupportCommand.Plan("Plan 7", "Talk", "Evenings", "Class", "Club", Start.AddDays(7)));
        Assert.Equal(Enum.GetValues<SupportRole>(), story.As<SupportPlan>().Tasks.Select(task => task.Role));
        Assert.Equal(4, story.Item!.Steps().Count());
        story.Do(new SupportCommand.Done(SupportRole.School, "Attends", "Report in a month", Start.AddDays(30)))
            .Do(new SupportCommand.Done(SupportRole.Officer, "Talked")).Refused(WorkRefusals.AlreadyDone, new SupportCommand.Done(SupportRole.Officer, "again"))
            .Refused(WorkRefusals.TasksOpen, new SupportCommand.Finish("done"))
            .Do(new SupportCommand.Done(SupportRole.Family, "ok")).Do(new SupportCommand.Done(SupportRole.Community, "ok")).Do(new SupportCommand.Done(SupportRole.School, "ok"))
            .Do(new SupportCommand.Finish("On a good way"));
        Assert.False(story.Item!.IsOpen);
    }

    [Fact]
    public void A_legal_review_waits_a_week_and_ends_with_its_result()
    {
        var story = new WorkStory().Do(new ReviewCommand.Queue(12, IncidentKind.Help, "cp", Disposition.Helped), "clock");
        Assert.Equal(Start + LegalReview.Within, WorkClocks.Next(story.Item!)!.Value.DueAt);
        story.Do(new ReviewCommand.Judge(ReviewResult.Defective, "Arrival not recorded."));
        Assert.Equal(ReviewResult.Defective, story.As<LegalReview>().Result);
    }

    [Fact]
    public void Who_hands_over_does_not_take_over()
    {
        var story = new WorkStory().Do(new ShiftCommand.HandOver("Road closed") { Open = new OpenItems([3, 1], [], 0, 0, ["sumitu-02"]) }, "day")
            .Refused(WorkRefusals.OwnHandover, new ShiftCommand.TakeOver(), "day").Refused(WorkRefusals.WrongKind, new VisitCommand.Visit())
            .Do(new ShiftCommand.TakeOver("Read"), "night");
        Assert.Equal("night", story.As<Handover>().TakenBy);
        Assert.Equal([3L, 1L], story.As<Handover>().Incidents);
    }

    [Theory]
    [InlineData(480, 1200, "2026-11-22T08:00:00+08:00", "2026-11-22T08:00:00+08:00")]
    [InlineData(1200, 480, "2026-11-22T03:00:00+08:00", "2026-11-21T20:00:00+08:00")]
    [InlineData(1200, 480, "2026-11-22T23:59:00+08:00", "2026-11-22T20:00:00+08:00")]
    [InlineData(480, 1200, "2026-11-22T20:00:00+08:00", null)]
    public void A_shift_runs_on_the_stations_own_clock_and_over_midnight(int fromMin, int toMin, string now, string? expected)
    {
        var run = new Shift("s", LocalText.Empty, fromMin, toMin).RunAt(DateTimeOffset.Parse(now, null), TimeSpan.FromHours(8));
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, null), run?.From);
    }

    [Fact]
    public void Every_command_and_event_of_the_json_has_a_rule_and_an_evolution()
    {
        var commands = typeof(WorkCommand).GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute), false).Length;
        var events = typeof(WorkEvent).GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute), false).Length;
        var leaves = typeof(WorkEvent).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(WorkEvent))).ToList();
        Assert.Equal(leaves.Count, events);
        var hubOnly = typeof(WorkCommand).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(WorkCommand))).Count() - commands;
        Assert.Equal(7, hubOnly);
    }
}
