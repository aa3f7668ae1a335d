namespace Gateway.Hub.Ingest;

/// <summary>
/// Which box was asked to sound for whom, so that a turn of its key answers that and nothing else [GW-46]. In memory: after a restart it is told again from the
/// open incidents, and a call that has ended needs no answer.
/// </summary>
internal sealed class Ringing
{
    /// <summary>How far a board's clock may be off, s: before the first and after the last moment of the sound.</summary>
    private const int ClockSlackS = 5;

    /// <summary>How long after the sound the news of the key may still come, s: the link may have failed in between. Then the ring is forgotten.</summary>
    public const int KeptS = 3_600;

    private readonly Dictionary<string, List<Ring>> _rings = new(StringComparer.Ordinal);

    /// <summary>A box sounds for a call.</summary>
    /// <param name="ResponderId">Who is called by it; empty for a neighbour's alert.</param>
    /// <param name="Until">When it is silent again by itself, at the latest.</param>
    public readonly record struct Ring(long IncidentId, string ResponderId, DateTimeOffset From, DateTimeOffset Until);

    /// <summary>Notes a ring; one that is known for the same call and person goes on with both times.</summary>
    public void Add(string device, Ring ring)
    {
        if (!_rings.TryGetValue(device, out var rings))
        {
            _rings[device] = rings = [];
        }

        // Bounded by who can be told: what is over is forgotten, and a person has one ring per call and box.
        rings.RemoveAll(known => known.Until.AddSeconds(KeptS) < ring.From);
        var index = rings.FindIndex(known => known.IncidentId == ring.IncidentId && known.ResponderId == ring.ResponderId);
        if (index < 0)
        {
            rings.Add(ring);
        }
        else
        {
            rings[index] = rings[index] with { Until = ring.Until };
        }
    }

    /// <summary>What a key that was turned at this moment answers; each ring is answered once.</summary>
    public IReadOnlyList<Ring> Answer(string device, DateTimeOffset turnedAt)
    {
        if (!_rings.TryGetValue(device, out var rings))
        {
            return [];
        }

        var answered = rings.Where(ring => turnedAt >= ring.From.AddSeconds(-ClockSlackS) && turnedAt <= ring.Until.AddSeconds(ClockSlackS)).ToList();
        rings.RemoveAll(answered.Contains);
        if (rings.Count == 0)
        {
            _rings.Remove(device);
        }

        return answered;
    }
}
