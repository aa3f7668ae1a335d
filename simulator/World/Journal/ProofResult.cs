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

    /// <summary>End at the first violation: for asking whether there is any.</summary>
    public bool StopsAtFirst { get => Texts.StopsAtFirst; init => Texts.StopsAtFirst = value; }

    public int Seed { get; set; }

    public ViolationTexts Texts { get; } = new();

    /// <summary>Takes over what a part of the proof did and found.</summary>
    public void Add(ProofResult part)
    {
        (Cuts, Images, Operations) = (Cuts + part.Cuts, Images + part.Images, Operations + part.Operations);
        Texts.Add(part.Texts);
    }
}

/// <summary>Counts violations and keeps the texts of the first hundred: enough to find the cause.</summary>
public sealed class ViolationTexts
{
    const int KeptMax = 100;
    readonly List<string> kept = [];

    public bool StopsAtFirst { get; set; }

    public int Count { get; private set; }

    public IReadOnlyList<string> Kept => kept;

    public void Add(string text)
    {
        Count++;
        if (kept.Count < KeptMax) kept.Add(text);
        if (StopsAtFirst) throw new ProofEndedException(text);
    }

    public void Add(ViolationTexts part)
    {
        Count += part.Count;
        kept.AddRange(part.kept.Take(KeptMax - kept.Count));
    }
}

/// <summary>The first violation of a proof that ends there.</summary>
public sealed class ProofEndedException(string text) : Exception(text);
