using System.Collections.Immutable;
using System.Globalization;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;

namespace Gateway.World.Scenarios;

/// <summary>What can be expected of calls: their stage, clocks, suggestions, what the button shows, who was told.</summary>
internal static class CallChecks
{
    public static ImmutableArray<Phrase> All { get; } =
    [
        Phrase.See("the call is {stage}", static (s, w) => Same(s.Call.Stage, w.Choice<Stage>("stage"))),
        Phrase.See("the call is about {kind}", static (s, w) => Same(s.Call.Kind, w.Choice<IncidentKind>("kind"))),
        Phrase.See("the call comes from {place}", static (s, w) => Same(s.Call.CallPointId, w["place"])),
        Phrase.See("the call belongs to {station}", static (s, w) => Same(s.Call.StationId, w["station"])),
        Phrase.See("{who} sees {n} open calls", static (s, w) => Same(s.OpenCallsSeenBy(w["who"]), w.Number())),
        Phrase.See("the call weighs {n} presses", static (s, w) => Same(s.Call.Weight, w.Number())),
        Phrase.See("{n} calls are open", static (s, w) => Same(s.OpenCalls, w.Number())),
        Phrase.See("the first suggested is {responder} in {n} min", static (s, w) => First(s, w["responder"], w.Number())),
        Phrase.See("the hub suggests {responders}", static (s, w) => SameSet(Recommended(s), w.List("responders"))),
        Phrase.See("{responder} is suggested for {reason}", static (s, w) => Reason(s, w["responder"], w["reason"])),
        Phrase.See("every open call has a {role} of its own village first", static (s, w) => OwnVillageFirst(s, w["role"])),
        Phrase.See("the responders of the call are {responders}", static (s, w) =>
            SameSet([.. s.Call.Assignments.Where(assignment => assignment.IsActive).Select(assignment => assignment.ResponderId)], w.List("responders"))),
        Phrase.See("the {clock} clock runs out in {duration}", static (s, w) => Clock(s, w.Choice<ClockName>("clock"), w.Duration())),
        Phrase.See("the {clock} clock has reached the {level}", static (s, w) => Escalated(s, w.Choice<ClockName>("clock"), w.Choice<EscalationLevel>("level"))),
        Phrase.See("nothing of the call has escalated", static (s, _) => Same(s.Call.EscalatedTo, EscalationLevel.None)),
        Phrase.See("the button at {place} shows {shown}", static (s, w) => Same(s.ShownAt(w["place"]), w["shown"])),
        Phrase.See("the button at {place} shows {shown} in {n} min", static (s, w) =>
            Same($"{s.BoardAt(w["place"]).Shown} in {s.BoardAt(w["place"]).ShownEtaMin?.ToString(CultureInfo.InvariantCulture) ?? "?"} min", $"{w["shown"]} in {w.Number()} min")).NotLive(LiveLimit.NotShown),
        Phrase.See("the button at {place} shows nothing", static (s, w) => Same(s.ShownAt(w["place"]), "")),
        Phrase.See("the box at {place} sounds for the neighbours", static (s, w) => Same(s.SoundsAt(w["place"]), true)),
        Phrase.See("the box at {place} is quiet", static (s, w) => Same(s.IsQuietAt(w["place"]), true)),
        Phrase.See("the annunciator at {place} sounds", static (s, w) => Same(s.AnnunciatesAt(w["place"]), true)),
        Phrase.See("the annunciator at {place} is silent", static (s, w) => Same(s.IsSilentAt(w["place"]), true)),
        Phrase.See("the box at {place} has called its responder", static (s, w) => Same(s.HasCalled(w["place"]), true)),
        Phrase.See("{responder} was told as {why}", static (s, w) => Told(s, w["responder"], w.Choice<InformReason>("why"))),
        Phrase.See("{responder} was reached by the box at {place}", static (s, w) => ReachedBy(s, w["responder"], w["place"])),
        Phrase.See("the neighbours at {place} have answered", static (s, w) => NeighboursAnswered(s, w["place"])),
        Phrase.See("the county and the prefecture know the call", static (s, _) => LevelsKnow(s)).NotLive(LiveLimit.NotShown),
        Phrase.See("the report says {disposition}", static (s, w) => Same(s.Call.Disposition, w.Choice<Disposition>("disposition"))),
        Phrase.See("the mediation is {mediation}", static (s, w) => Same(s.Call.Mediation?.Result, w.Choice<MediationResult>("mediation"))),
    ];

    public static Finding Same<T>(T happened, T expected) => new(EqualityComparer<T>.Default.Equals(happened, expected), Say(happened));

    public static Finding AtLeast(double happened, double least) => new(happened >= least, Say(happened));

    public static Finding SameSet(IReadOnlyCollection<string> happened, IReadOnlyCollection<string> expected) =>
        new(happened.Count == expected.Count && expected.All(happened.Contains), Lists.Join(happened));

    public static string Say<T>(T value) => value switch
    {
        null => "nothing",
        "" => "nothing",
        bool isSo => isSo ? "yes" : "no",
        Enum name => WordTypes.Camelled(name),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static Finding First(Scene scene, string responder, int minutes)
    {
        var first = scene.Suggestions().FirstOrDefault();
        return new(first is not null && first.Responder.Id == responder && first.EtaMinutes == minutes, first is null ? "nobody" : $"{first.Responder.Id} in {first.EtaMinutes} min");
    }

    private static List<string> Recommended(Scene scene) => [.. scene.Suggestions().Where(suggestion => suggestion.Recommended).Select(suggestion => suggestion.Responder.Id)];

    private static Finding Reason(Scene scene, string responder, string reason)
    {
        var reasons = scene.Suggestions().FirstOrDefault(suggestion => suggestion.Responder.Id == responder)?.Reasons.Select(entry => entry.Key).ToList() ?? [];
        return new(reasons.Contains(reason), Lists.Join(reasons));
    }

    private static Finding OwnVillageFirst(Scene scene, string role)
    {
        var open = scene.OpenIncidents();
        var odd = open.Select(incident => (incident, First: scene.Suggestions(incident)[0].Responder))
            .Where(entry => WordTypes.Camelled(entry.First.Role) != role || entry.First.VillageId != entry.incident.VillageId).ToList();
        return new(odd.Count == 0, odd.Count == 0 ? $"in all {open.Count}" : $"not in {odd.Count}, as in call {odd[0].incident.Id}: {odd[0].First.Id}");
    }

    private static Finding Clock(Scene scene, ClockName clock, TimeSpan left)
    {
        var clocks = IncidentClocks.All(scene.Call, scene.Stations.Of(scene.Call).Targets);
        return clocks.FirstOrDefault(entry => entry.Clock == clock) is { } due
            ? Left(due.Deadline, scene, left)
            : new(false, $"it does not run; there run: {Lists.Join(clocks.Select(entry => WordTypes.Camelled(entry.Clock)))}");
    }

    /// <summary>How much time is left, to the millisecond where time is played.</summary>
    public static Finding Left(DateTimeOffset dueAt, Scene scene, TimeSpan expected)
    {
        var left = dueAt - scene.Now;
        return new(left <= expected && left >= expected - scene.Slack, Durations.Say(left));
    }

    private static Finding Escalated(Scene scene, ClockName clock, EscalationLevel level)
    {
        var escalation = scene.Call.Escalations.Where(entry => entry.Clock == clock).MaxBy(entry => entry.Level);
        return new(escalation?.Level == level, escalation is null ? "nobody" : $"{WordTypes.Camelled(escalation.Level)}, {Durations.Say(scene.Now - escalation.At)} ago");
    }

    private static Finding Told(Scene scene, string responder, InformReason why)
    {
        var told = scene.Call.Informed.FirstOrDefault(person => person.ResponderId == responder);
        return new(told?.Why == why, told is null ? "not told" : WordTypes.Camelled(told.Why));
    }

    private static Finding ReachedBy(Scene scene, string responder, string place)
    {
        var box = scene.Call.Reaches.FirstOrDefault(reach => reach.ResponderId == responder && reach.Channel == ReachChannel.Box);
        return new(box?.State == ReachState.Answered && box.Detail == scene.DeviceAt(place), box is null ? "no box called" : $"{WordTypes.Camelled(box.State)}, {box.Detail}");
    }

    private static Finding NeighboursAnswered(Scene scene, string place)
    {
        var answered = scene.Call.Watch?.Answered.ToList() ?? [];
        return new(answered.Contains(scene.DeviceAt(place)), answered.Count == 0 ? "nobody" : Lists.Join(answered));
    }

    private static Finding LevelsKnow(Scene scene)
    {
        var id = scene.Call.Id;
        var told = Levels.Targets.Select(target => target.Name).Where(name => scene.Hub.Waiting(name).Any(message => message.IncidentId == id)).ToList();
        return new(told.Count == Levels.Targets.Count, $"told: {Lists.Join(told)}");
    }
}
