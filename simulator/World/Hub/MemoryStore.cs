using System.Globalization;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Work;

namespace Gateway.World.Hub;

/// <summary>
/// The hub's store over a simulated disk, for one incarnation of the hub. It keeps what the SQLite store keeps, and loses what that one loses: everything
/// since the last commit.
/// </summary>
public sealed class MemoryStore(StoreDisk disk) : IHubStore
{
    /// <summary>Called at the moment of the commit, before it is durable; it may throw, and then nothing is durable.</summary>
    public Action? BeforeCommit { get; init; }

    /// <summary>Called when the commit is durable, before anybody knows.</summary>
    public Action? AfterCommit { get; init; }

    public IWorkStore Work { get; } = new MemoryWorkStore(disk);

    public bool HasChanges => disk.IsChanging;

    public bool CheckpointDue => false;

    public void Checkpoint(IEnumerable<LaneCursor> changed)
    {
        // The cursors are made anew from the rows at each start: there is nothing to shorten here.
    }

    public void Commit()
    {
        BeforeCommit?.Invoke();
        disk.Keep();
        AfterCommit?.Invoke();
    }

    public void Dispose() => disk.Forget();

    public void MarkStart(DateTimeOffset at)
    {
        // The simulated disk is asked whether it can be written by its commits.
    }

    public IReadOnlyList<LaneCursor> LoadLanes()
    {
        var cursors = new List<LaneCursor>();
        foreach (var lane in disk.Lanes.Values)
        {
            var cursor = new LaneCursor(lane.Id, lane.Device, lane.Lane, lane.Epoch);
            foreach (var range in lane.Missing)
            {
                cursor.Account(range);
            }

            foreach (var seq in lane.Signals.Keys)
            {
                cursor.Commit(seq);
            }

            cursors.Add(cursor);
        }

        return cursors;
    }

    public IReadOnlyList<StoredGateway> LoadGateways() => [.. disk.Gateways.Values];

    public IReadOnlyList<BootStart> LoadBoots() => [.. disk.Boots.Values];

    public IReadOnlyList<IncidentRow> LoadOpenIncidents() => [.. disk.Incidents.Values.Where(static row => row.ClosedAt is null)];

    public IncidentRow? FindIncident(long id) => disk.Incidents.GetValueOrDefault(id);

    public long NextIncidentId() => disk.Incidents.Count == 0 ? 1 : disk.Incidents.Keys.Last() + 1;

    public IReadOnlyList<StoredCredentials> LoadCredentials() => [];

    public void SaveCredentials(StoredCredentials credentials, DateTimeOffset at) => throw new NotSupportedException("The world provisions its boards itself.");

    public void SaveRevocation(string device, DateTimeOffset at) => disk.Set(disk.Gateways, device, disk.Gateways[device] with { Revoked = true });

    public IReadOnlyList<PendingReset> LoadPendingResets() =>
        [.. disk.Resets.Values.Where(static entry => !entry.Answered).Select(static entry => entry.Reset)];

    public long AddLane(string device, Lane lane, uint epoch, DateTimeOffset at)
    {
        var id = disk.Lanes.Count + 1L;
        var stored = new StoredLane(id, device, lane, epoch);
        disk.Set(disk.Lanes, id, stored);
        disk.Set(disk.LanesByName, (device, lane, epoch), stored);
        return id;
    }

    public long AppendSignal(in SignalRow row)
    {
        var stored = new StoredSignal(disk.Signals.Count + 1, row);
        disk.Add(disk.Signals, stored);
        if (!row.Conflict && !disk.Lanes[row.LaneId].Signals.ContainsKey(row.Seq))
        {
            disk.Set(disk.Lanes[row.LaneId].Signals, row.Seq, stored);
        }

        var device = disk.Lanes[row.LaneId].Device;
        var gateway = disk.Gateways[device];
        disk.Set(disk.Gateways, device, gateway with { SignalCount = gateway.SignalCount + 1, ConflictCount = gateway.ConflictCount + (row.Conflict ? 1 : 0) });
        return stored.Id;
    }

    public StoredMatch Find(long laneId, uint seq, ReadOnlySpan<byte> payload) =>
        !disk.Lanes[laneId].Signals.TryGetValue(seq, out var stored) ? StoredMatch.None
        : stored.Row.Payload.Span.SequenceEqual(payload) ? StoredMatch.SameBytes : StoredMatch.OtherBytes;

    public void AddMissing(long laneId, SeqRange range, DateTimeOffset at, string cause) => disk.Add(disk.Lanes[laneId].Missing, range);

    public long CountMissing(long laneId, uint above) => disk.Lanes[laneId].Missing.Where(range => range.First > above).Sum(range => range.Count);

    public bool RemoveMissing(long laneId, uint seq)
    {
        var missing = disk.Lanes[laneId].Missing;
        var index = missing.FindIndex(range => range.First <= seq && seq <= range.Last);
        if (index < 0)
        {
            return false;
        }

        var range = missing[index];
        var parts = new List<SeqRange>();
        if (range.First < seq)
        {
            parts.Add(new SeqRange(range.First, seq - 1));
        }

        if (seq < range.Last)
        {
            parts.Add(new SeqRange(seq + 1, range.Last));
        }

        disk.Change(() => Replace(missing, index, 1, parts), () => Replace(missing, index, parts.Count, [range]));
        return true;
    }

    public void SaveBirth(string device, ReadOnlyMemory<byte> payload, DateTimeOffset at) =>
        disk.Set(disk.Gateways, device, disk.Gateways[device] with { NewestBirth = payload.ToArray() });

    public void SaveConfigReported(string device, int version, string state, string reason, ReadOnlyMemory<byte> payload) =>
        disk.Set(disk.Gateways, device, disk.Gateways[device] with { ReportedVersion = version, ConfigState = state, ConfigReason = reason });

    public void SaveConfigInForce(string device, int version) => disk.Set(disk.Gateways, device, disk.Gateways[device] with { ConfigVersion = version });

    public void ForgetBirth(string device) => disk.Set(disk.Gateways, device, disk.Gateways[device] with { NewestBirth = null });

    public void SaveDesired(string device, DesiredConfiguration desired) => disk.Set(disk.Gateways, device, disk.Gateways[device] with { Desired = desired });

    public void SaveBoot(BootStart boot) => disk.Set(disk.Boots, (boot.Device, boot.Boot), boot);

    public void ForgetBoots(string device)
    {
        foreach (var key in disk.Boots.Keys.Where(key => key.Item1 == device).ToList())
        {
            disk.Remove(disk.Boots, key);
        }
    }

    public void AddDiary(string device, DateTimeOffset at, string kind, string text) => disk.NoteDiary();

    public void AppendIncidentEvent(IncidentEventRow row) => disk.Add(disk.IncidentEvents, row);

    public void SaveIncident(IncidentRow row) => disk.Set(disk.Incidents, row.Id, row);

    public void LinkSignal(long signalId, long incidentId, long laneId, uint call) => disk.Add(disk.Signals[(int)signalId - 1].Incidents, incidentId);

    public StoredOutcome? FindOutcome(string idempotencyKey) => disk.Outcomes.GetValueOrDefault(idempotencyKey);

    public void SaveOutcome(string idempotencyKey, StoredOutcome outcome, DateTimeOffset at) => disk.Set(disk.Outcomes, idempotencyKey, outcome);

    public void ForgetCommands(DateTimeOffset olderThan)
    {
        // As for outcomes.
    }

    public void ForgetOutcomes(DateTimeOffset olderThan)
    {
        // A world's operators send no keys twice, and a world ends: there is nothing to bound.
    }

    public void SaveCommand(string id, string device, string command, string actor, DateTimeOffset at)
    {
        // `resetLatch call 5f0e2b91 17`: the only command whose answer must be remembered over a restart.
        var words = command.Split(' ');
        if (words is ["resetLatch", var lane, var epoch, var seq])
        {
            var reset = new PendingReset(
                id, device, LaneNames.Parse(lane), uint.Parse(epoch, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                uint.Parse(seq, CultureInfo.InvariantCulture));
            disk.Set(disk.Resets, id, (reset, false));
        }
    }

    public void SaveCommandResult(string device, string id, string result, string reason, DateTimeOffset at)
    {
        if (disk.Resets.TryGetValue(id, out var entry) && entry.Reset.Device == device)
        {
            // "expired" and "failed" leave the latch as it is.
            disk.Set(disk.Resets, id, (entry.Reset, result is "done" or "refused"));
        }
    }

    public IReadOnlyList<Gateway.Hub.Dispatch.DutyEntry> LoadDuty() => [];

    public void SaveDuty(Gateway.Hub.Dispatch.DutyEntry entry) => throw new NotSupportedException("No world tells its hub who is on duty.");

    public void ForgetDuty(string responderId) => throw new NotSupportedException("No world tells its hub who is on duty.");

    public long AddOutgoing(string target, string name, string body, DateTimeOffset at, long incidentId, string responderId) =>
        throw new NotSupportedException("No world has webhooks.");

    public Gateway.Hub.Webhooks.Outgoing? EndOutgoing(long id, bool delivered, string reason, DateTimeOffset at) => throw new NotSupportedException("No world has webhooks.");

    public void ForgetOutgoing(DateTimeOffset olderThan)
    {
        // Nothing goes out, so nothing is remembered.
    }

    public void Audit(DateTimeOffset at, string actor, string kind, string subject, string content) => disk.NoteAudit();

    private static void Replace(List<SeqRange> list, int index, int count, List<SeqRange> parts)
    {
        list.RemoveRange(index, count);
        list.InsertRange(index, parts);
    }
}
