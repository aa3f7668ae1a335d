using Gateway.Firmware.Ports;
using Gateway.Hub.Ingest;

namespace Gateway.World.Tests;

/// <summary>Ports that pass everything on, for faults to override one thing.</summary>
internal abstract class FlashDecorator(IFlash inner) : IFlash
{
    protected IFlash Inner => inner;

    public string[] List()
    {
        Before();
        return inner.List();
    }

    public bool Exists(string name)
    {
        Before();
        return inner.Exists(name);
    }

    public int Length(string name)
    {
        Before();
        return inner.Length(name);
    }

    public int Read(string name, int position, byte[] buffer, int offset, int count)
    {
        Before();
        return inner.Read(name, position, buffer, offset, count);
    }

    public virtual void Append(string name, byte[] buffer, int offset, int count) => inner.Append(name, buffer, offset, count);

    public void Write(string name, byte[] buffer, int offset, int count)
    {
        Before();
        inner.Write(name, buffer, offset, count);
    }

    public void Delete(string name)
    {
        Before();
        inner.Delete(name);
    }

    protected virtual void Before()
    {
        // Nothing waits, unless a fault lets it.
    }
}

internal abstract class InputsDecorator(IInputs inner) : IInputs
{
    public int Count => inner.Count;

    public virtual bool IsAsserted(int input) => inner.IsAsserted(input);

    public virtual long TakeAssertedEdgeMs(int input) => inner.TakeAssertedEdgeMs(input);
}

internal abstract class LinkDecorator(ILink inner) : ILink
{
    public LinkState State => inner.State;

    public void Open(LinkRequest request) => inner.Open(request);

    public void Close() => inner.Close();

    public virtual bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain) =>
        inner.TryPublish(topic, payload, count, atLeastOnce, retain);

    public virtual bool TryReceive(LinkMessage message) => inner.TryReceive(message);
}

internal abstract class StoreDecorator(IHubStore inner) : IHubStore
{
    public Gateway.Hub.Work.IWorkStore Work => inner.Work;

    public bool HasChanges => inner.HasChanges;

    public bool CheckpointDue => inner.CheckpointDue;

    public void Checkpoint(IEnumerable<LaneCursor> changed) => inner.Checkpoint(changed);

    public virtual void Commit() => inner.Commit();

    public void Dispose() => inner.Dispose();

    public void MarkStart(DateTimeOffset at) => inner.MarkStart(at);

    public IReadOnlyList<LaneCursor> LoadLanes() => inner.LoadLanes();

    public IReadOnlyList<StoredGateway> LoadGateways() => inner.LoadGateways();

    public IReadOnlyList<BootStart> LoadBoots() => inner.LoadBoots();

    public IReadOnlyList<IncidentRow> LoadOpenIncidents() => inner.LoadOpenIncidents();

    public IncidentRow? FindIncident(long id) => inner.FindIncident(id);

    public long NextIncidentId() => inner.NextIncidentId();

    public IReadOnlyList<StoredCredentials> LoadCredentials() => inner.LoadCredentials();

    public void SaveCredentials(StoredCredentials credentials, DateTimeOffset at) => inner.SaveCredentials(credentials, at);

    public void SaveRevocation(string device, DateTimeOffset at) => inner.SaveRevocation(device, at);

    public IReadOnlyList<PendingReset> LoadPendingResets() => inner.LoadPendingResets();

    public long AddLane(string device, Lane lane, uint epoch, DateTimeOffset at) => inner.AddLane(device, lane, epoch, at);

    public virtual long AppendSignal(in SignalRow row) => inner.AppendSignal(row);

    public virtual StoredMatch Find(long laneId, uint seq, ReadOnlySpan<byte> payload) => inner.Find(laneId, seq, payload);

    public void AddMissing(long laneId, SeqRange range, DateTimeOffset at, string cause) => inner.AddMissing(laneId, range, at, cause);

    public bool RemoveMissing(long laneId, uint seq) => inner.RemoveMissing(laneId, seq);

    public long CountMissing(long laneId, uint above) => inner.CountMissing(laneId, above);

    public void SaveBirth(string device, ReadOnlyMemory<byte> payload, DateTimeOffset at) => inner.SaveBirth(device, payload, at);

    public void SaveConfigReported(string device, int version, string state, string reason, ReadOnlyMemory<byte> payload) => inner.SaveConfigReported(device, version, state, reason, payload);

    public void SaveConfigInForce(string device, int version) => inner.SaveConfigInForce(device, version);

    public void ForgetBirth(string device) => inner.ForgetBirth(device);

    public void SaveDesired(string device, Gateway.Hub.Fleet.DesiredConfiguration desired) => inner.SaveDesired(device, desired);

    public void SaveBoot(BootStart boot) => inner.SaveBoot(boot);

    public void ForgetBoots(string device) => inner.ForgetBoots(device);

    public void AddDiary(string device, DateTimeOffset at, string kind, string text) => inner.AddDiary(device, at, kind, text);

    public void AppendIncidentEvent(IncidentEventRow row) => inner.AppendIncidentEvent(row);

    public virtual void SaveIncident(IncidentRow row) => inner.SaveIncident(row);

    public virtual void LinkSignal(long signalId, long incidentId, long laneId, uint call) => inner.LinkSignal(signalId, incidentId, laneId, call);

    public StoredOutcome? FindOutcome(string idempotencyKey) => inner.FindOutcome(idempotencyKey);

    public void SaveOutcome(string idempotencyKey, StoredOutcome outcome, DateTimeOffset at) => inner.SaveOutcome(idempotencyKey, outcome, at);

    public void ForgetOutcomes(DateTimeOffset olderThan) => inner.ForgetOutcomes(olderThan);

    public void ForgetCommands(DateTimeOffset olderThan) => inner.ForgetCommands(olderThan);

    public void SaveCommand(string id, string device, string command, string actor, DateTimeOffset at) => inner.SaveCommand(id, device, command, actor, at);

    public void SaveCommandResult(string device, string id, string result, string reason, DateTimeOffset at) =>
        inner.SaveCommandResult(device, id, result, reason, at);

    public IReadOnlyList<Gateway.Hub.Dispatch.DutyEntry> LoadDuty() => inner.LoadDuty();

    public void SaveDuty(Gateway.Hub.Dispatch.DutyEntry entry) => inner.SaveDuty(entry);

    public void ForgetDuty(string responderId) => inner.ForgetDuty(responderId);

    public long AddOutgoing(string target, string name, string body, DateTimeOffset at, long incidentId, string responderId) =>
        inner.AddOutgoing(target, name, body, at, incidentId, responderId);

    public Gateway.Hub.Webhooks.Outgoing? EndOutgoing(long id, bool delivered, string reason, DateTimeOffset at) => inner.EndOutgoing(id, delivered, reason, at);

    public void ForgetOutgoing(DateTimeOffset olderThan) => inner.ForgetOutgoing(olderThan);

    public void Audit(DateTimeOffset at, string actor, string kind, string subject, string content) => inner.Audit(at, actor, kind, subject, content);
}
