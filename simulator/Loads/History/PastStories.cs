using Gateway.Hub.Delivery;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;

namespace Gateway.Loads.History;

/// <summary>The signal that opened a made-up incident, as a board would have said it.</summary>
internal readonly record struct PastSignal(string Device, uint Seq, byte[] Payload);

/// <summary>A made-up incident with what belongs to it; no events and no signal where its story is not kept.</summary>
internal sealed record PastIncident(IncidentRow Row, IncidentFact Fact, IReadOnlyList<IncidentEventRow> Events, PastSignal? Signal);

/// <summary>Tells the story of one incident by its number: the same number, plan and moment give the same story, whoever tells it.</summary>
internal sealed class PastStories(Station station, PastPlan plan)
{
    private static readonly IncidentKind[] Kinds =
    [
        IncidentKind.Help, IncidentKind.Help, IncidentKind.Help, IncidentKind.Help, IncidentKind.Smoke, IncidentKind.Door, IncidentKind.Pen, IncidentKind.Water, IncidentKind.Gas,
        IncidentKind.Mains, IncidentKind.LinkLost, IncidentKind.Silent,
    ];

    /// <summary>Hours by how much is going on: most in the evening, least before dawn.</summary>
    private static readonly int[] Hours = [0, 1, 6, 7, 8, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 20, 21, 21, 21, 22, 22, 23];

    private static readonly MessageKey Key = new(new byte[32]);

    /// <param name="id">1 or above, rising with time.</param>
    public PastIncident Tell(long id, DateTimeOffset now)
    {
        var chance = new Chance(plan.Seed, id);
        var isOpen = id > plan.Incidents - plan.Open;
        var opened = isOpen ? now.AddMinutes(-1) : AtABusyHour(now - ((plan.Incidents - id + 1) * (plan.Span / plan.Incidents)), ref chance);
        var isKept = isOpen || id % plan.StoryEvery == 0;
        Incident? incident = null;
        IncidentFact? fact = null;
        var rows = new List<IncidentEventRow>(isKept ? 12 : 0);
        var signal = SignalOf(id, opened, ref chance);
        foreach (var happened in Story(id, opened, isOpen, signal, ref chance))
        {
            // What lies in the future has not happened yet: the newest incidents are still being worked on.
            if (happened.At > now)
            {
                break;
            }

            incident = IncidentRules.Evolve(incident, happened);
            fact = IncidentFact.Of(fact, incident, isVirtual: false);
            if (isKept)
            {
                rows.Add(new IncidentEventRow(id, incident.Version, IncidentJson.TypeOf(happened), IncidentJson.Write(happened), happened.At, happened.Actor));
            }
        }

        var row = new IncidentRow(
            id, incident!.Version, incident.Kind.ToString(), incident.Stage.ToString(), incident.CallPointId, incident.OpenedAt, incident.ClosedAt, IncidentJson.Write(incident));
        fact = fact! with { Weighed = now - opened > TimeSpan.FromDays(plan.WarnedDays) };
        return new PastIncident(row, fact, rows, isKept ? new PastSignal(signal.Identity.Device, signal.Identity.Sequence, PayloadOf(signal)) : null);
    }

    private SignalFacts SignalOf(long id, DateTimeOffset at, ref Chance chance)
    {
        // The square makes a few places busy and most quiet.
        var board = station.Boards[(int)(station.Boards.Length * Math.Pow(chance.Share(), 2))];
        var kind = Kinds[chance.Below(Kinds.Length)].ToString();
        return new SignalFacts(
            new SignalIdentity(board.DeviceId, "call", 1, (uint)id), char.ToLowerInvariant(kind[0]) + kind[1..], kind == nameof(IncidentKind.Help) ? 1 : 2, "alarm", (uint)id, 1, 0, "", at, at,
            false, false, false);
    }

    private List<IncidentEvent> Story(long id, DateTimeOffset at, bool isOpen, SignalFacts signal, ref Chance chance)
    {
        const string who = GeneratedPast.Actor;
        var point = station.FindCallPoint(station.FindBoard(signal.Identity.Device)!.CallPointId)!;
        var kind = Enum.Parse<IncidentKind>(signal.Kind, ignoreCase: true);
        var story = new List<IncidentEvent>(16) { new IncidentEvent.Opened(at, $"gw/{signal.Identity.Device}", id, kind, point.Id, point.VillageId, point.ZoneClass, signal) };
        if (isOpen)
        {
            return story;
        }

        var accepted = at + chance.Some(15);
        if (accepted - at > TimeSpan.FromSeconds(station.Targets.AcceptS))
        {
            var due = at.AddSeconds(station.Targets.AcceptS);
            story.Add(new IncidentEvent.Escalated(due, "clock", ClockName.Accept, EscalationLevel.ShiftLeader, due));
        }

        var isCancelled = kind == IncidentKind.Help && chance.OneIn(12);
        story.Add(new IncidentEvent.Accepted(accepted, who));
        story.Add(new IncidentEvent.Assessed(at = accepted, who, new Assessment("")));
        if (isCancelled)
        {
            story.Add(new IncidentEvent.Cancelled(at += chance.Some(40), $"gw/{signal.Identity.Device}", signal with { Kind = SignalKinds.Cancel, State = "normal" }));
            story.Add(new IncidentEvent.CalledBack(at += chance.Some(90), who, CallBackResult.PresserSafe, "已回电，平安。 Called back: is well."));
        }

        if (!SignalKinds.IsTechnical(kind) && !isCancelled)
        {
            var responder = Nearby(point.VillageId, ref chance);
            story.Add(new IncidentEvent.Dispatched(at += chance.Some(60), who, [responder], 5));
            story.Add(new IncidentEvent.WentOut(at += chance.Some(60), who, responder));
            story.Add(new IncidentEvent.Arrived(at += chance.Some(500), who, responder));
        }

        story.Add(new IncidentEvent.Handled(at += chance.Some(1_800), who, "已到场处理。 Seen to on the spot."));
        story.Add(new IncidentEvent.Reported(at += chance.Some(1_800), who, "已处理，无人受伤。 Seen to; nobody hurt.", DispositionOf(kind, isCancelled, ref chance)));
        story.Add(chance.OneIn(20)
            ? new IncidentEvent.FollowUpWaived(at += chance.Some(20_000), who, who, "设备告警。 The station's own equipment.")
            : new IncidentEvent.FollowedUp(at += chance.Some(200_000), who, "情况平稳。 Quiet since."));
        story.Add(new IncidentEvent.Closed(at + chance.Some(20_000), who));
        return story;
    }

    private static Disposition DispositionOf(IncidentKind kind, bool isCancelled, ref Chance chance) =>
        isCancelled ? Disposition.CancelledByPresser
        : SignalKinds.IsTechnical(kind) ? Disposition.TechnicalFixed
        : chance.OneIn(8) ? Disposition.FalseAlarm
        : chance.OneIn(10) ? Disposition.Mediated
        : Disposition.Helped;

    /// <summary>Somebody of the village, where it has anybody.</summary>
    private string Nearby(string villageId, ref Chance chance)
    {
        var own = station.Responders.Where(responder => responder.VillageId == villageId).ToList();
        return own.Count > 0 ? own[chance.Below(own.Count)].Id : station.Responders[chance.Below(station.Responders.Length)].Id;
    }

    private DateTimeOffset AtABusyHour(DateTimeOffset around, ref Chance chance)
    {
        var local = around.ToOffset(station.UtcOffset);
        return new DateTimeOffset(local.Date, station.UtcOffset).AddDays(-1).AddHours(Hours[chance.Below(Hours.Length)]).AddMilliseconds(chance.Below(3_600_000));
    }

    private static byte[] PayloadOf(SignalFacts signal)
    {
        var writer = new PayloadWriter(stackalloc byte[Topics.UplinkBytesMax]);
        writer.Text("lane", signal.Identity.Lane);
        writer.Text("epoch", signal.Identity.Epoch.ToString("x8"));
        writer.Integer("seq", signal.Identity.Sequence);
        writer.Text("kind", signal.Kind);
        writer.Integer("zone", signal.Zone);
        writer.Text("state", signal.State);
        writer.Integer("call", signal.Call);
        writer.Integer("count", signal.Count);
        writer.Integer("value", 0);
        writer.Text("detail", "");
        writer.Integer("boot", 1);
        writer.Integer("up", signal.Identity.Sequence);
        writer.Integer("at", signal.ReceivedAt.ToUnixTimeMilliseconds());
        writer.Text("clock", "synced");
        writer.Boolean("test", false);
        return writer.Close(Key, Topics.Of(signal.Identity.Device, "signal"));
    }
}

/// <summary>Chance for one incident: SplitMix64, so that its story does not depend on what was told before it, nor by which thread.</summary>
internal struct Chance(int seed, long id)
{
    private ulong _state = ((ulong)seed << 32) ^ ((ulong)id * 0x9E3779B97F4A7C15UL);

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public bool OneIn(int n) => Below(n) == 0;

    /// <summary>0 or above, below 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Exponential around a mean, s; whole milliseconds, as stored.</summary>
    public TimeSpan Some(double meanS) => TimeSpan.FromMilliseconds(Math.Floor(-Math.Log(1 - Share()) * meanS * 1_000));

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
