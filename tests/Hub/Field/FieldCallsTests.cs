using System.Collections.Immutable;
using Gateway.Hub.Fleet;
using Gateway.Hub.Field;
using Gateway.Hub.Incidents;
using Gateway.Hub.Tests.Incidents;

namespace Gateway.Hub.Tests.Field;

/// <summary>What a responder's phone is told, and nothing beyond it.</summary>
public sealed class FieldCallsTests
{
    [Fact]
    public void Only_those_who_are_sent_and_not_called_off_see_a_call()
    {
        var story = IncidentStory.WithHelpCall().Accepted().Does(new IncidentCommand.Dispatch([IncidentStory.Volunteer], 12));
        Assert.Single(CallsOf(story, IncidentStory.Volunteer));
        Assert.Empty(CallsOf(story, IncidentStory.Officer));

        story.Does(new IncidentCommand.Release(IncidentStory.Volunteer, "Another is nearer."));
        Assert.Empty(CallsOf(story, IncidentStory.Volunteer));
    }

    [Fact]
    public void The_step_follows_what_the_responder_said()
    {
        var story = IncidentStory.WithHelpCall().Accepted().Does(new IncidentCommand.Dispatch([IncidentStory.Volunteer], 12));
        Assert.Equal(FieldStep.Sent, Step(story));
        Assert.Equal(FieldStep.Accepted, Step(story.Does(new IncidentCommand.Answer(IncidentStory.Volunteer))));
        Assert.Equal(FieldStep.EnRoute, Step(story.Does(new IncidentCommand.EnRoute(IncidentStory.Volunteer))));
        Assert.Equal(FieldStep.OnScene, Step(story.Does(new IncidentCommand.Arrive(IncidentStory.Volunteer))));
    }

    [Fact]
    public void A_call_says_who_else_comes_and_how_far_they_are()
    {
        var story = IncidentStory.WithHelpCall().Accepted()
            .Does(new IncidentCommand.Dispatch([IncidentStory.Volunteer, IncidentStory.Officer], 12)).Does(new IncidentCommand.EnRoute(IncidentStory.Officer));

        var companion = Assert.Single(Assert.Single(CallsOf(story, IncidentStory.Volunteer)).Companions);
        Assert.Equal(IncidentStory.Sumitu.FindResponder(IncidentStory.Officer)!.Name, companion.Name);
        Assert.Equal(FieldStep.EnRoute, companion.Step);
    }

    /// <summary>I7: nothing that could betray the caller leaves the hub.</summary>
    [Theory]
    [InlineData("help", false)]
    [InlineData("silent", true)]
    public void A_silent_call_shows_no_number_to_ring(string kind, bool isSilent)
    {
        var story = new IncidentStory().Open(IncidentStory.Press(kind)).Accepted().Does(new IncidentCommand.Dispatch([IncidentStory.Volunteer], 12));
        var call = Assert.Single(CallsOf(story, IncidentStory.Volunteer));
        Assert.Equal(isSilent, call.Silent);
        Assert.Equal(isSilent, call.CallBackNumber is null);
    }

    [Fact]
    public void The_nearest_village_stands_for_a_shared_place_and_nothing_does_for_a_far_one()
    {
        var station = IncidentStory.Sumitu;
        Assert.All(station.Villages, village => Assert.Same(village, NearestVillage.Of(station, village.Latitude, village.Longitude)));
        var east = station.Villages.MaxBy(village => village.Longitude)!;
        Assert.Same(east, NearestVillage.Of(station, east.Latitude, east.Longitude + 0.2));
        Assert.Null(NearestVillage.Of(station, east.Latitude, east.Longitude + 2));
        Assert.Null(NearestVillage.Of(station, -90, 0));
    }

    private static FieldStep Step(IncidentStory story) => Assert.Single(CallsOf(story, IncidentStory.Volunteer)).Step;

    private static ImmutableArray<FieldCall> CallsOf(IncidentStory story, string responder) => FieldCalls.Of(
        new HubSnapshot(
            story.Now, 1, "", "", IncidentStory.Sumitu, ImmutableDictionary<long, Incident>.Empty.Add(story.Current.Id, story.Current), ImmutableDictionary<string, GatewayState>.Empty),
        responder);
}
