using Gateway.Hub.Ingest;

namespace Gateway.World.Hub;

/// <summary>A store that passes everything on, for a fault to override one thing.</summary>
public abstract class ForwardingStore(IHubStore inner) : IHubStore
{
    public virtual Gateway.Hub.Work.IWorkStore Work => inner.Work;

    public virtual bool HasChanges => inner.HasChanges;

    public virtual bool CheckpointDue => inner.CheckpointDue;

    public virtual void Checkpoint(IEnumerable<LaneCursor> changed) => inner.Checkpoint(changed);

    public virtual void Commit() => inner.Commit();

    public virtual void Dispose() => inner.Dispose();

    public virtual void MarkStart(DateTimeOffset at) => inner.MarkStart(at);

    public virtual IReadOnlyList<LaneCursor> LoadLanes() => inner.LoadLanes();

    public virtual IReadOnlyList<StoredGateway> LoadGateways() => inner.LoadGateways();

    public virtual IReadOnlyList<BootStart> LoadBoots() => inner.LoadBoots();

    public virtual IReadOnlyList<IncidentRow> LoadOpenIncidents() => inner.LoadOpenIncidents();

    public virtual IncidentRow? FindIncident(long id) => inner.FindIncident(id);

    public virtual long NextIncidentId() => inner.NextIncidentId();

    public virtual IReadOnlyList<StoredCredentials> LoadCredentials() => inner.LoadCredentials();

    public virtual void SaveCredentials(StoredCredentials credentials, DateTimeOffset at) => inner.SaveCredentials(credentials, at);

    public virtual void SaveRevocation(string device, DateTimeOffset at) => inner.SaveRevocation(device, at);

    public virtual IReadOnlyList<PendingReset> LoadPendingResets() => inner.LoadPendingResets();

    public virtual long AddLane(string device, Lane lane, uint epoch, DateTimeOffset at) => inner.AddLane(device, lane, epoch, at);

    public virtual long AppendSignal(in SignalRow row) => inner.AppendSignal(row);

    public virtual StoredMatch Find(long laneId, uint seq, ReadOnlySpan<byte> payload) => inner.Find(laneId, seq, payload);

    public virtual void AddMissing(long laneId, SeqRange range, DateTimeOffset at, string cause) => inner.AddMissing(laneId, range, at, cause);

    public virtual bool RemoveMissing(long laneId, uint seq) => inner.RemoveMissing(laneId, seq);

    public virtual long CountMissing(long laneId, uint above) => inner.CountMissing(laneId, above);

    public virtual void SaveBirth(string device, ReadOnlyMemory<byte> payload, DateTimeOffset at) => inner.SaveBirth(device, payload, at);

    public virtual void SaveConfigReported(string device, int version, string state, string reason, ReadOnlyMemory<byte> payload) => inner.SaveConfigReported(device, version, state, reason, payload);

    public virtual void SaveConfigInForce(string device, int version) => inner.SaveConfigInForce(device, version);

    public virtual void ForgetBirth(string device) => inner.ForgetBirth(device);

    public virtual void SaveDesired(string device, Gateway.Hub.Fleet.DesiredConfiguration desired) => inner.SaveDesired(device, desired);

    public virtual void SaveBoot(BootStart boot) => inner.SaveBoot(boot);

    public virtual void ForgetBoots(string device) => inner.ForgetBoots(device);

    public virtual void AddDiary(string device, DateTimeOffset at, string kind, string text) => inner.AddDiary(device, at, kind, text);

    public virtual void AppendIncidentEvent(IncidentEventRow row) => inner.AppendIncidentEvent(row);

    public virtual void SaveIncident(IncidentRow row) => inner.SaveIncident(row);

    public virtual void LinkSignal(long signalId, long incidentId, long laneId, uint call) => inner.LinkSignal(signalId, incidentId, laneId, call);

    public virtual StoredOutcome? FindOutcome(string idempotencyKey) => inner.FindOutcome(idempotencyKey);

    public virtual void SaveOutcome(string idempotencyKey, StoredOutcome outcome, DateTimeOffset at) => inner.SaveOutcome(idempotencyKey, outcome, at);

    public virtual void ForgetOutcomes(DateTimeOffset olderThan) => inner.ForgetOutcomes(olderThan);

    public virtual void ForgetCommands(DateTimeOffset olderThan) => inner.ForgetCommands(olderThan);

    public virtual void SaveCommand(string id, string device, string command, string actor, DateTimeOffset at) => inner.SaveCommand(id, device, command, actor, at);

    public virtual void SaveCommandResult(string device, string id, string result, string reason, DateTimeOffset at) =>
        inner.SaveCommandResult(device, id, result, reason, at);

    public virtual IReadOnlyList<Gateway.Hub.Stations.MovedCallPoint> LoadMoved() => inner.LoadMoved();

    public virtual void SaveMoved(Gateway.Hub.Stations.MovedCallPoint moved) => inner.SaveMoved(moved);

    public virtual IReadOnlyList<Gateway.Hub.Dispatch.DutyEntry> LoadDuty() => inner.LoadDuty();

    public virtual void SaveDuty(Gateway.Hub.Dispatch.DutyEntry entry) => inner.SaveDuty(entry);

    public virtual void ForgetDuty(string responderId) => inner.ForgetDuty(responderId);

    public virtual long AddOutgoing(string target, string name, string body, DateTimeOffset at, long incidentId, string responderId) =>
        inner.AddOutgoing(target, name, body, at, incidentId, responderId);

    public virtual Gateway.Hub.Webhooks.Outgoing? EndOutgoing(long id, bool delivered, string reason, DateTimeOffset at) => inner.EndOutgoing(id, delivered, reason, at);

    public virtual void ForgetOutgoing(DateTimeOffset olderThan) => inner.ForgetOutgoing(olderThan);

    public virtual int EraseWords(DateTimeOffset closedBefore, int max, string actor, DateTimeOffset at) => inner.EraseWords(closedBefore, max, actor, at);

    public virtual void EraseWordsOf(long incidentId, string actor, DateTimeOffset at) => inner.EraseWordsOf(incidentId, actor, at);

    public virtual void Audit(DateTimeOffset at, string actor, string kind, string subject, string content) => inner.Audit(at, actor, kind, subject, content);
}
