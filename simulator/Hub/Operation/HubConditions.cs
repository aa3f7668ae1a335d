using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Gateway.Hub.Operation;

/// <summary>Something about the hub itself that a person must see to, while it lasts. <paramref name="Name"/> is stable; the sentence is for people who run the hub.</summary>
public sealed record HubCondition(string Name, string Sentence, DateTimeOffset Since);

/// <summary>
/// What is wrong with the hub itself (a disk that fills, a backup that failed, a certificate that ends): on every page of the console, in <c>/health</c>, in the
/// log and in the audit. Any thread. Bounded by the number of names.
/// </summary>
public sealed class HubConditions(TimeProvider time, ILogger log)
{
    /// <summary>Every name there is; each has its words in the console's languages.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        Housekeeping.BackupCondition, BrokerClient.LostCondition, ServerCertificates.ExpiresCondition, ServerCertificates.UnreadableCondition,
        Housekeeping.DiskCondition, Housekeeping.StorageCondition,
    ];

    private readonly Lock _gate = new();
    private ImmutableSortedDictionary<string, HubCondition> _all = ImmutableSortedDictionary<string, HubCondition>.Empty;

    /// <summary>What is the case now, by name.</summary>
    public IReadOnlyCollection<HubCondition> All => [.. Volatile.Read(ref _all).Values];

    /// <summary>Called after a condition began (true) or ended (false), on the thread that found it.</summary>
    public event Action<HubCondition, bool>? Changed;

    /// <summary>A condition is the case. Told once, however often it is raised; a new sentence replaces the old one quietly.</summary>
    public void Raise(string name, string sentence)
    {
        HubCondition condition;
        lock (_gate)
        {
            if (_all.TryGetValue(name, out var known))
            {
                _all = _all.SetItem(name, known with { Sentence = sentence });
                return;
            }

            condition = new HubCondition(name, sentence, time.GetUtcNow());
            _all = _all.Add(name, condition);
        }

        log.LogWarning("{Name}: {Sentence}", name, sentence);
        Changed?.Invoke(condition, true);
    }

    /// <summary>It is no longer the case.</summary>
    public void End(string name)
    {
        HubCondition? condition;
        lock (_gate)
        {
            if (!_all.TryGetValue(name, out condition))
            {
                return;
            }

            _all = _all.Remove(name);
        }

        log.LogWarning("{Name}: over", name);
        Changed?.Invoke(condition, false);
    }
}
