using Gateway.Hub.Incidents;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>What is stored must be readable after a restart, at every stage of the work. Found by the simulated world, in which the hub is killed.</summary>
public sealed class JsonTests
{
    [Fact]
    public void A_stored_incident_reads_back_the_same_after_every_step()
    {
        var story = IncidentStory.WithHelpCall();
        AssertReadsBack(story);
        story.Does(new IncidentCommand.Accept(new Assessment("a quarrel")));
        AssertReadsBack(story);

        // Nobody said when they will be there: a null that is not written.
        story.Does(new IncidentCommand.Dispatch([IncidentStory.Officer]));
        AssertReadsBack(story);
        story.Does(new IncidentCommand.EnRoute(IncidentStory.Officer));
        AssertReadsBack(story);
        story.Does(new IncidentCommand.Arrive(IncidentStory.Officer));
        AssertReadsBack(story);
    }

    private static void AssertReadsBack(IncidentStory story)
    {
        var json = IncidentJson.Write(story.Current);
        Assert.Equal(json, IncidentJson.Write(IncidentJson.ReadIncident(json)));
        foreach (var happened in story.Events)
        {
            var text = IncidentJson.Write(happened);
            Assert.Equal(text, IncidentJson.Write(IncidentJson.ReadEvent(text)));
        }
    }
}
