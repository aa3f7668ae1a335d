using System.Globalization;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.World.Kernel;

namespace Gateway.World.People;

/// <summary>
/// The people at the station and those they send: they take calls soon, late, or not before somebody shouts; press a key twice; forget the report. Each
/// incident has one next act in somebody's mind.
/// </summary>
public sealed partial class Operators(Simulation world, Station station) : IActor
{
    /// <summary>One in so many of those who are on their way is called off.</summary>
    private const long CalledOffOneIn = 12;

    /// <summary>One act in so many is a blunder, and one in so many is something beside the way of the work.</summary>
    private const long BlunderOneIn = 16;
    private const long BesideOneIn = 6;

    private const int Acts = 0;
    private const int AsksAgain = 1;
    private const int MergesOn = 2;

    /// <summary>In one close of so many somebody presses again at that moment.</summary>
    private const long PressedAtTheEndOneIn = 48;
    private const long PressedAtTheEndInStormOneIn = 4;

    /// <summary>From a press at the end of the work to the close.</summary>
    private const long ToCloseUs = 4 * VirtualTime.Second;

    /// <summary>After such a press people hurry for so long.</summary>
    private const long HurriedUs = 10 * VirtualTime.Minute;

    private readonly Dictionary<long, Mind> _minds = [];
    private readonly HashSet<long> _inMind = [];

    /// <summary>How many incidents began with the same signal: halves of one that was split, links that were lost again.</summary>
    private readonly Dictionary<string, int> _alike = new(StringComparer.Ordinal);

    /// <summary>The boxes where somebody pressed again while the work was being closed, each with that incident, and until when people hurry.</summary>
    private readonly Dictionary<string, (long Incident, long UntilUs)> _pressedAtTheEnd = new(StringComparer.Ordinal);
    private long _asked;
    private readonly Dictionary<long, (long Incident, IncidentCommand Command, string Actor, long Key)> _unanswered = [];

    /// <summary>
    /// What people think of one incident. Its dice are its own, and named by the signal that began it: without another board, whose incidents had other numbers,
    /// they do the same.
    /// </summary>
    private sealed class Mind(Dice dice, Dice rare)
    {
        public Dice Dice { get; } = dice;

        /// <summary>For what is rare by itself: chains of merges, a press at the very end.</summary>
        public Dice Rare { get; } = rare;

        /// <summary>The presser is not called back before it is to be closed.</summary>
        public bool Forgets { get; } = dice.OneIn(2);

        /// <summary>How many keys were used: a desk counts them anew for each incident, and a key is good for one only.</summary>
        public long Keys { get; set; }
    }

    /// <summary>Commands that were carried out, and that were refused by name.</summary>
    public long Done { get; private set; }

    public long RefusedCount { get; private set; }

    /// <summary>An incident changed: if nobody has it in mind, somebody has now.</summary>
    public void IncidentChanged(long id)
    {
        if (world.Hub.Snapshot?.OpenIncidents.GetValueOrDefault(id) is { } incident && _inMind.Add(id))
        {
            world.Queue.In(DelayOf(MindOf(incident), incident), this, Acts, id);
        }
    }

    private Mind MindOf(Incident incident)
    {
        if (!_minds.TryGetValue(incident.Id, out var mind))
        {
            var name = $"{incident.Kind} {incident.FirstSignal.Identity}";
            var alike = _alike[name] = _alike.GetValueOrDefault(name) + 1;
            _minds.Add(incident.Id, mind = new Mind(new Dice(world.Options.Seed, $"people of {name} {alike}"), new Dice(world.Options.Seed, $"rare of {name} {alike}")));
        }

        return mind;
    }

    void IActor.Happen(int code, long argument)
    {
        if (code == AsksAgain)
        {
            if (_unanswered.Remove(argument, out var asked))
            {
                Ask(asked.Incident, asked.Command, asked.Actor, asked.Key);
            }

            return;
        }

        if (code == MergesOn)
        {
            MergeOn(argument);
            return;
        }

        if (world.Hub.Snapshot is not { } snapshot)
        {
            world.Queue.In(30 * VirtualTime.Second, this, Acts, argument);
            return;
        }

        if (!snapshot.OpenIncidents.TryGetValue(argument, out var incident))
        {
            _inMind.Remove(argument);
            return;
        }

        var mind = MindOf(incident);
        var dice = mind.Dice;
        world.Queue.In(DelayOf(mind, incident), this, Acts, argument);
        var command = dice.OneIn(BlunderOneIn) ? Blunder(dice, incident, snapshot)
            : dice.OneIn(30) && Other(incident, snapshot) is { } other ? new IncidentCommand.MergeInto(other)
            : dice.OneIn(BesideOneIn) && Beside(dice, incident) is { } beside ? beside
            : NextFor(mind, incident);
        command = AsSeen(command, incident, mind.Rare);
        var actor = "operator-" + dice.Between(1, 3).ToString(CultureInfo.InvariantCulture);
        var key = ++mind.Keys;
        world.Trace.Add(Trace.WorldParty, "command", argument, text: command.GetType().Name);
        if (command is IncidentCommand.CallBack { Result: not CallBackResult.NoAnswer })
        {
            world.Oracle.CalledBack(argument);
        }

        if (command is IncidentCommand.Close && incident is { Kind: IncidentKind.Help, Stage: Stage.FollowedUp } && mind.Rare.OneIn(world.Options.Faults == FaultProfile.Storm ? PressedAtTheEndInStormOneIn : PressedAtTheEndOneIn))
        {
            world.Faults.PressAtTheEnd(incident.FirstSignal.Identity.Device, mind.Rare);
            _pressedAtTheEnd[incident.FirstSignal.Identity.Device] = (argument, world.Queue.NowUs + HurriedUs);
            _unanswered.Add(++_asked, (argument, command, actor, key));
            world.Queue.In(ToCloseUs, this, AsksAgain, _asked);
            return;
        }

        Ask(argument, command, actor, key);
        if (command is IncidentCommand.MergeInto)
        {
            world.Faults.Count("incidents merged");
        }

        if (dice.OneIn(20))
        {
            world.Faults.Count("operator acts twice");
            Ask(argument, command, actor, key);
        }
    }

    private void Ask(long incident, IncidentCommand command, string actor, long key) => world.Hub.Execute(
        incident, command, actor, key.ToString(CultureInfo.InvariantCulture), outcome => Answered(incident, command, actor, key, outcome));

    private void Answered(long incident, IncidentCommand command, string actor, long key, Gateway.Hub.CommandOutcome? outcome)
    {
        if (outcome is null)
        {
            // The hub died over it, or was not there: whether it was done nobody knows, so it is asked again under the same key.
            _unanswered.Add(++_asked, (incident, command, actor, key));
            world.Queue.In(_minds[incident].Dice.Between(VirtualTime.Second, 40 * VirtualTime.Second), this, AsksAgain, _asked);
            RefusedCount++;
            return;
        }

        world.Oracle.Answered(key, incident, command, outcome);
        if (outcome.Done)
        {
            Done++;
            world.Oracle.CheckDone(incident, command, actor, outcome.Version);
            if (command is IncidentCommand.MergeInto { IncidentId: var target } && _minds.TryGetValue(target, out var mind) && mind.Rare.OneIn(2))
            {
                world.Queue.In(mind.Rare.Waiting(5 * VirtualTime.Second), this, MergesOn, target);
            }
        }
        else
        {
            RefusedCount++;
            world.Oracle.CheckRefused(incident, command, actor, outcome);
        }
    }

    /// <summary>Who pressed again at the end of the work is known: what that opened is soon over, while the box still knows what it has answered.</summary>
    private long DelayOf(Mind mind, Incident incident)
    {
        var drawn = DrawDelay(mind.Dice);
        return incident.Kind == IncidentKind.Help && _pressedAtTheEnd.TryGetValue(incident.FirstSignal.Identity.Device, out var end) && incident.Id > end.Incident && world.Queue.NowUs < end.UntilUs
            ? Math.Min(drawn, mind.Rare.Between(2, 8) * VirtualTime.Second)
            : drawn;
    }

    private long DrawDelay(Dice dice)
    {
        switch (dice.Between(1, 200))
        {
            case 1:
                world.Faults.Count("operator or responder never acts");
                return 400 * VirtualTime.Day;
            case <= 7:
                world.Faults.Count("operator or responder acts hours late");
                return dice.Waiting(3 * VirtualTime.Hour);
            case <= 40:
                return dice.Waiting(10 * VirtualTime.Minute);
            default:
                return dice.Waiting(20 * VirtualTime.Second);
        }
    }

    /// <summary>Another open incident that looks like the same thing.</summary>
    private long? Other(Incident incident, Gateway.Hub.HubSnapshot snapshot) => snapshot.OpenIncidents.Values
        .Where(other => other.Id != incident.Id && other.Kind == incident.Kind && other.MergedInto is null).OrderBy(other => other.Id).FirstOrDefault()?.Id;

    private IncidentCommand NextFor(Mind mind, Incident incident)
    {
        // Some forget it until the hub refuses to close.
        var dice = mind.Dice;
        var forgets = mind.Forgets && (incident.Stage != Stage.FollowedUp || dice.OneIn(2));
        if (incident.CallBackDueSince is not null && !forgets)
        {
            var result = dice.OneIn(4) ? CallBackResult.NoAnswer : dice.OneIn(3) ? CallBackResult.HelpNeeded : CallBackResult.PresserSafe;
            return new IncidentCommand.CallBack(result, "called back");
        }

        if (incident.MergedInto is not null)
        {
            // Somebody wants the duplicate off the list.
            return new IncidentCommand.Close();
        }

        var sent = incident.Assignments.Where(static assignment => assignment.IsActive).ToList();
        var responder = sent.Count == 0 ? Anyone(dice) : sent[(int)dice.Between(0, sent.Count - 1)].ResponderId;
        return incident.Stage switch
        {
            Stage.Received when incident.AcceptedBy is not null => new IncidentCommand.Assess(new Assessment("a quarrel")),
            Stage.Received => dice.OneIn(2) ? new IncidentCommand.Accept() : new IncidentCommand.Dispatch([Anyone(dice)], (int)dice.Between(2, 40)),
            Stage.Assessed => dice.OneIn(4) ? new IncidentCommand.Handle("settled by telephone") : new IncidentCommand.Dispatch(Some(dice)),
            Stage.Dispatched or Stage.EnRoute when dice.OneIn(CalledOffOneIn) => new IncidentCommand.Release(responder, "needed elsewhere"),
            Stage.Dispatched or Stage.EnRoute when sent.Find(assignment => assignment.ResponderId == responder)?.EnRouteAt is null => new IncidentCommand.EnRoute(responder),
            Stage.Dispatched or Stage.EnRoute => new IncidentCommand.Arrive(responder),
            Stage.OnScene => new IncidentCommand.Handle("talked with everybody"),
            Stage.Handled => new IncidentCommand.Report("all well", Disposition.Helped),
            Stage.Reported => dice.OneIn(2) ? new IncidentCommand.FollowUp("visited") : new IncidentCommand.WaiveFollowUp("supervisor-1", "known false alarm"),
            _ => dice.OneIn(4) ? new IncidentCommand.Close() : LoopOf(incident) ?? new IncidentCommand.Close(),
        };
    }

    private string Anyone(Dice dice) => station.Responders[(int)dice.Between(0, station.Responders.Length - 1)].Id;
}
