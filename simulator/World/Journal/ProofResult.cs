namespace Gateway.World.Journal;

/// <summary>What a proof did and what it found. <see cref="Violations"/> must be 0.</summary>
public sealed class ProofResult
{
    /// <summary>Power cuts, each followed by a recovery and a full comparison.</summary>
    public long Cuts { get; set; }

    /// <summary>Images recovered that no cut made: flipped bits, failed writes, unreadable files, empty mounts.</summary>
    public long Images { get; set; }

    /// <summary>Operations of the random model check.</summary>
    public long Operations { get; set; }

    public int Violations => Texts.Count;

    public int Seed { get; set; }

    /// <summary>The first hundred violations as text; later ones are empty.</summary>
    public List<string> Texts { get; } = [];
}
