using Gateway.Firmware;
using Gateway.Firmware.Ports;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What people meet: the presser at the lamps, the operator at the list.</content>
public sealed partial class Watcher
{
    /// <summary>A grid outage makes at most so many annunciations (I12).</summary>
    private const int AnnunciationsMax = 3;

    /// <summary>How long after the mains went its annunciations are counted.</summary>
    private const long OutageWindowUs = 5 * VirtualTime.Minute;

    /// <summary>From a press to the top of the list, when nothing is broken (I12).</summary>
    private const long OnTopUs = VirtualTime.Second;

    /// <summary>[GW-21]: further presses of a call go out at most so often.</summary>
    private const long RepeatUs = 10 * VirtualTime.Second;

    /// <summary>From the commit to the lamp, when nothing is broken: a board that misses a receipt asks for it after 5 s, and again.</summary>
    private const long ToldUs = 20 * VirtualTime.Second;

    /// <summary>A path that was bad this short a time ago may still be bringing what it held.</summary>
    private const long CalmUs = 40 * VirtualTime.Second;

    /// <summary>A lamp that comes on again within this time blinks.</summary>
    private const long BlinkUs = 4 * VirtualTime.Second;

    /// <summary>The longest that a connection holds back a word of the hub, and still brings it.</summary>
    private const long OnItsWayUs = 150 * VirtualTime.Second;

    private readonly HashSet<long> _announced = [];

    /// <summary>The newest technical incident of each kind in the present outage.</summary>
    private readonly Dictionary<IncidentKind, long> _ofOutage = [];
    private long _outageUs = long.MinValue / 2;
    private int _annunciations;
    private bool _wasRestored;

    internal void OutageBegins()
    {
        _outageUs = world.Queue.NowUs;
        _annunciations = 0;
        _ofOutage.Clear();
    }

    /// <summary>Everything between board and hub works, and has for a while: they have spoken, too, since either came back.</summary>
    private bool IsCalm(SimulatedBoard board) =>
        Of(board).HeardUs > Math.Max(world.Hub.StartedUs, board.LinkChangedUs) && board is { LinkState: LinkState.Up, HasDeadConnection: false, Path: { State: Network.PathState.Open, LossOneIn: 0, SlownessFactor: 1 } } && world.Hub.KeepsTime
        && world.Queue.NowUs - Math.Max(Math.Max(board.LinkChangedUs, board.Path.TroubleUs), Math.Max(_hubUnsteadyUs, world.Hub.StartedUs)) > CalmUs;

    /// <summary>An incident is shown for the first time: it rings.</summary>
    private void CheckAnnunciation(Incident incident)
    {
        if (!_announced.Add(incident.Id))
        {
            return;
        }

        var now = world.Queue.NowUs;

        // A line or a contact of a zone that fails just then, or is tampered with, is no work of the outage; nor is a key on which somebody leans.
        var isItsWork = incident is { SplitFrom: null, FirstSignal.Zone: 0 } && IsTechnical(incident.Kind) && !incident.FirstSignal.Detail.EndsWith("-stuck", StringComparison.Ordinal);
        if (isItsWork && world.Options.Faults == FaultProfile.Outage && now - _outageUs < OutageWindowUs)
        {
            Check("I12 annunciations");

            // Somebody has said that the work on it is over while the mains was still away: what comes after that is work again, and rings.
            var isAgain = _ofOutage.TryGetValue(incident.Kind, out var former) && Work(former).Stage >= Stage.Handled;
            _ofOutage[incident.Kind] = incident.Id;
            if (!isAgain && ++_annunciations > AnnunciationsMax)
            {
                Fail("I12", null, $"incident {incident.Id} ({incident.Kind}) is annunciation {_annunciations} of one grid outage");
            }
        }

        CheckOrder();
    }

    /// <summary>I12: the list as people read it, by the oracle's own idea of what comes first: who waits, then whose life it is, then who has not taken it back, then who waits longest.</summary>
    private void CheckOrder()
    {
        if (world.Hub.Snapshot is not { } snapshot)
        {
            return;
        }

        Check("I12 order");
        Incident? above = null;
        foreach (var incident in Urgency.Order(snapshot.OpenIncidents.Values))
        {
            if (above is not null && PlaceOf(above).CompareTo(PlaceOf(incident)) > 0)
            {
                Fail("I12", null, $"incident {incident.Id} ({incident.Kind}, {incident.Stage}) stands below incident {above.Id} ({above.Kind}, {above.Stage})");
                return;
            }

            above = incident;
        }
    }

    private static (int Work, int Priority, bool WasTakenBack, DateTimeOffset Since) PlaceOf(Incident incident)
    {
        var isOver = incident.MergedInto is not null || incident.Stage is Stage.Handled or Stage.Reported or Stage.FollowedUp or Stage.Closed;
        var priority = incident.Kind switch
        {
            IncidentKind.Help or IncidentKind.Silent or IncidentKind.Smoke or IncidentKind.Gas => 1,
            IncidentKind.Door or IncidentKind.Pen or IncidentKind.Water or IncidentKind.Sensor when incident.FirstSignal.Identity.Lane is "call" or "volatile" => 1,
            IncidentKind.Mains or IncidentKind.Battery or IncidentKind.Fault => 3,
            _ => 2,
        };
        var work = isOver ? 3 : incident.AcceptedAt is null ? 1 : 2;
        return (work, priority, incident.CancelledAt is not null, incident.FirstSignal.OccurredAt ?? incident.FirstSignal.ReceivedAt);
    }

    /// <summary>The list as people meet it, once in so many seconds: what nobody has taken first, then the work, then the paper; lives first; what was taken back behind; the oldest first.</summary>
    private void CheckOrder(Gateway.Hub.HubSnapshot snapshot)
    {
        const long everyS = 30;
        if (world.Queue.NowUs / VirtualTime.Second % everyS != 0)
        {
            return;
        }

        Check("I12 order");
        (int Place, int Priority, int Back, DateTimeOffset Since, long Id) before = default;
        foreach (var incident in Urgency.Order(snapshot.OpenIncidents.Values))
        {
            var story = _stories[incident.Id];
            var key = (
                story.MergedInto is not null || story.Stage >= Stage.Handled ? 2 : story.AcceptedAt is null ? 0 : 1,
                story.Priority,
                story.CancelledAt is null ? 0 : 1, story.First.OccurredAt ?? story.First.ReceivedAt, story.Id);
            if (before.CompareTo(key) > 0)
            {
                Fail("I12", null, $"incident {before.Id} stands above incident {incident.Id} ({incident.Kind}, {incident.Stage})");
                return;
            }

            before = key;
        }
    }

    /// <summary>A press has come to the hub's disk: in time, when nothing was in its way (I4, I12). Further presses of a call go together, every ten seconds.</summary>
    private void CheckInTime(SimulatedBoard board, Press press, bool isRepeat)
    {
        // The slow lines of this world take longer by themselves, and so does a flash that erases for 400 ms.
        var tookUs = world.Queue.NowUs - press.AtUs;
        if (!IsCalm(board) || board.Path.Line.LatencyUs > 100 * VirtualTime.Ms || press.AtUs - Math.Max(board.Flash.SlowUs, board.StalledUs) < 2 * VirtualTime.Second)
        {
            return;
        }

        if (Math.Max(board.Flash.SlowUs, board.StalledUs) < press.AtUs && press.Before.Call == 0 && press.CoreWasRunning)
        {
            Check("I12 in time");

            // A repeat that the flash refused goes with the next.
            var repeats = !isRepeat ? 0 : board.Flash.RefusedUs >= press.AtUs ? 2 : 1;
            if (tookUs > OnTopUs + (repeats * RepeatUs))
            {
                Fail("I12", board, $"press {press.Number} took {tookUs / VirtualTime.Ms} ms to the operator, and nothing was in its way");
            }
        }
    }

    /// <summary>"Accepted" and "on the way" light only when a person has done that (the presser's truth beside I3).</summary>
    private void CheckStageLamp(SimulatedBoard board, BoardLedger ledger, int lamp)
    {
        if (lamp is not (IndicatorId.Accepted or IndicatorId.OnTheWay))
        {
            return;
        }

        // A blink is no news.
        var blinks = world.Queue.NowUs - ledger.LitUs[lamp] < BlinkUs;
        ledger.LitUs[lamp] = world.Queue.NowUs;

        // The step that ends a call may begin the lamp test that the station has asked for.
        var mayBeTest = world.Queue.NowUs - ledger.ResetUs < DecideUs && ledger.TestsAsked.Exists(asked => world.Queue.NowUs - asked.AtUs < CalledMaxUs);
        if (blinks || mayBeTest || _wasRestored || !world.Hub.IsUp || !ledger.Latched)
        {
            return;
        }

        var disk = world.Hub.Disk.Ledger;
        var lane = disk.FindLane(board.Device, Lane.Call, ledger.LatchedEpoch) ?? disk.FindLane(board.Device, Lane.Volatile, ledger.LatchedEpoch);
        var incidents = lane is null ? [] : disk.IncidentsOf(lane, ledger.LatchedCall).SelectMany(WorkedOn).ToList();
        if (incidents.Count == 0)
        {
            return;
        }

        Check("I3 stage");
        var isTrue = incidents.Exists(incident => lamp == IndicatorId.Accepted
            ? incident.AcceptedAt is not null || incident.Stage != Stage.Received || incident.WasCancelled
            : !incident.Assignments.IsEmpty || !incident.IsOpen);
        if (!isTrue)
        {
            Fail("I3", board, $"the lamp for \"{(lamp == IndicatorId.Accepted ? "accepted" : "on the way")}\" is lit, and nobody has done that");
        }
    }

    /// <summary>About the equipment, not about people.</summary>
    private static bool IsTechnical(IncidentKind kind) =>
        kind is IncidentKind.Mains or IncidentKind.Battery or IncidentKind.Fault or IncidentKind.JournalLost or IncidentKind.LinkLost or IncidentKind.Tamper;

    /// <summary>Where the work of an incident goes on.</summary>
    private Incident Work(long id)
    {
        var incident = world.Hub.Disk.Ledger.FindIncident(id)!.Content;
        return incident.MergedInto is { } target ? Work(target) : incident;
    }

    /// <summary>
    /// An incident and those that it went into, one after the other: what somebody has done on any of them was done. So it was on one from which it has been parted only
    /// just: what was told while it was there may still be on its way.
    /// </summary>
    private IEnumerable<Incident> WorkedOn(long id)
    {
        var seen = new HashSet<long>();
        for (long? next = id; next is { } at && seen.Add(at);)
        {
            var incident = world.Hub.Disk.Ledger.FindIncident(at)!.Content;
            yield return incident;
            next = incident.MergedInto ?? (_stories.GetValueOrDefault(at)?.Parted is { } parted && world.Queue.NowUs - parted.AtUs < OnItsWayUs ? parted.From : null);
        }
    }

    /// <summary>
    /// Of what a board had told out of its RAM before its hub went back to a backup, only a heartbeat says that it will not come again ([GW-19]): until then that lane has a hole,
    /// and nothing above it has a receipt.
    /// </summary>
    private long RamHoleUs(SimulatedBoard board, AppStatus status) => _wasRestored && board.IsMetered && status.VolatileBacklog > 0 ? BeatMeteredUs : 0;

    /// <summary>I3: once committed, and with nothing in the way, the presser is told.</summary>
    private void CheckTold(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        if (ledger.HelpCall is { Committed: true, OpensCall: true } call && call.Incarnation == board.Incarnation && status.Latched
            && status.Stage is "journalled" or "undelivered" && world.Queue.NowUs - call.CommittedUs > ToldUs + RamHoleUs(board, status) && IsCalm(board))
        {
            Fail("I3", board, $"press {call.Number} is on the hub's disk, and the button still shows \"{status.Stage}\"");
        }
    }
}
