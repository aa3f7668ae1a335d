using Gateway.Hub.Ingest;

namespace Gateway.World.Hub;

/// <summary>A store that wants its checkpoint much sooner than it must: cursors and the index of signals are then read back at each start.</summary>
internal sealed class EarlyCheckpoints(IHubStore inner, Func<bool> isDueNow) : ForwardingStore(inner)
{
    public override bool CheckpointDue => base.CheckpointDue || (HasChanges && isDueNow());
}
