using Gateway.Firmware.Supervision;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Hub;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What can be seen at the hub: its disk at each commit, its incidents and links once a second.</content>
public sealed partial class Watcher : IActor
{
    /// <summary>20 s of I11 at a heartbeat of 5 s, 90 s on a metered link.</summary>
    private const long LinkLostUs = 20 * VirtualTime.Second;
    private const long LinkLostMeteredUs = 90 * VirtualTime.Second;

    private bool _isRestored;
    private long _hubUnsteadyUs;
    private System.Collections.Immutable.ImmutableDictionary<long, Incident>? _openIn;
    private Incident[] _open = [];

    internal void HubThrew(Exception e) => Fail("hub", null, $"the hub's core threw {e}");

    /// <summary>The gate refused a publish. Boards are honest here: only what an old session or boot sent may be refused.</summary>
    internal void Refused(string device, ApplicationMessage message, IReadOnlyDictionary<string, long> refusals)
    {
        if (IsForgery(world.BoardOf(device), message))
        {
            Check("I5 forgery refused");
            return;
        }

        Fail("wire", world.BoardOf(device), $"the hub refused a publish on {message.Topic}; refusals so far: {string.Join(", ", refusals.Select(refusal => $"{refusal.Key} {refusal.Value}"))}");
    }

    /// <summary>A commit is durable. Nobody has been told yet.</summary>
    internal void Committed()
    {
        var committed = world.Hub.Disk.Ledger.ReadNew();
        foreach (var stored in committed)
        {
            Judge(stored);
        }

        FollowStories(committed);
    }

    /// <summary>The disk is about to go back to a backup.</summary>
    internal void DiskWillBeRestored() => _isRestored = true;

    /// <summary>A new process has opened the files: all that was committed is there (I1, I8), and perhaps what was being committed at the end.</summary>
    internal void DiskReopened()
    {
        var ledger = world.Hub.Disk.Ledger;
        if (_isRestored)
        {
            _isRestored = false;
            _wasRestored = true;
            _receipted.Clear();
            _armed.Clear();
            _due.Clear();
            _openedUs.Clear();
            _announced.Clear();
            ForgetSteps();
            ForgetWork();
            _saidOf.Clear();
            _namedAhead.Clear();
            ForgetStories();
            ForgetBatches();
            _toCallBack.Clear();
            foreach (var (lane, seq) in ledger.ForgetBehindBackup())
            {
                if (world.BoardOf(lane.Device) is { } board)
                {
                    Of(board).Restored.Add((lane.Lane, lane.Epoch, seq));
                }
            }

            foreach (var known in _ledgers)
            {
                known.NewestAnswered = "";
                known.HeardN.AsSpan().Fill(("", 0));
                known.ForgetRestored();
            }
        }

        Check("I8 disk keeps");
        if (ledger.FindLoss(all: false) is { } loss)
        {
            Fail("I8", null, loss);
        }

        Committed();

        // Behind what was being committed at the end: a number that was missing may have come with it, and is missing no more.
        CheckReceiptsStand();
    }

    /// <summary>An incident changed, and the change is committed.</summary>
    internal void IncidentChanged(long id)
    {
        if (world.Hub.Disk.Ledger.FindIncident(id) is not { } row)
        {
            Fail("I2", null, $"incident {id} is shown and not on the disk");
            return;
        }

        var incident = row.Content;
        world.Trace.Add(Trace.HubParty, "incident", id, row.Version, row.Stage);
        NoteWork(incident);
        if (!incident.IsOpen)
        {
            Check("I10 closed");
            var isFollowedUp = incident.FollowUpText is not null || incident.FollowUpWaiver is { Supervisor.Length: > 0, Reason.Length: > 0 };

            // Whoever was already ringing when the cancel came to the disk has called back after it, if the hub has taken it so.
            if (incident.MergedInto is null && (incident.ReportText is null || !isFollowedUp || incident.CallBackDueSince is not null || (_toCallBack.Contains(id) && !world.Hub.Disk.Ledger.WasCalledBackSince(id))))
            {
                var lack = incident.ReportText is null ? "a report" : !isFollowedUp ? "a follow-up" : "a call-back, and a call in it was taken back";
                Fail("I10", null, $"incident {id} closed without {lack}");
            }

            return;
        }

        _openedUs.TryAdd(id, world.Queue.NowUs);
        CheckAnnunciation(incident);

        // Also while the hub keeps no time and the sweep looks away: it may be closed before that ends.
        NoteLinkIncident(incident);
        Arm(incident);
    }

    void IActor.Happen(int code, long argument)
    {
        world.Queue.In(VirtualTime.Second, this, 0);
        Sweep();
    }

    internal void Begin() => world.Queue.In(VirtualTime.Second, this, 0);

    private void Judge(in DiskSignal stored)
    {
        var lane = stored.Lane;
        var board = world.BoardOf(lane.Device)!;
        var ledger = Of(board);
        ledger.StoredUs = world.Queue.NowUs;
        if (MessageGate.ReadStored(lane.Device, stored.Payload) is not { } signal)
        {
            Fail("I5", board, "a stored signal cannot be read again");
            return;
        }

        if (signal.Seq != stored.Seq || signal.Lane != lane.Lane || signal.Epoch != lane.Epoch)
        {
            Fail("I2", board, $"{signal.Lane} {signal.Seq} is stored as {lane.Lane} {stored.Seq}");
        }

        world.Trace.Add(board.Number, "committed", signal.Seq, signal.Call, signal.Kind);
        Check("I5 no invention");
        if (JudgeConflict(board, stored, signal))
        {
            return;
        }

        if (stored.Conflict)
        {
            Fail("I2", board, $"{lane.Lane} {stored.Seq} came twice with different bytes");
        }
        else if (lane.Signals[stored.Seq] != stored.Id)
        {
            Fail("I2", board, $"{lane.Lane} {stored.Seq} is on the disk twice");
        }

        if (signal.Call > signal.Seq)
        {
            // The call of a lane and epoch began in it [GW-20].
            Fail("GW-20", board, $"{lane.Lane} {stored.Seq} is of call {signal.Call}, which is still to come there");
        }

        CheckRam(board, ledger, signal);
        CheckPlaced(board, stored, signal);
        NoteTold(board, stored, signal);
        NoteSeen(board, stored, signal);
        CheckKeyAnswers(board, ledger, signal);
        NoteZone(board, ledger, signal);
        NoteCall(board, stored, signal);
        CheckNotAfterEnd(board, ledger, signal);
        CheckCancelIsDue(board, ledger, signal);
        ledger.DamageTold |= signal.Kind == "fault" && signal.Detail == FaultId.Name(FaultId.JournalDamage);
        if (signal.Kind is not ("help" or "silent"))
        {
            return;
        }

        NotePressTold(ledger, signal);
        CheckOneCall(board, ledger, signal);
        var pushed = Match(ledger, signal);
        CheckRealTest(board, ledger, signal, pushed);
        if (signal.Test)
        {
            CheckTest(board, stored, signal);
        }
        else
        {
            CheckOneIncident(board, stored, signal);
        }

        if (pushed is not { } press)
        {
            if (WasNoise(ledger, signal))
            {
                return;
            }

            Fail("I5", board, $"a {signal.Kind} is on the disk ({lane.Lane} {stored.Seq}, boot {signal.Time.Boot}, up {signal.Time.UpMs}), and nobody pushed then");
            return;
        }

        CheckPlacedTruly(board, stored, signal, press);
        if (!press.Committed)
        {
            press.CommittedUs = world.Queue.NowUs;
            CheckInTime(board, press, isRepeat: signal.Call != 0 && signal.Call != signal.Seq);
        }

        press.Committed = true;
        press.WentWithRestore = false;
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
    private void CheckOneIncident(Boards.SimulatedBoard board, in DiskSignal stored, SignalMessage signal)
    {
        Check("I2 one incident");
        if (stored.Incidents.Count != 1)
        {
            Fail("I2", board, $"{signal.Lane} {signal.Seq} was committed with {stored.Incidents.Count} incidents");
            return;
        }

        // Each press weighs: what the board has counted so far on this call is in the incident that it is in.
        var incident = world.Hub.Disk.Ledger.FindIncident(stored.Incidents[0])!.Content;
        if (incident.Weight < signal.Count)
        {
            Fail("I2", board, $"{signal.Lane} {signal.Seq} is press {signal.Count} of its call, and incident {incident.Id} weighs {incident.Weight}");
        }

        CheckNotDrowned(board, stored, signal, incident);
    }

    /// <summary>A press is a test only when somebody put that very button under test, and it was pushed in that time; and a test dispatches nobody ([GW-47]).</summary>
    private void CheckTest(Boards.SimulatedBoard board, in DiskSignal stored, SignalMessage signal)
    {
        Check("I2 test");
        if (stored.Incidents.Count > 0)
        {
            Fail("I2", board, $"{signal.Lane} {signal.Seq} was made under test, and is in an incident");
        }
        else if (!Of(board).Zones.Tests.Exists(test => test.Zone == signal.Zone && IsOfBoot(Of(board), test.Incarnation, signal) && signal.Time.UpMs < test.UntilMs))
        {
            Fail("I1", board, $"{signal.Lane} {signal.Seq} is marked as a test, and nobody had put zone {signal.Zone} under test then");
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
        var open = Open(snapshot);
        foreach (var incident in open)
        {
            NoteLinkIncident(incident);
        }

        foreach (var board in world.Boards)
        {
            var ledger = Of(board);
            var gateway = snapshot.Gateways[board.Device];
            if (world.Options.Faults is FaultProfile.None or FaultProfile.Lossy)
            {
                Check("I11 no false loss");
                if (gateway.Link == Gateway.Hub.Fleet.LinkState.Lost)
                {
                    Fail("I11", board, "its link is shown as lost, and it is only lossy");
                }
            }

            CheckLinkIncident(board, gateway, steadyUs);
            CheckStageTold(board, ledger);
            CheckCancelShown(board, ledger);
            CheckLetGo(board, ledger);
            CheckBack(board, steadyUs);
            CheckRestoredLink(board, gateway.Link);
            CheckFalseLoss(board, gateway.Link, steadyUs);
            CheckGoodbye(board, gateway.Link, steadyUs);
            CheckWill(board, gateway.Link, steadyUs);
            Check("I11 link");
            var silentUs = now - Math.Max(ledger.HeardUs, steadyUs);
            var shown = gateway.Link;

            // One that the hub knows and that does not come back after a start of the hub is lost, too.
            var isDue = shown == Gateway.Hub.Fleet.LinkState.Up || (shown == Gateway.Hub.Fleet.LinkState.Awaited && gateway.Boot > 0);
            if (silentUs > (board.IsMetered ? LinkLostMeteredUs : LinkLostUs) && isDue)
            {
                Fail("I11", board, $"nothing came for {silentUs / VirtualTime.Second} s, and the link is shown as {shown}");
            }
        }

        CheckOwed(steadyUs);
        CheckUnheardRaised(steadyUs);
        CheckFactHours(steadyUs);
        CheckOrder(snapshot);
        world.Hub.LookAtConnections();
        if (now - steadyUs > SteadyUs)
        {
            CheckDeadlines(snapshot);
            CheckAllSteps(open, steadyUs);
        }
    }

    /// <summary>The open incidents of a snapshot, in its order; walked anew when they are others.</summary>
    private Incident[] Open(Gateway.Hub.HubSnapshot snapshot)
    {
        if (_openIn != snapshot.OpenIncidents)
        {
            _openIn = snapshot.OpenIncidents;
            _open = [.. _openIn.Values];
        }

        return _open;
    }
}
