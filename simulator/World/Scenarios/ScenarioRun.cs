using System.Collections.Immutable;
using System.Diagnostics;

namespace Gateway.World.Scenarios;

/// <summary>Runs a scenario against the real rules in simulated time, and says for each step what was expected and what happened.</summary>
public static class ScenarioRun
{
    public static Verdict Run(Scenario scenario)
    {
        var watch = Stopwatch.StartNew();
        using var hub = new ScenarioHub(scenario.Stations, scenario.Boards, scenario.Begins);
        var scene = new Scene(hub);
        var steps = ImmutableArray.CreateBuilder<StepVerdict>();
        foreach (var step in scenario.Steps)
        {
            var (expected, happened, held) = Take(scene, scenario, step);
            scene.Notice();
            steps.Add(new StepVerdict(step.Line, hub.Now.ToOffset(scenario.Station.UtcOffset), step.Sentence, expected, happened, held));
        }

        return new Verdict(
            scenario.Name, scenario.Title, scenario.Sources, scenario.StationIds, steps.ToImmutable(), (hub.Now - scenario.Begins).TotalDays, watch.Elapsed.TotalSeconds);
    }

    private static (string Expected, string Happened, bool Held) Take(Scene scene, Scenario scenario, ScenarioStep step)
    {
        var expected = step.Kind switch
        {
            StepKind.Do => "that it is done",
            StepKind.Refused => $"a refusal as {step.Refusal}",
            _ => $"that {step.Sentence}",
        };
        try
        {
            if (Wait(scene.Hub, scenario, step.Wait) is { } late)
            {
                return (expected, late, false);
            }

            // A call that came while time passed is the one that is spoken of now.
            scene.Notice();
            scene.Subject = step.Call ?? scene.Subject;
            if (step.Phrase.Look is { } look)
            {
                var finding = look(scene, step.Words);
                return (expected, finding.Happened, finding.Holds);
            }

            var refusal = step.Phrase.Act!(scene, step.Words);
            return (expected, refusal is null ? "done" : $"refused as {refusal.Name}: {refusal.Text}", step.Kind == StepKind.Refused ? refusal?.Name == step.Refusal : refusal is null);
        }
        catch (SceneException e)
        {
            return (expected, e.Message, false);
        }
    }

    private static string? Wait(ScenarioHub hub, Scenario scenario, StepWait wait)
    {
        var span = wait.For;
        if (wait.IsUntil)
        {
            var offset = scenario.Station.UtcOffset;
            var begins = scenario.Begins.ToOffset(offset);
            span = new DateTimeOffset(begins.Date.AddDays(wait.Day - 1) + wait.At.ToTimeSpan(), offset) - hub.Now;
            if (span < TimeSpan.Zero)
            {
                return $"that moment is over: it is {hub.Now.ToOffset(offset):yyyy-MM-dd HH:mm:ss}";
            }
        }

        hub.Pass(span);
        return null;
    }
}
