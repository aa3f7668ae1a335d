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
/// to come true, since what it speaks of travels over real sockets. Time cannot be made shorter for a hub that runs; but people can be quicker than in the story (brisk).
/// </summary>
public static class LiveRun
{
    /// <summary>How long an expectation may take to come true, and a call to be there, s.</summary>
    public const int PatienceS = 5;

    /// <summary>All waits of a story together, unless another bound is asked for, s.</summary>
    public const int LongestS = 120;

    /// <summary>How long people wait at most before they do something, in a brisk run, s.</summary>
    public const int BriskS = 3;

    /// <summary>How long a demo that was just started may take to link the boards of a story, s.</summary>
    private const int LinkS = 30;

    private const int LookAgainMs = 100;

    /// <summary>
    /// The story as it will be told: in a brisk run nobody waits longer than <see cref="BriskS"/> before they do something. What is expected after a time gets all of it.
    /// </summary>
    public static Scenario AtPace(Scenario scenario, bool isBrisk) => !isBrisk ? scenario : scenario with
    {
        Steps = [.. scenario.Steps.Select(step => step.Phrase.IsCheck || step.Wait.For.TotalSeconds <= BriskS ? step : step with { Wait = new StepWait(TimeSpan.FromSeconds(BriskS), 0, default) })],
    };

    /// <summary>What of a story no running hub can do, by name; empty when it can be run.</summary>
    /// <param name="told">As it will be told: <see cref="AtPace"/>.</param>
    /// <param name="begins">When it is to begin: at another hour others are on duty.</param>
    public static IReadOnlyList<LiveRefusal> Judge(Scenario told, int longestS, DateTimeOffset begins)
    {
        var refusals = told.Steps.Select(Limit).OfType<LiveRefusal>().ToList();
        var waits = told.Steps.Sum(step => step.Wait.For.TotalSeconds);
        if (waits > longestS)
        {
            refusals.Add(new(0, "too-long", FormattableString.Invariant($"it waits {waits:0} s altogether, and at most {longestS} s are allowed (--longest)")));
        }

        return refusals.Count > 0 ? refusals : Rehearse(told, begins);
    }

    /// <summary>Runs it, or says why not: then nothing has happened.</summary>
    public static async Task<(Verdict? Verdict, IReadOnlyList<LiveRefusal> Refusals)> RunAsync(Scenario scenario, LiveTarget target, int longestS, bool isBrisk, CancellationToken cancellation)
    {
        var told = AtPace(scenario, isBrisk);
        var refusals = Judge(told, longestS, TimeProvider.System.GetUtcNow());
        if (refusals.Count > 0)
        {
            return (null, refusals);
        }

        using var hub = new LiveHub(target);
        LiveScene scene;
        try
        {
            scene = new LiveScene(told, hub, TimeProvider.System);
            if (await LookAsync(told, scene, cancellation) is { } wrong)
            {
                return (null, [wrong]);
            }
        }
        catch (SceneException e)
        {
            return (null, [new(0, "no-demo", $"this is no demo with a hub and boards: {e.Message}")]);
        }

        var watch = Stopwatch.StartNew();
        var steps = ImmutableArray.CreateBuilder<StepVerdict>();
        foreach (var step in told.Steps)
        {
            await Task.Delay(step.Wait.For, cancellation);
            var (expected, happened, held) = await TakeAsync(scene, step, cancellation);
            steps.Add(new StepVerdict(step.Line, scene.Now.ToOffset(told.Station.UtcOffset), step.Sentence, expected, happened, held));
        }

        return (new Verdict(told.Name, told.Title, told.Sources, told.StationIds, steps.ToImmutable(), watch.Elapsed.TotalDays, watch.Elapsed.TotalSeconds)
        {
            Told = isBrisk ? "live and brisk" : "live",
        }, []);
    }

    private static LiveRefusal? Limit(ScenarioStep step) =>
        step.Phrase.LimitOf(step.Words) is { } limit ? new(step.Line, limit.Name, $"{limit.Why}: {step.Sentence}")
        : step.Wait.IsUntil ? new(step.Line, "day-clock", "a running hub has its own date: say \"after\" and a time")
        : step.Phrase.Pattern.Contains("{zone} sensor", StringComparison.Ordinal) && LiveScene.InputOf(step.Words.Choice<ZoneKind>("zone"), step.Words["zone"]) is null
            ? new(step.Line, "no-input", $"a virtual board has no input for {step.Words["zone"]}")
        : null;

    /// <summary>
    /// Played first, in simulated time, from the very moment and at the very pace at which it will be told: what rests on an hour or on people's time does not come true there.
    /// </summary>
    private static LiveRefusal[] Rehearse(Scenario told, DateTimeOffset begins)
    {
        var wrong = ScenarioRun.Run(told with { Begins = begins }).Steps.FirstOrDefault(step => !step.Held);
        return wrong is null ? [] : [new(wrong.Line, "would-not-hold", $"played from now on and at this pace it fails: expected {wrong.Expected}, but: {wrong.Happened}")];
    }

    /// <summary>Is it the right hub, at rest, with the boards that the story touches? Others may be off.</summary>
    private static async Task<LiveRefusal?> LookAsync(Scenario told, LiveScene scene, CancellationToken cancellation)
    {
        if (!told.Stations.Stations.Select(station => station.Id).ToHashSet(StringComparer.Ordinal).SetEquals(scene.StationIds))
        {
            return new(0, "other-station", $"the hub runs {string.Join(" and ", scene.StationIds)}; the scenario needs: demo --station {told.StationIds.Replace('+', ' ')}");
        }

        if (scene.OpenCalls > 0)
        {
            return new(0, "not-at-rest", $"{scene.OpenCalls} calls are open: a story begins with none");
        }

        var touched = told.Steps.Any(step => step.Phrase.Pattern.EndsWith("in every room", StringComparison.Ordinal))
            ? told.Boards.ToHashSet(StringComparer.Ordinal)
            : told.Steps.Where(step => step.Phrase.Pattern.Contains("{place}", StringComparison.Ordinal)).Select(step => scene.DeviceAt(step.Words["place"])).ToHashSet(StringComparer.Ordinal);
        for (var since = Stopwatch.GetTimestamp(); ; await Task.Delay(LookAgainMs, cancellation))
        {
            var off = touched.Except(scene.LinkedBoards).Order(StringComparer.Ordinal).FirstOrDefault();
            if (off is null || Stopwatch.GetElapsedTime(since).TotalSeconds >= LinkS)
            {
                return off is null ? null : new(0, "board-off", $"the virtual board {off} does not run, or has no link to the hub");
            }
        }
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
