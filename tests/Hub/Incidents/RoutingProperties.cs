using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Hub.Incidents;
using static Gateway.Hub.Tests.Incidents.IncidentStory;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>I2 under any order of signals and work. A failure prints the script and the seed that replays it (FsCheck's <c>Replay</c>).</summary>
public sealed class RoutingProperties
{
    private static readonly string[] Kinds = ["help", "silent", "cancel", "reset", "smoke", "door", "mains", "fault", "patrol", "quake"];
    private static readonly string[] States = ["alarm", "normal", "open"];

    /// <summary>One step: a signal, or a bit of work on one of the open incidents.</summary>
    public sealed record Step(int Board, int Kind, int State, int Zone, int Call, int AfterS, int Flags, int Work);

    private static readonly Gen<Step> AnyStep =
        from board in Gen.Choose(1, 3)
        from kind in Gen.Choose(0, Kinds.Length - 1)
        from state in Gen.Frequency((6, Gen.Constant(0)), (2, Gen.Constant(1)), (1, Gen.Constant(2)))
        from zone in Gen.Choose(0, 3)
        from call in Gen.Choose(0, 6)
        from afterS in Gen.Elements(1, 30, 600, 4_000)
        from flags in Gen.Frequency((12, Gen.Constant(0)), (1, Gen.Constant(1)), (1, Gen.Constant(2)))
        from work in Gen.Choose(0, 40)
        select new Step(board, kind, state, zone, call, afterS, flags, work);

    [Fact]
    public void Every_alarm_belongs_to_exactly_one_open_incident_of_its_place_and_no_silent_call_meets_another_I2_I7() =>
        Prop.ForAll(Gen.ListOf(AnyStep).ToArbitrary(), script => Run([.. script])).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(80));

    private static void Run(IReadOnlyList<Step> script)
    {
        var open = ImmutableDictionary<long, Incident>.Empty;
        var (now, nextId, sequence) = (Start, 1L, 100u);
        foreach (var step in script)
        {
            now = now.AddSeconds(step.AfterS);
            var signal = SignalOf(step, sequence++, now);
            var route = SignalRouting.Route(signal, Sumitu, open.Values, nextId);
            var (meaning, kind) = SignalKinds.Read(signal);

            Assert.Equal(signal.Test, route.Kind == RouteKind.Test);
            Assert.True(signal.Test || meaning != SignalMeaning.Alarm || route.Kind is RouteKind.Open or RouteKind.Join, $"{signal} went nowhere");
            Assert.Equal(route, SignalRouting.Route(signal, Sumitu, Narrowed(open, signal), nextId));
            if (route.Command is not null)
            {
                open = Apply(open, route.IncidentId, route.Command, now);
                AssertFits(open[route.IncidentId], signal, meaning, kind);
                nextId = route.Kind == RouteKind.Open ? nextId + 1 : nextId;
            }

            open = Work(open, step.Work, now);
        }
    }

    private static void AssertFits(Incident incident, SignalFacts signal, SignalMeaning meaning, IncidentKind kind)
    {
        Assert.True(incident.IsOpen, $"{signal} went into a closed incident");
        Assert.True(meaning != SignalMeaning.Alarm || incident.MergedInto is null, $"{signal} went into a duplicate whose work goes on elsewhere");
        Assert.Equal(meaning == SignalMeaning.Alarm && kind == IncidentKind.Silent, meaning == SignalMeaning.Alarm && incident.IsSilent);
        Assert.InRange(incident.Calls.Length, 0, Incident.CallsMax);
    }

    /// <summary>What the hub may pass instead of all: the incidents of the signal's key, those that hold something of its board, and where their work goes on.</summary>
    private static IEnumerable<Incident> Narrowed(ImmutableDictionary<long, Incident> open, SignalFacts signal)
    {
        var key = SignalRouting.RouteKey(signal, Sumitu);
        var near = open.Values.Where(incident => SignalRouting.RouteKey(incident) == key || SignalRouting.DevicesHeld(incident).Contains(signal.Identity.Device)).ToDictionary(incident => incident.Id);
        for (var added = true; added;)
        {
            added = near.Values.ToList().Exists(incident => incident.MergedInto is { } id && open.TryGetValue(id, out var target) && near.TryAdd(id, target));
        }

        return near.Values;
    }

    private static SignalFacts SignalOf(Step step, uint sequence, DateTimeOffset now)
    {
        var kind = Kinds[step.Kind];
        var isPress = kind is "help" or "silent";
        var call = isPress ? (step.Call == 0 ? sequence : (uint)step.Call) : kind is "cancel" or "reset" ? (uint)step.Call : 0;
        return Press(
            kind, sequence, call, 1 + (step.Call % 3), step.Zone, isPress ? "alarm" : kind is "cancel" or "reset" ? "normal" : States[step.State], $"sumitu-{step.Board:00}",
            receivedAt: now, test: step.Flags == 1, conflict: step.Flags == 2);
    }

    /// <summary>Now and then an incident is merged, handled, or goes the whole way to closed.</summary>
    private static ImmutableDictionary<long, Incident> Work(ImmutableDictionary<long, Incident> open, int work, DateTimeOffset now)
    {
        if (open.IsEmpty || work > 6)
        {
            return open;
        }

        var ids = open.Keys.Order().ToList();
        var id = ids[work % ids.Count];
        IncidentCommand[] commands = work switch
        {
            0 or 1 => [new IncidentCommand.MergeInto(ids[^1])],
            2 or 3 => [new IncidentCommand.Accept(new Assessment("")), new IncidentCommand.Handle("Done.")],
            _ =>
            [
                new IncidentCommand.Accept(new Assessment("")), new IncidentCommand.Handle("Done."), new IncidentCommand.CallBack(CallBackResult.PresserSafe, "Well."),
                new IncidentCommand.Report("Done.", Disposition.NothingFound), new IncidentCommand.FollowUp("Visited."), new IncidentCommand.Close(),
            ],
        };
        foreach (var command in commands)
        {
            var decision = IncidentRules.Decide(open[id], command, new DecideContext(now, "operator", Sumitu.Targets, open));
            if (!decision.IsRefused)
            {
                open = open.SetItem(id, IncidentRules.Evolve(open[id], decision.Events));
            }
        }

        return open[id].IsOpen ? open : open.Remove(id);
    }

    private static ImmutableDictionary<long, Incident> Apply(ImmutableDictionary<long, Incident> open, long id, IncidentCommand command, DateTimeOffset now)
    {
        var incident = open.GetValueOrDefault(id);
        var decision = IncidentRules.Decide(incident, command, new DecideContext(now, "gw", Sumitu.Targets, open));
        Assert.True(decision.Refusal is null, $"{command.GetType().Name} was refused: {decision.Refusal}");
        return open.SetItem(id, IncidentRules.Evolve(incident, decision.Events));
    }
}
