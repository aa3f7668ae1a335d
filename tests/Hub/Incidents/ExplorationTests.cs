using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using static Gateway.Hub.Incidents.IncidentCommand;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>
/// Every state of one incident that any order of commands can reach, with two responders and one other incident to be merged into. Numbers that only grow
/// (versions, times, counts) are left out of the state; every clock is overdue at every step. What goes on beside the stages is explored one thing at a time,
/// and both loops together without escalations: all at once would be millions of states that differ in nothing.
/// </summary>
public sealed class ExplorationTests(ITestOutputHelper output)
{
    private const string First = IncidentStory.Officer;
    private const string Second = IncidentStory.Volunteer;
    private const int StatesMax = 1_000_000;

    /// <summary>What I10 demands, told by the events alone: what the rules think of it is not asked.</summary>
    private readonly record struct Ledger(bool Reported, bool FollowedUp, bool OwesCallBack, bool Merged, bool OwesMediation, bool OwesCase)
    {
        public Ledger After(IncidentEvent happened) => happened switch
        {
            IncidentEvent.Reported { Text.Length: > 0 } => this with { Reported = true },
            IncidentEvent.FollowedUp { Text.Length: > 0, Result: not FollowUpResult.NotMet } or IncidentEvent.FollowUpWaived { Supervisor.Length: > 0, Reason.Length: > 0 } => this with { FollowedUp = true },
            IncidentEvent.Reopened => this with { Reported = false, FollowedUp = false },
            IncidentEvent.Cancelled => this with { OwesCallBack = true },
            IncidentEvent.CalledBack { Result: CallBackResult.PresserSafe } => this with { OwesCallBack = false },
            IncidentEvent.CalledBack { Result: CallBackResult.HelpNeeded } => this with { OwesCallBack = false, Reported = false, FollowedUp = false },
            IncidentEvent.Merged => this with { Merged = true },
            IncidentEvent.Unmerged => this with { Merged = false },
            IncidentEvent.ReferredToMediation => this with { OwesMediation = true },
            IncidentEvent.MediationFollowedUp => this with { OwesMediation = false },
            IncidentEvent.HandedToCaseTeam => this with { OwesCase = true },
            IncidentEvent.CaseFedBack => this with { OwesCase = false },
            _ => this,
        };

        public bool AllowsClose(bool otherIsOpen) => !OwesCallBack && !OwesMediation && !OwesCase && (Merged ? !otherIsOpen : Reported && FollowedUp);
    }

    private sealed record Node(Incident Incident, Ledger Ledger, bool OtherIsOpen, int Depth)
    {
        public string Key { get; } = KeyOf(Incident, Ledger, OtherIsOpen);
    }

    private static readonly StationTargets Targets = IncidentStory.Sumitu.Targets;

    private static readonly ImmutableArray<IncidentCommand> Stages =
    [
        new Accept(), new Accept(new Assessment("Seen.")), new Assess(new Assessment("Seen.")),
        new IncidentCommand.Dispatch([First]), new IncidentCommand.Dispatch([Second]), new IncidentCommand.Dispatch([First, Second]),
        new EnRoute(First), new EnRoute(Second), new Arrive(First), new Arrive(Second), new Release(First, "No answer."), new Release(Second, "No answer."),
        new IncidentCommand.Answer(First), new IncidentCommand.UndoDispatch(), new Handle("Done."), new Report("Done.", Disposition.Helped), new Report("Taken back.", Disposition.CancelledByPresser),
        new FollowUp("Visited."), new WaiveFollowUp("supervisor-1", "Moved away."),
        new CallBack(CallBackResult.PresserSafe, "Is well."), new CallBack(CallBackResult.HelpNeeded, "Needs help."), new CallBack(CallBackResult.NoAnswer, "Rang."),
        new FollowUp("Nobody at home.", [PartyRole.Presser], FollowUpResult.NotMet), new MergeInto(2), new Unmerge("Two rooms."), new Reopen("Too early."), new Note("A word."), new AcknowledgeEscalation(), new Close(),
        new JoinSignal(IncidentStory.Press(seq: 18, call: 17, count: 2), "munkhgol-room"),
        new CancelByPresser(IncidentStory.Press("cancel", 19, 17, state: "normal")), new RestoreBySignal(IncidentStory.Press("reset", 20, 17, state: "normal")),
        .. Enum.GetValues<ClockName>().Select(clock => new Escalate(clock)), new Escalate(ClockName.Accept, Unheard: true),
    ];

    private static readonly ImmutableArray<IncidentCommand> Answers =
        [new Answer(First), new Answer(Second), new RecordCall(First, true), new RecordCall(Second, false), new NoAnswer(Second, 12), new NoAnswer(null, null)];

    private static readonly ImmutableArray<IncidentCommand> MediationLoop =
    [
        new ReferToMediation("mediation room", [PartyRole.Presser, PartyRole.Neighbour], "A fence."), new EndMediation(MediationResult.Agreed, "Agreed."),
        new FollowUpMediation("Kept."),
    ];

    private static readonly ImmutableArray<IncidentCommand> CaseLoop = [new HandToCaseTeam("case team", "A theft."), new TakeCase("2026-17"), new FeedBackCase("Found.")];

    private static readonly ImmutableArray<IncidentCommand> Splitting = [new IncidentCommand.Split("Two matters."), new IncidentCommand.Split("A fire too.", IncidentKind.Smoke)];

    /// <summary>What is explored: the stages, and beside them one thing each. In the last two nothing of the other dimensions moves.</summary>
    private static ImmutableArray<IncidentCommand> Alphabet(string name) => name switch
    {
        "stages" => [.. Stages, .. Splitting],
        "answers" => [.. Stages.Where(command => command is not (Escalate or AcknowledgeEscalation or CancelByPresser or CallBack)), .. Answers],
        "mediation" => [.. Stages.Where(command => command is not (CancelByPresser or CallBack)), .. MediationLoop],
        "case" => [.. Stages.Where(command => command is not (CancelByPresser or CallBack)), .. CaseLoop],
        _ => [.. Stages.Where(command => command is not (Escalate or AcknowledgeEscalation)), .. MediationLoop, .. CaseLoop, .. Splitting],
    };

    [Theory]
    [InlineData("stages")]
    [InlineData("answers")]
    [InlineData("mediation")]
    [InlineData("case")]
    [InlineData("both loops")]
    public void No_state_is_without_exit_and_no_path_to_closed_goes_around_I10(string alphabet)
    {
        var commands = Alphabet(alphabet);
        var start = IncidentStory.WithHelpCall().Current;
        var nodes = new Dictionary<string, Node>();
        var comesFrom = new Dictionary<string, List<string>>();
        var queue = new Queue<Node>();
        var (edges, refusals, closes, deepest) = (0L, 0L, 0L, 0);
        var refusedBy = new SortedDictionary<string, long>();
        Add(new Node(start, default, true, 0), null);

        while (queue.TryDequeue(out var node))
        {
            Assert.True(nodes.Count <= StatesMax, $"more than {StatesMax} states: the state grows without bound");
            deepest = Math.Max(deepest, node.Depth);
            AssertAlive(node, commands);
            if (node.OtherIsOpen)
            {
                Add(node with { OtherIsOpen = false, Depth = node.Depth + 1 }, node.Key);
            }

            foreach (var command in commands)
            {
                var decision = IncidentRules.Decide(node.Incident, command, ContextOf(node));
                if (decision.Refusal is { } refusal)
                {
                    refusals++;
                    refusedBy[refusal.Name] = refusedBy.GetValueOrDefault(refusal.Name) + 1;
                    Assert.True(refusal.Text.Length > 10 && refusal.Text.EndsWith('.') && decision.Events.IsEmpty, refusal.ToString());
                    continue;
                }

                edges++;
                var next = IncidentRules.Evolve(node.Incident, decision.Events);
                if (node.Incident.IsOpen && !next.IsOpen)
                {
                    closes++;
                    Assert.True(node.Ledger.AllowsClose(node.OtherIsOpen), $"closed around I10 by {command} from {node.Key}");
                }

                Assert.True(IsNeighbour(node.Incident.Stage, next.Stage, decision.Events), $"{node.Incident.Stage} -> {next.Stage} by {command}");
                Add(new Node(next, decision.Events.Aggregate(node.Ledger, (ledger, happened) => ledger.After(happened)), node.OtherIsOpen, node.Depth + 1), node.Key);
            }
        }

        output.WriteLine($"{alphabet}: {nodes.Count} states, {edges} changes, {refusals} refusals, {closes} ways to closed, deepest state {deepest} steps from the call");
        output.WriteLine("refused: " + string.Join(", ", refusedBy.Select(pair => $"{pair.Key} {pair.Value}")));
        var stuck = nodes.Keys.Except(ReachBackwards(nodes.Values.Where(node => !node.Incident.IsOpen).Select(node => node.Key), comesFrom)).ToList();
        Assert.True(closes > 0, "no path closes at all");
        Assert.True(stuck.Count == 0, $"{stuck.Count} states from which no path leads to closed, such as {stuck.FirstOrDefault()}");

        void Add(Node node, string? from)
        {
            if (nodes.TryAdd(node.Key, node))
            {
                comesFrom[node.Key] = [];
                queue.Enqueue(node);
            }

            if (from is not null)
            {
                comesFrom[node.Key].Add(from);
            }
        }
    }

    /// <summary>I9: an open incident always has a clock, and one that can still escalate unless it is at the top. A closed one has none and changes no more.</summary>
    private static void AssertAlive(Node node, ImmutableArray<IncidentCommand> commands)
    {
        var clocks = IncidentClocks.All(node.Incident, Targets);
        Assert.True(node.Incident.IsOpen != clocks.IsEmpty, $"{clocks.Length} clocks in {node.Key}");
        Assert.All(clocks, clock => Assert.True(clock.Level != EscalationLevel.None || node.Incident.EscalatedTo == EscalationLevel.BannerSupervisor, node.Key));
        Assert.Equal(node.Incident.IsOpen, commands.Any(command => !IncidentRules.Decide(node.Incident, command, ContextOf(node)).IsRefused));
    }

    /// <summary>Forward one stage per event at most, but for settling from the command room and for a closing duplicate; back only by calling responders off, by reopening, or by a call-back that found need.</summary>
    private static bool IsNeighbour(Stage from, Stage to, ImmutableArray<IncidentEvent> events)
    {
        if (to < from)
        {
            return events.Any(happened => happened is IncidentEvent.Released or IncidentEvent.Reopened or IncidentEvent.CalledBack { Result: CallBackResult.HelpNeeded });
        }

        return to - from <= events.Length
            || (from == Stage.Assessed && to == Stage.Handled)
            || (to == Stage.Closed && events is [IncidentEvent.Closed]);
    }

    private static DecideContext ContextOf(Node node)
    {
        var open = ImmutableDictionary<long, Incident>.Empty.Add(node.Incident.Id, node.Incident);
        open = node.OtherIsOpen ? open.Add(2, node.Incident with { Id = 2, MergedInto = null, MergedAt = null, Stage = Stage.Received }) : open;
        return new DecideContext(IncidentStory.Start.AddDays(60.0 * (node.Depth + 1)), "somebody", Targets, open) { Station = IncidentStory.Sumitu, NextIncidentId = 3 };
    }

    private static HashSet<string> ReachBackwards(IEnumerable<string> ends, Dictionary<string, List<string>> comesFrom)
    {
        var reached = ends.ToHashSet();
        var queue = new Queue<string>(reached);
        while (queue.TryDequeue(out var key))
        {
            foreach (var from in comesFrom[key].Where(reached.Add))
            {
                queue.Enqueue(from);
            }
        }

        return reached;
    }

    private static string KeyOf(Incident incident, Ledger ledger, bool otherIsOpen)
    {
        var sent = incident.Assignments.Where(assignment => assignment.IsActive).OrderBy(assignment => assignment.ResponderId)
            .Select(assignment => $"{assignment.ResponderId}:{(assignment.OnSceneAt is not null ? "there" : assignment.EnRouteAt is not null ? "way" : assignment.AnsweredAt is not null ? "heard" : assignment.UnansweredAt is not null ? "silent" : "sent")}");
        var escalated = incident.Escalations.OrderBy(escalation => escalation.Clock).ThenBy(escalation => escalation.Level)
            .Select(escalation => $"{escalation.Clock}{(int)escalation.Level}{(escalation.AcknowledgedBy is null ? "" : "a")}");
        return $"{incident.Stage}|{incident.AcceptedBy is not null}|{incident.Assessment is not null}|{string.Join(',', sent)}|{string.Join(',', escalated)}"
            + $"|{incident.CancelledAt is not null}{incident.WasCancelled}{incident.CallBackDueSince is not null}|{incident.RestoredAt is not null}|{incident.Disposition}"
            + $"|{incident.FollowUpText is not null}{incident.FollowUpWaiver is not null}|{incident.FollowUpResult}|{LoopsOf(incident)}|{incident.MergedInto}|{ledger}|{otherIsOpen}";
    }

    private static string LoopsOf(Incident incident) =>
        $"{(incident.Mediation is { } mediation ? $"{mediation.EndedAt is not null}{mediation.FollowedUpAt is not null}" : "")}/{(incident.Case is { } file ? $"{file.TakenAt is not null}{file.FedBackAt is not null}" : "")}";
}
