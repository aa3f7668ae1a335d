using Gateway.Hub.Incidents;
using static Gateway.Hub.Incidents.IncidentCommand;
using static Gateway.Hub.Tests.Incidents.IncidentStory;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>[GW-37] The presser is told the truth and nothing else; of a silent call, nothing [GW-38] (I7).</summary>
public sealed class PresserViewTests
{
    [Fact]
    public void Each_stage_is_told_when_it_is_true_and_not_before_GW37()
    {
        var story = WithHelpCall();
        Assert.Null(PresserView.Of(story.Current));
        Tells(story.Does(new Accept()), "accepted");
        Tells(story.Does(new Assess(new Assessment("Seen."))), "accepted");
        Tells(story.Does(new IncidentCommand.Dispatch([Volunteer], 12)), "dispatched", 12);
        Tells(story.Does(new EnRoute(Volunteer)), "enRoute", 12);
        Tells(story.Does(new Arrive(Volunteer)), "onScene");
        Tells(story.Does(new Handle("Done.")), "onScene");
        Tells(story.Does(new Report("Done.", Disposition.Helped)), "onScene");
        Tells(story.Does(new FollowUp("Visited.")), "onScene");
        Tells(story.Does(new Close()), "closed");
    }

    [Fact]
    public void Nobody_is_said_to_have_come_when_it_was_settled_by_telephone() => Tells(WithHelpCall().Accepted().Does(new Handle("By telephone.")), "accepted");

    [Fact]
    public void A_cancelled_call_is_told_as_such_until_someone_has_called_back()
    {
        var story = WithHelpCall().Accepted().CancelledByPresser();

        Tells(story, "cancelled");
        Tells(story.Does(new CallBack(CallBackResult.PresserSafe, "Is well.")), "accepted");
    }

    [Fact]
    public void Of_a_silent_call_nothing_is_ever_told_GW38()
    {
        var story = new IncidentStory().Open(Press("silent", zone: 2));
        foreach (var command in new IncidentCommand[]
        {
            new Accept(), new IncidentCommand.Dispatch([Officer], 80), new EnRoute(Officer), new Arrive(Officer), new Handle("Done."), new Report("Done.", Disposition.CaseOpened),
            new FollowUp("Visited."), new Close(),
        })
        {
            Assert.Null(PresserView.Of(story.Does(command).Current));
        }
    }

    [Fact]
    public void A_door_contact_has_no_presser() => Assert.Null(PresserView.Of(new IncidentStory().Open(Press("door", zone: 3, lane: "event")).Accepted().Current));

    [Fact]
    public void The_presser_of_a_duplicate_is_told_how_the_other_incident_goes_on()
    {
        var target = WithHelpCall().Accepted().Does(new IncidentCommand.Dispatch([Officer], 45)).Current with { Id = 2 };
        var merged = WithHelpCall().Current with { MergedInto = 2, MergedAt = Start };

        Assert.Equal(new PresserView("dispatched", 45), PresserView.Of(merged, target));
    }

    [Fact]
    public void A_call_that_was_taken_back_says_nothing_of_another_one_in_the_same_room_GW37()
    {
        var story = IncidentStory.WithHelpCall().PressedAgain(1, call: 9).CancelledByPresser().Accepted();
        var (cancelled, standing) = (story.Current.Calls[0], story.Current.Calls[1]);

        Assert.Equal(new PresserView("cancelled", null), PresserView.Of(story.Current, call: cancelled));
        Assert.Equal(new PresserView("accepted", null), PresserView.Of(story.Current, call: standing));
        Assert.Null(story.Current.CancelledAt);
        Assert.NotNull(story.Current.CallBackDueSince);
    }

    private static void Tells(IncidentStory story, string stage, int? etaMin = null) => Assert.Equal(new PresserView(stage, etaMin), PresserView.Of(story.Current));
}
