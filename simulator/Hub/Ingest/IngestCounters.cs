using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Gateway.Hub.Ingest;

/// <summary>What ingest counts, per gateway for its page and in sum for the meter "Gateway.Hub". Thread-safe; starts at zero with each start of the hub.</summary>
public sealed class IngestCounters : IDisposable
{
    public const string MeterName = "Gateway.Hub";

    /// <summary>Refusals of devices that the hub does not know are counted together under this name: a flood of invented names holds no memory.</summary>
    public const string UnknownDevices = "";

    private static readonly string[] Names = [.. MessageRefusals.All];

    private readonly ConcurrentDictionary<string, long[]> _refusals = new(StringComparer.Ordinal);
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _refused;

    public IngestCounters()
    {
        _refused = _meter.CreateCounter<long>("gateway.hub.refused", "{message}", "messages refused, by name");
        Signals = _meter.CreateCounter<long>("gateway.hub.signals", "{signal}", "signals committed");
        Duplicates = _meter.CreateCounter<long>("gateway.hub.duplicates", "{signal}", "signals that were committed before");
        Conflicts = _meter.CreateCounter<long>("gateway.hub.conflicts", "{signal}", "signals whose identity came before with other bytes");
        Dropped = _meter.CreateCounter<long>("gateway.hub.dropped", "{message}", "messages to boards dropped, because the way to the broker was full");
        Commits = _meter.CreateCounter<long>("gateway.hub.commits", "{commit}", "transactions committed");
        FailedCommits = _meter.CreateCounter<long>("gateway.hub.commits.failed", "{commit}", "transactions that failed; nothing of them was acknowledged");
        CommitTime = _meter.CreateHistogram<double>("gateway.hub.commit.duration", "ms", "from the start of a batch to the return of its commit");
        BatchSize = _meter.CreateHistogram<int>("gateway.hub.batch.size", "{input}", "inputs per batch of the writer");
    }

    /// <summary>Messages to boards that found no room in a full queue.</summary>
    public Counter<long> Dropped { get; }

    public Counter<long> Signals { get; }

    public Counter<long> Duplicates { get; }

    public Counter<long> Conflicts { get; }

    public Counter<long> Commits { get; }

    public Counter<long> FailedCommits { get; }

    public Histogram<double> CommitTime { get; }

    public Histogram<int> BatchSize { get; }

    /// <summary>Counts a refusal. <paramref name="device"/> must be a provisioned device or <see cref="UnknownDevices"/>.</summary>
    public void Refuse(string device, string name)
    {
        var index = Array.IndexOf(Names, name);
        var counts = _refusals.GetOrAdd(device, static _ => new long[Names.Length]);
        Interlocked.Increment(ref counts[index]);
        _refused.Add(1, new KeyValuePair<string, object?>("name", name));
    }

    /// <summary>The refusals of a device by name; names that never occurred are left out.</summary>
    public IReadOnlyDictionary<string, long> RefusalsOf(string device)
    {
        var refusals = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (_refusals.TryGetValue(device, out var counts))
        {
            for (var i = 0; i < Names.Length; i++)
            {
                if (Interlocked.Read(ref counts[i]) is > 0 and var count)
                {
                    refusals[Names[i]] = count;
                }
            }
        }

        return refusals;
    }

    public long RefusedCount(string device) => _refusals.TryGetValue(device, out var counts) ? counts.Sum() : 0;

    /// <summary>How often a device was refused under one name.</summary>
    public long RefusedCount(string device, string name) => _refusals.TryGetValue(device, out var counts) ? Interlocked.Read(ref counts[Array.IndexOf(Names, name)]) : 0;

    public void Dispose() => _meter.Dispose();
}
