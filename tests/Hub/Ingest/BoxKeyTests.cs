using System.Text.Json;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Webhooks;
using static Gateway.Hub.Incidents.IncidentCommand;
using static Gateway.Hub.Tests.Ingest.AlertingStory;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>A key that is turned at a box which sounds: whose answer that is, and whose it is not [GW-46].</summary>
public sealed class BoxKeyTests
{
    [Fact]
    public void A_key_turned_at_the_box_that_calls_a_responder_is_their_answer_and_no_more_GW46()
    {
        using var hub = HubOf(Called(Caller));
        var box = Ring(hub, Caller);
        hub.Advance(20);
        Turn(hub, box, hub.Now);

        var incident = Only(hub);
        Assert.Equal(new Reach(Caller, ReachChannel.Box, ReachState.Answered, hub.Now, NeighbourBox), Assert.Single(incident.Reaches));
        var sent = Assert.Single(incident.Assignments);
        Assert.True(sent is { AnsweredAt: not null, EnRouteAt: null });
        Assert.Equal(Stage.Dispatched, incident.Stage);
        hub.Advance(Seeds.Sumitu.Targets.AnswerS * 2);
        Assert.Null(Assert.Single(Only(hub).Assignments).UnansweredAt);
    }

    [Theory]
    [InlineData(60 + 60 + 4, true)]
    [InlineData(60 + 60 + 6, false)]
    public void A_key_answers_within_the_time_of_the_sound_however_late_the_news_comes_GW46(int turnedAfterS, bool answers)
    {
        using var hub = HubOf(Called(Caller));
        var box = Ring(hub, Caller);
        var turned = hub.Now.AddSeconds(turnedAfterS);
        hub.Advance(900);
        Turn(hub, box, turned);

        Assert.Equal(answers ? ReachState.Answered : ReachState.Delivered, Only(hub).Reaches.Single(reach => reach.ResponderId == Caller).State);
    }

    [Fact]
    public void A_key_at_a_box_that_calls_two_reaches_both_and_answers_for_neither_GW46()
    {
        const string other = "bayanbulag-volunteer-2";
        using var hub = HubOf(Called(Caller, other));
        var box = Ring(hub, Caller, other);
        Turn(hub, box, hub.Now);

        Assert.All(Only(hub).Reaches, reach => Assert.Equal(ReachState.Answered, reach.State));
        Assert.All(Only(hub).Assignments, assignment => Assert.Null(assignment.AnsweredAt));
    }

    [Fact]
    public void A_key_where_nothing_sounds_and_one_turned_under_test_answer_nothing_GW46()
    {
        using var hub = HubOf(Called(Caller));
        var box = Ring(hub, Caller);
        Turn(hub, hub.Board, hub.Now);
        Turn(hub, box, hub.Now, test: true);

        Assert.Equal(ReachState.Delivered, Assert.Single(Only(hub).Reaches).State);
    }

    [Fact]
    public void After_a_restart_of_the_hub_a_key_still_answers_GW46()
    {
        using var hub = HubOf(Called(Caller));
        var box = Ring(hub, Caller);
        hub.Restart();
        hub.Advance(10);
        Turn(hub, box, hub.Now);

        Assert.Equal(ReachState.Answered, Assert.Single(Only(hub).Reaches).State);
    }

    [Fact]
    public void A_neighbour_who_turns_the_key_is_on_the_incident_and_is_nobodys_acceptance_GW46()
    {
        using var hub = HubOf(Watching(consent: true));
        var neighbour = Born(hub, NeighbourBox);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Advance(30);
        Turn(hub, neighbour, hub.Now);

        Assert.Equal([NeighbourBox], Only(hub).Watch!.Answered);
        Assert.Equal((Stage.Received, null), (Only(hub).Stage, Only(hub).Watch!.StoppedAt));
        var answered = Assert.Single(hub.Queries.FindIncident(Only(hub).Id)!.Timeline, entry => entry.Event is IncidentEvent.WatchAnswered);
        Assert.Equal("gw/" + NeighbourBox, answered.Event.Actor);
    }

    /// <summary>No neighbours, and the neighbour's box calls these responders.</summary>
    private static Station Called(params string[] responders) => Seeds.Sumitu with
    {
        WatchGroups = [], Responders = [.. Seeds.Sumitu.Responders.Select(responder => responders.Contains(responder.Id) ? responder with { BoxDevice = NeighbourBox } : responder)],
    };

    /// <summary>A call for which these are sent, and the box that sounds for them.</summary>
    private static TestBoard Ring(CoreHarness hub, params string[] responders)
    {
        var box = Born(hub, NeighbourBox);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Execute(Only(hub).Id, new IncidentCommand.Dispatch([.. responders], 10));
        var n = 0;
        foreach (var command in hub.TakeSent("command").Where(command => Name(command) == "annunciate"))
        {
            hub.Receive("result", box.Result(command.GetProperty("id").GetString()!, n: ++n), box);
        }

        return box;
    }

    private static void Turn(CoreHarness hub, TestBoard box, DateTimeOffset at, bool test = false) => hub.Receive(
        "signal", box.Signal(1, "acknowledge", 0, "normal", 0, lane: "event", detail: "key", at: at.ToUnixTimeMilliseconds(), clock: "synced", test: test), box);
}
