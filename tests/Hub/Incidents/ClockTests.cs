using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using static Gateway.Hub.Incidents.IncidentCommand;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>I9: every step has a clock; an overdue step goes upward; a restart changes no deadline.</summary>
public sealed class ClockTests
{
    private static readonly StationTargets Targets = IncidentStory.Sumitu.Targets;

    [Fact]
    public void Every_step_has_its_clock_I9()
    {
        var story = IncidentStory.WithHelpCall();
        AssertDue(story, ClockName.Accept, Targets.AcceptS);
        AssertDue(story.After(1).Does(new Accept()), ClockName.Assess, Targets.AssessS);
        AssertDue(story.After(1).Does(new Assess(new Assessment(""))), ClockName.Dispatch, Targets.DispatchS);
        AssertDue(story.After(1).Does(new IncidentCommand.Dispatch([IncidentStory.Volunteer])), ClockName.Answer, Targets.AnswerS);
        AssertDue(story.Does(new Answer(IncidentStory.Volunteer)), ClockName.GoOut, Targets.GoOutS);
        var dispatchedAt = story.Now;
        story.After(1).Does(new EnRoute(IncidentStory.Volunteer));
        Assert.Equal((ClockName.Arrive, dispatchedAt.AddSeconds(Targets.ArriveGeneralS)), DueOf(story));
        AssertDue(story.After(1).Does(new Arrive(IncidentStory.Volunteer)), ClockName.Handle, Targets.HandleS);
        AssertDue(story.After(1).Does(new Handle("Done.")), ClockName.Report, Targets.ReportS);
        AssertDue(story.After(1).Does(new Report("Done.", Disposition.Helped)), ClockName.FollowUp, Targets.FollowUpS);
        AssertDue(story.After(1).Does(new FollowUp("Visited.")), ClockName.Close, Targets.CloseS);
        Assert.Null(IncidentClocks.Due(story.Does(new Close()).Current, Targets));
    }

    [Theory]
    [InlineData(ZoneClass.Core, 60)]
    [InlineData(ZoneClass.Key, 180)]
    [InlineData(ZoneClass.General, 300)]
    public void Arrival_is_due_after_1_3_or_5_minutes_by_zone_class_unless_the_station_says_otherwise(ZoneClass zoneClass, int seconds)
    {
        var story = IncidentStory.WithHelpCall().Accepted().Does(new IncidentCommand.Dispatch([IncidentStory.Officer]));
        var incident = story.Current with { ZoneClass = zoneClass };

        var arrive = Assert.Single(IncidentClocks.All(incident, new StationTargets()), clock => clock.Clock == ClockName.Arrive);

        Assert.Equal(IncidentStory.Start.AddSeconds(seconds), arrive.Deadline);
    }

    [Fact]
    public void A_cancelled_call_has_a_clock_for_the_call_back_beside_that_of_its_step()
    {
        var story = IncidentStory.WithHelpCall().Accepted().After(10).CancelledByPresser();

        Assert.Equal(
            [(ClockName.Dispatch, story.Current.StageSince.AddSeconds(Targets.DispatchS)), (ClockName.CallBack, story.Now.AddSeconds(Targets.CallBackS))],
            IncidentClocks.All(story.Current, Targets).Select(clock => (clock.Clock, clock.Deadline)));
    }

    [Fact]
    public void An_overdue_step_goes_to_the_shift_leader_and_then_to_the_banner_supervisor()
    {
        var story = IncidentStory.WithHelpCall().Refuses(RefusalNames.NotDue, new Escalate(ClockName.Accept)).After(Targets.AcceptS)
            .Refuses(RefusalNames.NotDue, new Escalate(ClockName.Report))
            .Does(new Escalate(ClockName.Accept), "clock");
        Assert.Equal(EscalationLevel.ShiftLeader, story.Current.EscalatedTo);

        story.Refuses(RefusalNames.NotDue, new Escalate(ClockName.Accept)).After(Targets.EscalateAgainS).Does(new Escalate(ClockName.Accept), "clock");

        Assert.Equal(EscalationLevel.BannerSupervisor, story.Current.EscalatedTo);
        Assert.Null(IncidentClocks.Due(story.Current, Targets));
        Assert.Equal(EscalationLevel.None, Assert.Single(IncidentClocks.All(story.Current, Targets)).Level);
        story.After(99_999).Refuses(RefusalNames.NotDue, new Escalate(ClockName.Accept));
    }

    [Fact]
    public void Whoever_acknowledges_gets_as_long_again()
    {
        var story = IncidentStory.WithHelpCall().After(Targets.AcceptS).Does(new Escalate(ClockName.Accept), "clock")
            .After(100).Does(new AcknowledgeEscalation(), "leader").Refuses(RefusalNames.NothingEscalated, new AcknowledgeEscalation());

        Assert.Equal(("leader", story.Now), (story.Current.Escalations[0].AcknowledgedBy, story.Current.Escalations[0].AcknowledgedAt!.Value));
        Assert.Equal((ClockName.Accept, story.Now.AddSeconds(Targets.EscalateAgainS)), DueOf(story));
    }

    [Fact]
    public void A_step_that_is_done_takes_its_escalation_along()
    {
        var story = IncidentStory.WithHelpCall().After(Targets.AcceptS).Does(new Escalate(ClockName.Accept), "clock").Does(new Accept());

        Assert.Empty(story.Current.Escalations);
        AssertDue(story, ClockName.Assess, Targets.AssessS);
    }

    [Fact]
    public void A_restart_changes_no_deadline_I9()
    {
        var story = IncidentStory.WithHelpCall().After(7).Accepted().After(11).Does(new IncidentCommand.Dispatch([IncidentStory.Officer], 75)).After(Targets.GoOutS).Does(new Escalate(ClockName.GoOut), "clock");

        var restored = IncidentRules.Evolve(null, story.Events.Select(happened => IncidentJson.ReadEvent(IncidentJson.Write(happened))));

        Assert.Equal(IncidentClocks.All(story.Current, Targets), IncidentClocks.All(restored, Targets));
    }

    [Fact]
    public void The_warning_comes_after_three_quarters_of_the_time()
    {
        var clock = IncidentClocks.Due(IncidentStory.WithHelpCall().Current, new StationTargets { AcceptS = 40 })!;

        Assert.Equal(IncidentStory.Start.AddSeconds(30), clock.WarnAt);
        Assert.Equal(IncidentStory.Start.AddSeconds(40), clock.DueAt);
    }

    private static (ClockName, DateTimeOffset) DueOf(IncidentStory story)
    {
        var due = IncidentClocks.Due(story.Current, Targets)!;
        return (due.Clock, due.DueAt);
    }

    private static void AssertDue(IncidentStory story, ClockName clock, int seconds) => Assert.Equal((clock, story.Now.AddSeconds(seconds)), DueOf(story));
}
