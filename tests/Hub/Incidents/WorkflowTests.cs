using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using static Gateway.Hub.Incidents.IncidentCommand;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>The loop 接警 to 办结, told step by step.</summary>
public sealed class WorkflowTests
{
    [Fact]
    public void A_call_goes_through_all_stages_to_closed()
    {
        IncidentStory.WithHelpCall().StageIs(Stage.Received)
            .After(3).Does(new Accept()).StageIs(Stage.Received)
            .After(5).Does(new Assess(new Assessment("One person, conscious."))).StageIs(Stage.Assessed)
            .After(2).Does(new IncidentCommand.Dispatch([IncidentStory.Volunteer, IncidentStory.Officer], 12)).StageIs(Stage.Dispatched)
            .After(60).Does(new EnRoute(IncidentStory.Volunteer)).StageIs(Stage.EnRoute)
            .After(600).Does(new Arrive(IncidentStory.Volunteer)).StageIs(Stage.OnScene)
            .After(600).Does(new Handle("First aid given.")).StageIs(Stage.Handled)
            .After(60).Does(new Report("Fall from a horse.", Disposition.Helped)).StageIs(Stage.Reported)
            .After(86_400).Does(new FollowUp("Visited; is well.")).StageIs(Stage.FollowedUp)
            .After(10).Does(new Close()).StageIs(Stage.Closed)
            .Refuses(RefusalNames.Closed, new Note("One more word."));
    }

    [Fact]
    public void One_key_accepts_and_assesses_and_one_dispatches()
    {
        IncidentStory.WithHelpCall().Does(new Accept(new Assessment("Seen."))).StageIs(Stage.Assessed).Does(new IncidentCommand.Dispatch([IncidentStory.Officer])).StageIs(Stage.Dispatched);
        var story = IncidentStory.WithHelpCall().Does(new IncidentCommand.Dispatch([IncidentStory.Officer], 80), "operator-7").StageIs(Stage.Dispatched);

        Assert.Equal("operator-7", story.Current.AcceptedBy);
        Assert.Equal(["opened", "accepted", "assessed", "dispatched"], story.Events.Select(IncidentJson.TypeOf));
    }

    [Fact]
    public void Only_the_first_operator_takes_a_call()
    {
        var story = IncidentStory.WithHelpCall().Does(new Accept(), "operator-1").Refuses(RefusalNames.AlreadyAccepted, new Accept());

        Assert.Equal("operator-1", story.Current.AcceptedBy);
    }

    [Fact]
    public void Steps_out_of_order_are_refused_by_name()
    {
        IncidentStory.WithHelpCall()
            .Refuses(RefusalNames.NotAccepted, new Assess(new Assessment("Too early.")))
            .Refuses(RefusalNames.NotSent, new EnRoute(IncidentStory.Officer))
            .Refuses(RefusalNames.NotSent, new Arrive(IncidentStory.Officer))
            .Refuses(RefusalNames.NotAssessed, new Handle("Nothing seen yet."))
            .Refuses(RefusalNames.NotHandled, new Report("Nothing done yet.", Disposition.Helped))
            .Refuses(RefusalNames.NoReport, new FollowUp("Nothing reported yet."))
            .Refuses(RefusalNames.NotHandled, new Reopen("Never left."))
            .Refuses(RefusalNames.NoCallBackDue, new CallBack(CallBackResult.PresserSafe, "Nobody cancelled."))
            .Refuses(RefusalNames.NothingEscalated, new AcknowledgeEscalation())
            .Refuses(RefusalNames.NotMerged, new Unmerge("Never merged."))
            .Refuses(RefusalNames.NoReport, new Close())
            .Accepted()
            .Does(new IncidentCommand.Dispatch([IncidentStory.Officer]))
            .Refuses(RefusalNames.AlreadySent, new IncidentCommand.Dispatch([IncidentStory.Officer]))
            .Refuses(RefusalNames.UnknownResponder, new IncidentCommand.Dispatch(["nobody"]))
            .Refuses(RefusalNames.NobodyThere, new Handle("Nobody is there."))
            .Does(new EnRoute(IncidentStory.Officer))
            .Refuses(RefusalNames.AlreadyEnRoute, new EnRoute(IncidentStory.Officer))
            .Does(new Arrive(IncidentStory.Officer))
            .Refuses(RefusalNames.AlreadyOnScene, new Arrive(IncidentStory.Officer))
            .Does(new Handle("Done."))
            .Refuses(RefusalNames.AlreadyHandled, new IncidentCommand.Dispatch([IncidentStory.Volunteer]))
            .Refuses(RefusalNames.AlreadyHandled, new Release(IncidentStory.Officer, "Too late."))
            .Refuses(RefusalNames.NotCancelled, new Report("Nobody cancelled.", Disposition.CancelledByPresser))
            .Does(new Report("Done.", Disposition.FalseAlarm))
            .Refuses(RefusalNames.AlreadyReported, new Report("Again.", Disposition.Helped));
    }

    [Fact]
    public void No_close_without_report_and_follow_up_I10()
    {
        IncidentStory.WithHelpCall().Refuses(RefusalNames.NoReport, new Close())
            .OnScene().Refuses(RefusalNames.NoReport, new Close())
            .Does(new Handle("Done.")).Refuses(RefusalNames.NoReport, new Close())
            .Does(new Report("Done.", Disposition.Helped)).Refuses(RefusalNames.NoFollowUp, new Close())
            .Does(new FollowUp("Visited.")).Does(new Close());
    }

    [Fact]
    public void A_follow_up_is_waived_only_by_a_named_supervisor_with_a_reason_I10()
    {
        var story = IncidentStory.WithHelpCall().Reported()
            .Refuses(RefusalNames.TextMissing, new WaiveFollowUp("", "Moved away."))
            .Refuses(RefusalNames.TextMissing, new WaiveFollowUp("supervisor-1", " "))
            .Does(new WaiveFollowUp("supervisor-1", "The family moved to the town."), "supervisor-1")
            .Refuses(RefusalNames.AlreadyFollowedUp, new FollowUp("Late."))
            .Does(new Close());

        Assert.Equal("supervisor-1", story.Current.FollowUpWaiver?.Supervisor);
    }

    [Fact]
    public void A_cancelled_call_stays_open_until_someone_has_called_back_I10()
    {
        var story = IncidentStory.WithHelpCall().CancelledByPresser().StageIs(Stage.Received);
        Assert.NotNull(story.Current.CancelledAt);

        story.Accepted().Does(new Handle("Settled by telephone.")).Does(new Report("Pressed by mistake.", Disposition.CancelledByPresser)).Does(new FollowUp("Visited."))
            .Refuses(RefusalNames.NoCallBack, new Close())
            .Does(new CallBack(CallBackResult.NoAnswer, "Rang twice."))
            .Refuses(RefusalNames.NoCallBack, new Close())
            .Does(new CallBack(CallBackResult.PresserSafe, "A child played with the button."))
            .Does(new Close());
    }

    [Fact]
    public void A_call_back_that_finds_need_brings_finished_work_back()
    {
        var story = IncidentStory.WithHelpCall().CancelledByPresser().Accepted().Does(new Handle("Settled.")).Does(new Report("Settled.", Disposition.CancelledByPresser))
            .Does(new CallBack(CallBackResult.HelpNeeded, "Cancelled under pressure."))
            .StageIs(Stage.Assessed)
            .Refuses(RefusalNames.NoReport, new Close());

        Assert.Null(story.Current.CancelledAt);
        Assert.Null(story.Current.ReportText);
    }

    [Fact]
    public void A_further_press_takes_back_the_cancel_but_not_the_call_back()
    {
        var story = IncidentStory.WithHelpCall().CancelledByPresser().PressedAgain(2);

        Assert.Null(story.Current.CancelledAt);
        Assert.NotNull(story.Current.CallBackDueSince);
        Assert.Equal(2, story.Current.Weight);
    }

    [Fact]
    public void The_board_counts_presses_and_a_late_count_adds_nothing()
    {
        var story = IncidentStory.WithHelpCall().PressedAgain(5).PressedAgain(3);

        Assert.Equal(5, story.Current.Weight);
        Assert.Equal(3, story.Current.SignalCount);
        Assert.Equal(5, Assert.Single(story.Current.Calls).Count);
    }

    [Fact]
    public void When_the_only_responder_drops_out_the_step_falls_back()
    {
        IncidentStory.WithHelpCall().Accepted().Does(new IncidentCommand.Dispatch([IncidentStory.Volunteer, IncidentStory.Officer])).Does(new EnRoute(IncidentStory.Volunteer)).StageIs(Stage.EnRoute)
            .Does(new Release(IncidentStory.Volunteer, "Motorbike broke down.")).StageIs(Stage.Dispatched)
            .Does(new Release(IncidentStory.Officer, "Needed elsewhere.")).StageIs(Stage.Assessed)
            .Does(new IncidentCommand.Dispatch([IncidentStory.Volunteer])).StageIs(Stage.Dispatched)
            .Does(new Arrive(IncidentStory.Volunteer)).StageIs(Stage.OnScene);
    }

    [Fact]
    public void A_handled_incident_can_be_reopened_and_then_owes_report_and_follow_up_again()
    {
        IncidentStory.WithHelpCall().Reported().Does(new FollowUp("Visited.")).Does(new Reopen("The wrong incident.")).StageIs(Stage.Assessed)
            .Refuses(RefusalNames.NoReport, new Close())
            .Does(new Handle("Now truly.")).Does(new Report("Now truly.", Disposition.NothingFound)).Refuses(RefusalNames.NoFollowUp, new Close());
    }

    [Fact]
    public void Handing_to_the_case_team_does_not_end_the_loop()
    {
        IncidentStory.WithHelpCall().Refuses(RefusalNames.NotAssessed, new HandToCaseTeam("case team", "Theft."))
            .OnScene().Does(new HandToCaseTeam("case team", "Livestock theft.")).StageIs(Stage.OnScene)
            .Refuses(RefusalNames.AlreadyHandedOver, new HandToCaseTeam("case team", "Again."))
            .Refuses(RefusalNames.NoReport, new Close());
    }

    [Fact]
    public void A_duplicate_closes_only_after_the_incident_that_it_joined()
    {
        var other = IncidentRules.Evolve(IncidentStory.WithHelpCall().Current with { Id = 2 }, []);
        var story = IncidentStory.WithHelpCall();
        story.Others = ImmutableDictionary<long, Incident>.Empty.Add(2, other);

        story.Refuses(RefusalNames.BadMerge, new MergeInto(1)).Refuses(RefusalNames.BadMerge, new MergeInto(3))
            .Does(new MergeInto(2))
            .Refuses(RefusalNames.IsMerged, new Accept())
            .Refuses(RefusalNames.TargetOpen, new Close());
        Assert.Equal([1], IncidentRules.ClosesWith([story.Current, other], 2));

        story.Others = ImmutableDictionary<long, Incident>.Empty;
        story.Does(new Close()).StageIs(Stage.Closed);
    }

    [Fact]
    public void A_merge_hides_nothing()
    {
        var other = IncidentStory.WithHelpCall().Current with { Id = 2 };
        var silent = new IncidentStory().Open(IncidentStory.Press("silent", zone: 2)).Current with { Id = 3 };
        var merged = other with { Id = 4, MergedInto = 2, MergedAt = IncidentStory.Start };
        var handled = other with { Id = 5, Stage = Stage.Handled };
        var others = new[] { other, silent, merged, handled }.ToImmutableDictionary(incident => incident.Id);
        IncidentStory Story() => new IncidentStory { Others = others }.Open(IncidentStory.Press());

        Story().Refuses(RefusalNames.BadMerge, new MergeInto(3)).Refuses(RefusalNames.BadMerge, new MergeInto(4)).Refuses(RefusalNames.BadMerge, new MergeInto(5));
        Story().CancelledByPresser().Refuses(RefusalNames.NoCallBack, new MergeInto(2));
        Story().Does(new IncidentCommand.Dispatch([IncidentStory.Officer])).Refuses(RefusalNames.RespondersOut, new MergeInto(2));
        Story().Reported().Refuses(RefusalNames.AlreadyHandled, new MergeInto(2));
        Story().Does(new MergeInto(2)).Does(new Unmerge("Two different rooms.")).Does(new Accept()).StageIs(Stage.Received);
    }

    [Fact]
    public void A_context_without_a_view_of_the_open_incidents_closes_no_duplicate()
    {
        var merged = IncidentStory.WithHelpCall().Current with { MergedInto = 2, MergedAt = IncidentStory.Start };

        var decision = IncidentRules.Decide(merged, new Close(), new DecideContext(IncidentStory.Start, "operator", IncidentStory.Sumitu.Targets));

        Assert.Equal(RefusalNames.TargetOpen, decision.Refusal?.Name);
    }

    [Fact]
    public void What_a_person_writes_is_bounded()
    {
        var story = IncidentStory.WithHelpCall().Accepted();
        var tooLong = new string('x', TextMaxChars + 1);

        story.Refuses(RefusalNames.OutOfBounds, new Note(tooLong))
            .Refuses(RefusalNames.OutOfBounds, new Assess(new Assessment(tooLong)))
            .Refuses(RefusalNames.OutOfBounds, new Assess(new Assessment("", "flying")))
            .Refuses(RefusalNames.OutOfBounds, new IncidentCommand.Dispatch([]))
            .Refuses(RefusalNames.OutOfBounds, new IncidentCommand.Dispatch(default))
            .Refuses(RefusalNames.OutOfBounds, new IncidentCommand.Dispatch([IncidentStory.Officer, IncidentStory.Officer]))
            .Refuses(RefusalNames.OutOfBounds, new IncidentCommand.Dispatch([IncidentStory.Officer], 1_441))
            .Refuses(RefusalNames.OutOfBounds, new IncidentCommand.Dispatch([.. Enumerable.Range(0, 33).Select(n => "r" + n)]))
            .Refuses(RefusalNames.OutOfBounds, new Report("x", (Disposition)99))
            .Refuses(RefusalNames.OutOfBounds, new EnRoute(new string('r', NameMaxChars + 1)))
            .Refuses(RefusalNames.TextMissing, new Note("\n"));
    }

    [Fact]
    public void Without_an_incident_only_a_signal_opens_one()
    {
        var context = new DecideContext(IncidentStory.Start, "operator", IncidentStory.Sumitu.Targets);

        Assert.Equal(RefusalNames.NoIncident, IncidentRules.Decide(null, new Accept(), context).Refusal?.Name);
        IncidentStory.WithHelpCall().Refuses(RefusalNames.AlreadyOpen, SignalRouting.Route(IncidentStory.Press(), IncidentStory.Sumitu, [], 1).Command!);
    }
}
