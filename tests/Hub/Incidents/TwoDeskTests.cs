using Gateway.Hub.Incidents;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>Two desks at one call, the undo of a sending, and taps that arrive late.</summary>
public sealed class TwoDeskTests
{
    private static readonly IncidentCommand.Dispatch Send = new([IncidentStory.Volunteer], 12);

    [Fact]
    public void A_sending_is_undone_within_its_time_and_calls_off_whom_nobody_heard_from()
    {
        var story = IncidentStory.WithHelpCall().Accepted().Does(Send).After(IncidentCommand.UndoMaxS).Does(new IncidentCommand.UndoDispatch());
        Assert.DoesNotContain(story.Current.Assignments, assignment => assignment.IsActive);
    }

    [Fact]
    public void A_sending_is_not_undone_too_late_nor_once_it_was_answered()
    {
        IncidentStory.WithHelpCall().Accepted().Refuses(RefusalNames.NothingToUndo, new IncidentCommand.UndoDispatch());
        IncidentStory.WithHelpCall().Accepted().Does(Send).After(IncidentCommand.UndoMaxS + 1).Refuses(RefusalNames.NothingToUndo, new IncidentCommand.UndoDispatch());
        IncidentStory.WithHelpCall().Accepted().Does(Send).Does(new IncidentCommand.Answer(IncidentStory.Volunteer)).Refuses(RefusalNames.NothingToUndo, new IncidentCommand.UndoDispatch());
    }

    public static TheoryData<IncidentCommand> ActsOfDesks() =>
    [
        new IncidentCommand.ReferToMediation("Team 1", [PartyRole.Presser], "A quarrel."), new IncidentCommand.HandToCaseTeam("Case team", "A theft."),
        new IncidentCommand.Handle("Done."), new IncidentCommand.Dispatch([IncidentStory.Officer], 12),
    ];

    [Theory]
    [MemberData(nameof(ActsOfDesks), DisableDiscoveryEnumeration = true)]
    public void What_another_desk_has_not_seen_refuses_its_command(IncidentCommand act)
    {
        var story = IncidentStory.WithHelpCall().OnScene();
        var seen = story.Current.Version;
        story.Does(act, "desk 2").Refuses(RefusalNames.ChangedMeanwhile, new IncidentCommand.Release(IncidentStory.Volunteer, "Not needed.") { ExpectedVersion = seen });
    }

    [Fact]
    public void A_split_counts_as_an_act_of_its_desk()
    {
        var incident = IncidentStory.WithHelpCall().OnScene().Current;
        var after = IncidentRules.Evolve(incident, new IncidentEvent.SplitOff(IncidentStory.Start, "desk 2", 2, "Two matters."));
        Assert.Equal((incident.Version + 1, "desk 2"), (after.ActedVersion, after.ActedBy));
    }

    [Fact]
    public void Who_looked_again_or_acted_last_is_not_refused()
    {
        var story = IncidentStory.WithHelpCall().OnScene();
        var seen = story.Current.Version;
        story.Does(new IncidentCommand.HandToCaseTeam("Case team", "A theft.")).Does(new IncidentCommand.Handle("Done.") { ExpectedVersion = seen });
        Assert.Equal(Stage.Handled, story.Current.Stage);
    }

    [Fact]
    public void A_second_press_and_a_responders_step_block_no_desk()
    {
        var story = IncidentStory.WithHelpCall().Accepted().Does(Send);
        var seen = story.Current.Version;
        story.PressedAgain(2).Does(new IncidentCommand.EnRoute(IncidentStory.Volunteer), "Volunteer 1")
            .Does(new IncidentCommand.Release(IncidentStory.Volunteer, "Not needed.") { ExpectedVersion = seen });
        Assert.Empty(story.Current.Assignments.Where(assignment => assignment.IsActive));
    }

    [Fact]
    public void The_time_of_the_finger_is_kept_beside_the_time_of_arrival()
    {
        var story = IncidentStory.WithHelpCall().Accepted().Does(Send).After(3_600);
        var tapped = story.Now.AddMinutes(-50);
        story.Does(new IncidentCommand.Arrive(IncidentStory.Volunteer) { TappedAt = tapped });
        Assert.Equal((tapped, story.Now), (story.Events[^1].TappedAt, story.Events[^1].At));

        // A phone whose clock runs ahead a little: nothing is tapped after it arrived.
        story.Does(new IncidentCommand.Note("Quiet.") { TappedAt = story.Now.AddSeconds(IncidentCommand.TapAheadMaxS) });
        Assert.Equal(story.Now, story.Events[^1].TappedAt);
    }

    [Fact]
    public void A_tap_of_another_week_or_of_the_future_is_refused()
    {
        var story = IncidentStory.WithHelpCall().Accepted().Does(Send);
        story.Refuses(RefusalNames.OutOfBounds, new IncidentCommand.EnRoute(IncidentStory.Volunteer) { TappedAt = story.Now.AddDays(-IncidentCommand.TapAgeMaxDays).AddSeconds(-1) });
        story.Refuses(RefusalNames.OutOfBounds, new IncidentCommand.EnRoute(IncidentStory.Volunteer) { TappedAt = story.Now.AddSeconds(IncidentCommand.TapAheadMaxS + 1) });
    }
}
