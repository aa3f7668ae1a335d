using System.Collections.Immutable;
using System.Diagnostics;
using Gateway.Hub.Stations;

namespace Gateway.World.Scenarios;

/// <summary>Why a scenario cannot be said to a running hub: found before anything happens there.</summary>
/// <param name="Line">In the scenario's file; 0 for the whole.</param>
public sealed record LiveRefusal(int Line, string Name, string Text)
{
    public override string ToString() => $"{(Line > 0 ? $"line {Line}: " : "")}{Name}: {Text}";
}

/// <summary>
/// Runs a scenario against a running hub with virtual boards of the real firmware, in real time: a wait is waited, and an expectation has <see cref="PatienceS"/> seconds
/// to come true, since what it speaks of travels over real sockets. Time cannot be made shorter for a hub that runs, so long stories are refused.
/// </summary>
public static class LiveRun
{
    /// <summary>How long an expectation may take to come true, and a call to be there, s.</summary>
    public const int PatienceS = 5;

    /// <summary>All waits of a story together, unless another bound is asked for, s.</summary>
    public const int LongestS = 120;

    private const int LookAgainMs = 100;

    /// <summary>What of a scenario no running hub can do, by name; empty when it can be run.</summary>
    public static IReadOnlyList<LiveRefusal> Judge(Scenario scenario, int longestS)
    {
        var refusals = new List<LiveRefusal>();
        if (!scenario.Stations.IsOne)
        {
            refusals.Add(new(0, "several-stations", "it tells of several stations in one hub: who sees what is played in simulated time only"));
        }

        foreach (var step in scenario.Steps)
        {
            if (!step.Phrase.IsLive)
            {
                refusals.Add(new(step.Line, "not-live", $"a running hub cannot be asked this: {step.Sentence}"));
            }
            else if (step.Wait.IsUntil)
            {
                refusals.Add(new(step.Line, "day-clock", "a running hub has its own date: say \"after\" and a time"));
            }
            else if (step is { Kind: StepKind.Refused, Refusal: "not-allowed" })
            {
                refusals.Add(new(step.Line, "one-token", "everybody acts by one token: rights cannot be told apart"));
            }
            else if (step.Phrase.Pattern.Contains("{zone}", StringComparison.Ordinal) && LiveScene.InputOf(step.Words.Choice<ZoneKind>("zone"), step.Words["zone"]) is null)
            {
                refusals.Add(new(step.Line, "no-input", $"a virtual board has no input for {step.Words["zone"]}"));
            }
        }

        var waits = scenario.Steps.Sum(step => step.Wait.For.TotalSeconds);
        if (waits > longestS)
        {
            refusals.Add(new(0, "too-long", FormattableString.Invariant($"it waits {waits:0} s altogether, and at most {longestS} s are allowed (--longest)")));
        }

        return refusals;
    }

    /// <summary>Runs it, or says why not: then nothing has happened.</summary>
    public static async Task<(Verdict? Verdict, IReadOnlyList<LiveRefusal> Refusals)> RunAsync(Scenario scenario, LiveTarget target, int longestS, CancellationToken cancellation)
    {
        var refusals = Judge(scenario, longestS);
        if (refusals.Count > 0)
        {
            return (null, refusals);
        }

        using var scene = new LiveScene(scenario.Station, target, TimeProvider.System);
        if (Look(scenario, scene) is { } wrong)
        {
            return (null, [wrong]);
        }

        var watch = Stopwatch.StartNew();
        var steps = ImmutableArray.CreateBuilder<StepVerdict>();
        foreach (var step in scenario.Steps)
        {
            await Task.Delay(step.Wait.For, cancellation);
            var (expected, happened, held) = await TakeAsync(scene, step, cancellation);
            steps.Add(new StepVerdict(step.Line, scene.Now.ToOffset(scenario.Station.UtcOffset), step.Sentence, expected, happened, held));
        }

        return (new Verdict(scenario.Name, scenario.Title, scenario.Sources, scenario.StationIds, steps.ToImmutable(), watch.Elapsed.TotalDays, watch.Elapsed.TotalSeconds), []);
    }

    /// <summary>Is it the right hub, and at rest?</summary>
    private static LiveRefusal? Look(Scenario scenario, LiveScene scene)
    {
        if (scene.StationId != scenario.Station.Id)
        {
            return new(0, "other-station", $"the hub runs {scene.StationId}, and the scenario is of {scenario.Station.Id}");
        }

        // Only those that the story touches: others may be off.
        var touched = scenario.Steps.Where(step => step.Phrase.Pattern.Contains("{place}", StringComparison.Ordinal)).Select(step => scene.DeviceAt(step.Words["place"])).ToHashSet(StringComparer.Ordinal);
        if (touched.Except(scene.Boards).Order(StringComparer.Ordinal).FirstOrDefault() is { } off)
        {
            return new(0, "board-off", $"the virtual board {off} does not run");
        }

        return scene.OpenCalls > 0 ? new(0, "not-at-rest", $"{scene.OpenCalls} calls are open: a story begins with none") : null;
    }

    private static async Task<(string Expected, string Happened, bool Held)> TakeAsync(LiveScene scene, ScenarioStep step, CancellationToken cancellation)
    {
        var expected = step.Kind switch
        {
            StepKind.Do => "that it is done",
            StepKind.Refused => $"a refusal as {step.Refusal}",
            _ => $"that {step.Sentence}",
        };
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var isLast = Stopwatch.GetElapsedTime(since).TotalSeconds >= PatienceS;
            try
            {
                scene.Notice();
                scene.Subject = step.Call ?? scene.Subject;
                if (step.Phrase.Look is { } look)
                {
                    var finding = look(scene, step.Words);
                    if (finding.Holds || isLast)
                    {
                        return (expected, finding.Happened, finding.Holds);
                    }
                }
                else
                {
                    var refusal = step.Phrase.Act!(scene, step.Words);
                    return (expected, refusal is null ? "done" : $"refused as {refusal.Name}: {refusal.Text}", step.Kind == StepKind.Refused ? refusal?.Name == step.Refusal : refusal is null);
                }
            }
            catch (Exception e) when (e is SceneException or HttpRequestException)
            {
                // The call of which it speaks may still be on its way.
                if (isLast)
                {
                    return (expected, e.Message, false);
                }
            }

            await Task.Delay(LookAgainMs, cancellation);
        }
    }
}
