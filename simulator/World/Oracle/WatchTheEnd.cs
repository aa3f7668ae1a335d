using System.Text;
using Gateway.Firmware.Ports;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Faults;

namespace Gateway.World.Oracle;

/// <content>After everything has healed and come to rest: what must be true then.</content>
public sealed partial class Watcher
{
    /// <summary>Nobody stops working for the end, and a wire may be mended just then: what happened so shortly before is still on its way, over the slowest line.</summary>
    private bool IsOnItsWay(long sinceUs) => world.Queue.NowUs - sinceUs < MovesUs;

    internal void CheckTheEnd()
    {
        if (!world.Hub.IsUp)
        {
            Fail("end at rest", null, "the hub is not up");
            return;
        }

        CheckDisk();
        CheckReceiptsStand();
        CheckTables();
        foreach (var board in world.Boards)
        {
            CheckRest(board);
            CheckConfiguration(board);
            CheckDelivered(board);
            CheckGaps(board);
            CheckCounts(board);
            CheckSeen(board);
            CheckOpenings(board);
            CheckZonesTold(board);
            CheckCancels(board);
            CheckPressesTold(board);
            CheckRestored(board);
            CheckConflicts(board);
            CheckJournalLost(board);
        }
    }

    /// <summary>Everything that was ever committed is there, byte for byte (I8), and the audit chain holds from its first entry (I13).</summary>
    private void CheckDisk()
    {
        Check("I8 disk keeps");
        if (world.Hub.Disk.Ledger.FindLoss(all: true) is { } loss)
        {
            Fail("I8", null, loss);
        }

        Check("I13 events");
        var (events, audited) = world.Hub.Disk.Ledger.IncidentEvents();
        if (events != audited)
        {
            Fail("I13", null, $"{events} things have happened to incidents, and {audited} of them are in the audit chain");
        }

        Check("I13 chain");
        var verdict = world.Hub.Disk.VerifyAudit();
        if (!verdict.Whole)
        {
            Fail("I13", null, $"the audit chain breaks at entry {verdict.BrokenAt}");
        }
    }

    private void CheckRest(SimulatedBoard board)
    {
        Check("end at rest");
        var status = board.App?.Status;
        if (status is not null)
        {
            CheckShown(board, status);
        }

        if (status is null || !status.Online)
        {
            Fail("I11", board, "has not come back by itself after everything healed");
        }
        else if (world.Hub.Snapshot?.Gateways[board.Device].Link != Gateway.Hub.Fleet.LinkState.Up)
        {
            Fail("I11", board, "is connected, and the hub shows its link as lost");
        }
        else if ((status.VolatileBacklog + status.CallBacklog > 0 && !IsOnItsWay(Of(board).CallWaitsUs)) || (status.EventBacklog > 0 && !IsOnItsWay(Of(board).EventWaitsUs)))
        {
            Fail("I1", board, $"still holds {status.CallBacklog} calls, {status.EventBacklog} events and {status.VolatileBacklog} volatile calls after everything healed");
        }
        else if (status.Latched && status.Stage is "journalled" or "undelivered" && HasLatched(board, status) && !Of(board).MayForgive(board.Flash.Flips))
        {
            Fail("I3", board, $"the hub has the latched call, and the button still shows \"{status.Stage}\"");
        }
        else if (status.Latched && status.Stage is "received" or "accepted" or "dispatched" or "enRoute" or "onScene" && !board.Lamps[IndicatorId.Received])
        {
            Fail("I3", board, $"the call has come as far as \"{status.Stage}\", and the lamp for \"received\" is dark");
        }
    }

    /// <summary>
    /// The hub has the latched call, and its board can know. One that was in RAM only when the power failed never came, or came and its receipt did not: a boot has no lane
    /// of RAM but its own, and the button rightly says "undelivered".
    /// </summary>
    private bool HasLatched(SimulatedBoard board, Gateway.Firmware.AppStatus status)
    {
        var disk = world.Hub.Disk.Ledger;
        var isOfThisBoot = Of(board).Births is { Count: > 0 } births && births[^1].VolatileEpoch == status.LatchedEpoch;
        var lane = disk.FindLane(board.Device, Lane.Call, status.LatchedEpoch) ?? (isOfThisBoot ? disk.FindLane(board.Device, Lane.Volatile, status.LatchedEpoch) : null);
        return lane is not null && disk.Accounts(lane, status.LatchedCall);
    }

    /// <summary>I1: every push that the board owed something for is on the hub's disk.</summary>
    private void CheckDelivered(SimulatedBoard board)
    {
        var ledger = Of(board);
        var silentCall = false;
        foreach (var press in ledger.Presses)
        {
            // A further push on a latched silent call is counted there; so it is enough that one of them came.
            silentCall |= press.Silent && press.Committed;
            var owes = press.Silent ? press.CoreWasRunning && !silentCall : press.OpensCall == true || (press.OpensCall is null && press.LampLit);
            if (press.Excused || !owes)
            {
                continue;
            }

            Check("I1 delivered");
            if (press.Committed || press.WentWithRestore)
            {
                continue;
            }

            if (!ledger.MayForgive(board.Flash.Flips))
            {
                Fail("I1", board, $"press {press.Number} at {Kernel.VirtualTime.Text(press.AtUs)}{(press.Silent ? " (silent)" : "")} never reached the hub's disk");
                return;
            }

            Check("I5 loss told");
            if (!IsLossTold(board, ledger))
            {
                Fail("I5", board, $"a flipped bit took press {press.Number}, and nothing tells of it");
            }
        }
    }

    /// <summary>What went when the hub went back to a backup has come again from the board's journal, or is reported missing. RAM keeps nothing for that.</summary>
    private void CheckRestored(SimulatedBoard board)
    {
        foreach (var (lane, epoch, seq) in Of(board).Restored)
        {
            // A journal that was lost since is told as such, and knows nothing of its numbers any more.
            if (lane == Lane.Volatile || board.Flash.Flips > 0)
            {
                continue;
            }

            Check("I1 restored");
            if (world.Hub.Disk.Ledger.FindLane(board.Device, lane, epoch) is not { } known || !world.Hub.Disk.Ledger.Accounts(known, seq))
            {
                Fail("I1", board, $"{lane} {seq} went with the backup, and is neither on the hub's disk again nor reported missing");
                return;
            }
        }
    }

    /// <summary>[GW-23]: a journal that began anew is told, to a person.</summary>
    private void CheckJournalLost(SimulatedBoard board)
    {
        var isNew = world.Hub.Disk.Ledger.Lanes.Values.Where(lane => lane.Device == board.Device && lane.Lane != Lane.Volatile).GroupBy(static lane => lane.Lane).Any(static lanes => lanes.Count() > 1);
        if (!isNew || _wasRestored)
        {
            return;
        }

        Check("GW-23 told");
        if (!_stories.Values.Any(story => story.Kind == Gateway.Hub.Incidents.IncidentKind.JournalLost && story.First.Identity.Device == board.Device))
        {
            Fail("I5", board, "its journal began anew, and that is in no incident");
        }
    }

    /// <summary>A call's number is missing at the hub, or the board has said that its journal is damaged, or that it begins anew.</summary>
    private bool IsLossTold(SimulatedBoard board, BoardLedger ledger)
    {
        var disk = world.Hub.Disk.Ledger;
        var lanes = disk.Lanes.Values.Where(lane => lane.Device == board.Device && lane.Lane == Lane.Call).ToList();
        return ledger.DamageTold || lanes.Count > 1 || lanes.Exists(lane => disk.Missing(lane).Count > 0);
    }

    /// <summary>The button shows how far the work has come, where it goes on after a merge too (the presser's truth beside I3).</summary>
    private void CheckShown(SimulatedBoard board, Gateway.Firmware.AppStatus status)
    {
        var disk = world.Hub.Disk.Ledger;
        var lane = disk.FindLane(board.Device, Lane.Call, status.LatchedEpoch);
        var incidents = !status.Latched || lane is null ? [] : disk.IncidentsOf(lane, status.LatchedCall);
        if (incidents.Count != 1 || _wasRestored || board.Flash.Flips > 0 || board.HasJustDropped)
        {
            return;
        }

        Check("I3 shown");
        var work = Work(incidents[0]);
        var isTaken = work.AcceptedAt is not null || work.Stage != Gateway.Hub.Incidents.Stage.Received;
        var isNews = IsOnItsWay(Math.Max(_stories[incidents[0]].ChangedUs, _stories[work.Id].ChangedUs));
        if (isTaken && !isNews && work.CallBackDueSince is null && status.Stage is "journalled" or "undelivered" or "received")
        {
            Fail("I3", board, $"the work on the latched call is \"{work.Stage}\" in incident {work.Id}, and the button shows \"{status.Stage}\"");
        }
    }

    /// <summary>What the hub asked a board to be set to was answered, whatever came in between.</summary>
    private void CheckConfiguration(SimulatedBoard board)
    {
        if (world.Hub.Snapshot?.Gateways[board.Device] is not { Desired: { } desired } gateway || board.Flash.Flips > 0)
        {
            return;
        }

        Check("end configuration");
        if (gateway.Progress is not (ConfigurationProgress.Applied or ConfigurationProgress.RolledBack or ConfigurationProgress.Refused))
        {
            Fail("configuration", board, $"version {desired.Version} is {gateway.Progress} after everything healed");
        }
        else if (gateway.Progress == ConfigurationProgress.Applied && !board.FindsHubUnder(desired.Settings.Members))
        {
            Fail("configuration", board, $"version {desired.Version} leads nowhere, and is applied");
        }
        else if (gateway.Progress == ConfigurationProgress.Applied)
        {
            CheckInForce(board, desired, Encoding.ASCII.GetString(Of(board).Reported.Span));
        }
    }

    /// <summary>[GW-41]: what is shown as applied is what the board says that it has, but for what was changed at the box.</summary>
    private void CheckInForce(SimulatedBoard board, DesiredConfiguration desired, string reported)
    {
        if (reported.Length == 0 || reported.Contains("\"local\":true", StringComparison.Ordinal))
        {
            return;
        }

        Check("end in force");
        foreach (var (name, value) in desired.Settings.Members)
        {
            var told = value switch { bool flag => flag ? "true" : "false", string text => $"\"{text}\"", _ => $"{value}" };
            if (!reported.Contains($"\"{name}\":{told},", StringComparison.Ordinal))
            {
                Fail("configuration", board, $"version {desired.Version} is applied, and of its {name} {told} the board says nothing: {reported}");
            }
        }
    }

    /// <summary>No number of a journal that is still there is neither on the disk nor reported missing, and no call is missing.</summary>
    private void CheckGaps(SimulatedBoard board)
    {
        var disk = world.Hub.Disk.Ledger;
        foreach (var lane in disk.Lanes.Values.Where(lane => lane.Device == board.Device))
        {
            Check("I1 no gap");
            if (disk.FoundAndMissing(lane) is { } both)
            {
                Fail("I1", board, $"{lane.Lane} {both} is on the hub's disk, and is still called missing ([GW-19])");
                return;
            }

            for (var seq = 1u; seq <= lane.LastSeq && lane.Lane != Lane.Volatile; seq++)
            {
                if (!disk.Accounts(lane, seq))
                {
                    Fail("I1", board, $"{lane.Lane} {seq} is neither on the hub's disk nor reported missing");
                    return;
                }
            }

            // A write that failed or was cut in half burns its number, and so does a flipped bit; the call itself went another way, and is looked for above.
            var missing = disk.Missing(lane);
            var excused = board.Flash.Damages + board.Flash.Flips + (Of(board).StatesLost * (long)Gateway.Firmware.Journal.JournalRecovery.NumbersSkipped) + Of(board).Restored.Count(gone => gone.Lane == lane.Lane && gone.Epoch == lane.Epoch);
            if (lane.Lane == Lane.Call && missing.Sum(static range => range.Count) > excused)
            {
                Fail("I1", board, $"calls are missing ({string.Join(", ", missing)}), and only {excused} can be");
            }
        }
    }
}
