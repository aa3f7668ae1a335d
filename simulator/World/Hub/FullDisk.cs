using Gateway.Hub.Ingest;
using Microsoft.Data.Sqlite;

namespace Gateway.World.Hub;

/// <summary>The store's port while the disk is full: a write fails as SQLite's does, at the first row, in the middle of the batch, or at its commit.</summary>
internal sealed class FullDisk(IHubStore inner, Func<bool> isFull, Func<bool> strikesHere) : ForwardingStore(inner)
{
    private const int SqliteFull = 13;

    public override long AppendSignal(in SignalRow row)
    {
        Write(strikesHere());
        return base.AppendSignal(row);
    }

    public override void SaveIncident(IncidentRow row)
    {
        Write(strikesHere());
        base.SaveIncident(row);
    }

    public override void Commit()
    {
        Write(HasChanges);
        base.Commit();
    }

    private void Write(bool strikes)
    {
        if (strikes && isFull())
        {
            throw new SqliteException("database or disk is full", SqliteFull);
        }
    }
}
