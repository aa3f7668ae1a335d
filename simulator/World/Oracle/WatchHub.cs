using System.Globalization;
using System.Text;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.World.Hub;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What can be seen at the hub: its disk at each commit, and what it says to the outside.</content>
public sealed partial class Watcher : IActor
{
    /// <summary>20 s of I11 at a heartbeat of 5 s.</summary>
    private const long LinkLostUs = 20 * VirtualTime.Second;

    /// <summary>An overdue step escalates within 1 s (I9), once the commit is through.</summary>
    private const long EscalateUs = VirtualTime.Second;

    /// <summary>After a start or a slow disk the hub may take this long to work off what has become due meanwhile.</summary>
    private const long SteadyUs = 3 * VirtualTime.Second;

    private readonly HashSet<(long Incident, ClockName Clock, DateTimeOffset DueAt)> _armed = [];
    private readonly PriorityQueue<(long Incident, ClockName Clock, DateTimeOffset DueAt), long> _due = new();
    private readonly Dictionary<long, uint> _receipted = [];
    private int _seenSignals;
    private long _hubUnsteadyUs;

    internal void HubDied()
    {
        _armed.Clear();
        _due.Clear();
    }

    /// <summary>A new core has read the disk: from now on its wall clock counts for the deadlines that it found there.</summary>
    internal void HubStarted(IEnumerable<Incident> open)
    {
        HubDied();
        foreach (var incident in open)
        {
            Arm(incident);
        }
    }

    internal void HubThrew(Exception e) => Fail("hub", null, $"the hub's core threw {e}");

    internal void Heard(string device)
    {
        if (world.BoardOf(device) is { } board)
        {
            Of(board).HeardUs = world.Queue.NowUs;
        }
    }

    /// <summary>The gate refused a publish. Boards are honest here: only what an old session or boot sent may be refused.</summary>
    internal void Refused(string device, GateResult judged) =>
        Fail("wire", world.BoardOf(device), $"the hub refused a publish as {judged.Refusal} {judged.Member}");

    /// <summary>A commit is durable. Nobody has been told yet.</summary>
    internal void Committed()
    {
        var disk = world.Hub.Disk;
        for (; _seenSignals < disk.Signals.Count; _seenSignals++)
        {
            Judge(disk, disk.Signals[_seenSignals]);
        }
    }

    /// <summary>A message leaves the hub.</summary>
    internal void Sends(in OutgoingMessage message)
    {
        if (!Topics.TrySplit(message.Topic, out var device, out var leaf) || world.BoardOf(device) is not { } board)
        {
            return;
        }

        switch (leaf)
        {
            case "receipt":
                CheckReceipt(board, message.Payload);
                break;
            case "notice":
                CheckNotice(board, message.Payload);
                break;
            case "command" when TextOf(message.Payload, "command") == "resetLatch":
                Of(board).ResetUs = world.Queue.NowUs;
                break;
            case "command" when TextOf(message.Payload, "command") is "annunciate" or "watchAlert":
                Of(board).CalledUs = world.Queue.NowUs;
                break;
        }
    }

    /// <summary>An incident changed, and the change is committed.</summary>
    internal void IncidentChanged(long id)
    {
        if (world.Hub.Disk.Incidents.GetValueOrDefault(id) is not { } row)
        {
            Fail("I2", null, $"incident {id} is shown and not on the disk");
            return;
        }

        var incident = IncidentJson.ReadIncident(row.Json);
        world.Trace.Add(Trace.HubParty, "incident", id, row.Version, row.Stage);
        if (!incident.IsOpen)
        {
            Check("I10 closed");
            var isFollowedUp = incident.FollowUpText is not null || incident.FollowUpWaiver is { Supervisor.Length: > 0, Reason.Length: > 0 };
            if (incident.MergedInto is null && (incident.ReportText is null || !isFollowedUp || incident.CallBackDueSince is not null))
            {
                Fail("I10", null, $"incident {id} closed without a report, a follow-up or a call-back");
            }

            return;
        }

        Arm(incident);
    }

    void IActor.Happen(int code, long argument)
    {
        world.Queue.In(VirtualTime.Second, this, 0);
        Sweep();
    }

    internal void Begin() => world.Queue.In(VirtualTime.Second, this, 0);

    /// <summary>Notes each deadline when it first appears, in true time: a wall clock that jumps later moves none.</summary>
    private void Arm(Incident incident)
    {
        foreach (var clock in IncidentClocks.All(incident, world.Hub.Targets))
        {
            var key = (incident.Id, clock.Clock, clock.DueAt);
            if (clock.Level != EscalationLevel.None && _armed.Add(key))
            {
                _due.Enqueue(key, world.Queue.NowUs + (long)(clock.DueAt - world.Hub.Now.Utc).TotalMicroseconds);
            }
        }
    }

    private void Judge(StoreDisk disk, StoredSignal stored)
    {
        var row = stored.Row;
        var lane = disk.Lanes[row.LaneId];
        var board = world.BoardOf(lane.Device)!;
        var ledger = Of(board);
        if (MessageGate.ReadStored(lane.Device, row.Payload) is not { } signal)
        {
            Fail("I5", board, "a stored signal cannot be read again");
            return;
        }

        world.Trace.Add(board.Number, "committed", signal.Seq, signal.Call, signal.Kind);
        Check("I5 no invention");
        if (row.Conflict)
        {
            Fail("I2", board, $"{lane.Lane} {row.Seq} came twice with different bytes");
        }
        else if (!ReferenceEquals(lane.Signals[row.Seq], stored))
        {
            Fail("I2", board, $"{lane.Lane} {row.Seq} is on the disk twice");
        }

        if (signal.Kind is not ("help" or "silent") || signal.Test)
        {
            return;
        }

        CheckOneIncident(board, stored, signal);
        if (Match(ledger, signal) is not { } press)
        {
            Fail("I5", board, $"a {signal.Kind} is on the disk ({lane.Lane} {row.Seq}, boot {signal.Time.Boot}, up {signal.Time.UpMs}), and nobody pushed then");
            return;
        }

        press.Committed = true;
        press.Volatile |= lane.Lane == Lane.Volatile;
        if (signal.Kind == "silent")
        {
            ledger.SilentCalls.Add((lane.Lane, lane.Epoch, signal.Call == 0 ? signal.Seq : signal.Call));
        }

        // In the volatile lane a call's first press also names itself.
        if (signal.Call == signal.Seq)
        {
            press.Openings.Add((lane.Lane, lane.Epoch, signal.Seq));
            if (!press.Silent && ledger.LatchedEpoch == lane.Epoch && ledger.LatchedCall == signal.Seq)
            {
                // A call found latched at a boot was guessed to be the last push; now it is known which one opened it.
                ledger.HelpCall = press;
            }

            if (press.Openings.Count > 1)
            {
                Fail("I2", board, $"press {press.Number} opened {press.Openings.Count} calls");
            }
        }
    }

    /// <summary>I2: a committed call belongs to exactly one incident, written with it.</summary>
    private void CheckOneIncident(Boards.SimulatedBoard board, StoredSignal stored, SignalMessage signal)
    {
        Check("I2 one incident");
        if (stored.Incidents.Count != 1 || !world.Hub.Disk.Incidents.ContainsKey(stored.Incidents[0]))
        {
            Fail("I2", board, $"{signal.Lane} {signal.Seq} was committed with {stored.Incidents.Count} incidents");
        }
    }

    /// <summary>I8: every number that a receipt covers is on the disk, as a signal or as missing.</summary>
    private void CheckReceipt(Boards.SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        Check("I8 receipt");
        var lane = world.Hub.Disk.FindLane(board.Device, LaneNames.Parse(TextOf(payload, "lane")), EpochOf(payload));
        var through = (uint)NumberOf(payload, "through");
        if (through == 0)
        {
            return;
        }

        if (lane is null)
        {
            Fail("I8", board, $"a receipt through {through} was sent for a lane that is not on the disk");
            return;
        }

        for (var seq = _receipted.GetValueOrDefault(lane.Id) + 1; seq <= through; seq++)
        {
            if (!lane.AccountsDurably(seq, world.Hub.Disk.DurableSignals))
            {
                Fail("I8", board, $"a receipt through {through} was sent, and {lane.Lane} {seq} is neither on the disk nor missing there");
                return;
            }
        }

        _receipted[lane.Id] = Math.Max(through, _receipted.GetValueOrDefault(lane.Id));
        world.Trace.Add(board.Number, "receipt", through, (long)lane.Lane);
    }

    /// <summary>I7: no notice ever names a silent call.</summary>
    private void CheckNotice(Boards.SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        Check("I7 notice");
        var call = (LaneNames.Parse(TextOf(payload, "lane")), EpochOf(payload), (uint)NumberOf(payload, "seq"));
        if (Of(board).SilentCalls.Contains(call))
        {
            Fail("I7", board, $"a notice was sent for the silent call {call}");
        }
    }

    /// <summary>Once a second: deadlines (I9) and links (I11), as the hub shows them.</summary>
    private void Sweep()
    {
        if (world.Hub.Snapshot is not { } snapshot || !world.Hub.KeepsTime)
        {
            _hubUnsteadyUs = world.Queue.NowUs;
            return;
        }

        var steadyUs = Math.Max(_hubUnsteadyUs, world.Hub.StartedUs);
        var now = world.Queue.NowUs;
        foreach (var board in world.Boards)
        {
            Check("I11 link");
            var silentUs = now - Math.Max(Of(board).HeardUs, steadyUs);
            if (silentUs > LinkLostUs && snapshot.Gateways[board.Device].Link == Gateway.Hub.Fleet.LinkState.Up)
            {
                Fail("I11", board, $"nothing came for {silentUs / VirtualTime.Second} s, and the link is shown as up");
            }
        }

        while (now - steadyUs > SteadyUs && _due.TryPeek(out var key, out var dueUs) && dueUs + EscalateUs + VirtualTime.Second < now)
        {
            _due.Dequeue();
            _armed.Remove(key);
            Check("I9 escalated");
            if (snapshot.OpenIncidents.GetValueOrDefault(key.Incident) is { } incident
                && IncidentClocks.All(incident, world.Hub.Targets).Any(clock => clock.Clock == key.Clock && clock.DueAt == key.DueAt && clock.Level != EscalationLevel.None))
            {
                Fail("I9", null, $"incident {key.Incident}: {key.Clock} was due at {key.DueAt:O} and has not escalated");
            }
        }
    }

    private static uint EpochOf(ReadOnlySpan<byte> payload) => uint.Parse(TextOf(payload, "epoch"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string TextOf(ReadOnlySpan<byte> payload, string name)
    {
        var rest = After(payload, name)[1..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)'"')]);
    }

    private static long NumberOf(ReadOnlySpan<byte> payload, string name)
    {
        var rest = After(payload, name);
        return long.Parse(rest[..rest.IndexOfAny((byte)',', (byte)'}')], CultureInfo.InvariantCulture);
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> payload, string name)
    {
        var member = Encoding.ASCII.GetBytes($"\"{name}\":");
        return payload[(payload.IndexOf(member) + member.Length)..];
    }
}
