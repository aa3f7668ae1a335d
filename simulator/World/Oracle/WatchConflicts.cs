using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Boards;
using Gateway.World.Hub;

namespace Gateway.World.Oracle;

/// <content>[GW-17]: one number, two messages, both with the right key. The first stays, the second is a call of its own, stored, told and shown.</content>
public sealed partial class Watcher
{
    private readonly HashSet<(string Device, Lane Lane, uint Epoch, uint Seq)> _cloned = [];
    private readonly HashSet<string> _clonedBytes = new(StringComparer.Ordinal);

    /// <summary>This message of a board is on the hub's disk.</summary>
    internal bool IsStored(SimulatedBoard board, ApplicationMessage message) =>
        world.Hub.IsUp && MessageGate.ReadStored(board.Device, message.Payload) is { } signal
        && world.Hub.Disk.Ledger.FindLane(board.Device, signal.Lane, signal.Epoch) is { } lane && lane.Signals.ContainsKey(signal.Seq);

    /// <summary>A second box with this one's key has sent something else under one of its numbers.</summary>
    internal void SaidOtherwise(SimulatedBoard board, byte[] payload)
    {
        if (MessageGate.ReadStored(board.Device, payload) is { } signal && world.Hub.Disk.Ledger.FindLane(board.Device, signal.Lane, signal.Epoch) is { } lane && !world.Hub.Disk.Ledger.Holds(lane, signal.Seq, payload))
        {
            _cloned.Add((board.Device, signal.Lane, signal.Epoch, signal.Seq));
            _clonedBytes.Add(Convert.ToHexString(payload));
        }
    }

    /// <summary>True when this row is the doing of a second box, and is judged here.</summary>
    private bool JudgeConflict(SimulatedBoard board, in DiskSignal stored, SignalMessage signal)
    {
        if (!_cloned.Contains((board.Device, signal.Lane, signal.Epoch, signal.Seq)))
        {
            return false;
        }

        var isClone = _clonedBytes.Contains(Convert.ToHexString(stored.Payload));
        if (!stored.Conflict && !isClone)
        {
            return false;
        }

        // After a restore the clone may have been the first.
        Check("GW-17 conflict");
        if (stored.Conflict && !isClone && !_wasRestored)
        {
            Fail("I2", board, $"{signal.Lane} {signal.Seq} is a conflict, and it is what the board itself has said");
        }
        else if (!stored.Conflict && !_wasRestored)
        {
            Fail("I2", board, $"{signal.Lane} {signal.Seq} came with other bytes than before, and that is no conflict");
        }

        if (signal.Kind == "silent")
        {
            Of(board).SilentCalls.Add((signal.Lane, signal.Epoch, signal.Call == 0 ? signal.Seq : signal.Call));
        }

        return true;
    }

    /// <summary>A conflict is told: in the audit chain, and on the gateway's page.</summary>
    private void CheckConflicts(SimulatedBoard board)
    {
        var stored = world.Hub.Disk.Ledger.Lanes.Values.Where(lane => lane.Device == board.Device).Sum(static lane => lane.Conflicts.Count);
        if (stored == 0)
        {
            return;
        }

        Check("GW-17 told");
        var (audited, shown) = (world.Hub.Disk.Ledger.AuditedConflicts(board.Device), world.Hub.Snapshot!.Gateways[board.Device].ConflictCount);
        if (audited == 0 || shown != stored)
        {
            Fail("I13", board, $"{stored} conflicts are on the disk, {audited} entries of the audit chain tell of them, and {shown} are shown");
        }
    }
}
