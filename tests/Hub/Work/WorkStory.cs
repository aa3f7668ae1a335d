using System.Collections.Immutable;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Work;

namespace Gateway.Hub.Tests.Work;

/// <summary>A piece of work told as a story: commands with times, and what became of it. Every event goes through its JSON, as in the store.</summary>
internal sealed class WorkStory(Station? station = null)
{
    private readonly List<WorkEvent> _events = [];

    public DateTimeOffset Now { get; set; } = TestTime.Start;

    public Station Station { get; } = station ?? Seeds.Sumitu;

    public WorkItem? Item { get; private set; }

    public IReadOnlyList<WorkEvent> Events => _events;

    public T As<T>() where T : WorkItem => Assert.IsType<T>(Item);

    public WorkStory After(TimeSpan wait)
    {
        Now += wait;
        return this;
    }

    public WorkStory Do(WorkCommand command, string actor = "desk")
    {
        var decision = Decide(command, actor);
        Assert.True(decision.Refusal is null, $"{command}: refused as {decision.Refusal}");
        foreach (var happened in decision.Events)
        {
            var read = WorkJson.ReadEvent(WorkJson.Write(happened));
            _events.Add(read);
            Item = WorkJson.ReadItem(WorkJson.Write(WorkRules.Evolve(Item, read)));
        }

        return this;
    }

    public WorkStory Refused(string name, WorkCommand command, string actor = "desk")
    {
        var refusal = Decide(command, actor).Refusal;
        Assert.True(refusal?.Name == name, $"{command}: expected {name}, was {refusal?.Name ?? "done"}");
        return this;
    }

    private WorkDecision Decide(WorkCommand command, string actor) => WorkRules.Decide(command.Opens ? null : Item, command, new WorkContext(Now, actor, Station, 1));
}
