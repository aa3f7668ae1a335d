namespace Gateway.World.Journal;

/// <summary>The whole set: every cut, every fault, the model check. See firmware/README.md for what each part means.</summary>
public static class JournalProof
{
    public const long OperationsWhole = 1_000_000;

    /// <summary>Every so many bits of the full image are flipped when only a part is run.</summary>
    public const int SampledBits = 1_009;

    /// <param name="stride">1 runs everything; a larger one every n-th case of each row.</param>
    /// <param name="operations">Random operations of the model check.</param>
    public static ProofResult Run(int seed, int stride, long operations) => Run(new ProofResult { Seed = seed }, stride, operations);

    /// <summary>True when a short run, ended at its first violation, finds one.</summary>
    public static bool FindsViolation(int seed, int stride, long operations)
    {
        try
        {
            return Run(new ProofResult { Seed = seed, StopsAtFirst = true }, stride, operations).Violations > 0;
        }
        catch (ProofEndedException)
        {
            return true;
        }
    }

    static ProofResult Run(ProofResult result, int stride, long operations)
    {
        CutProof.Run(result, stride);
        FaultProof.Run(result, stride);
        FlipProof.Run(result, stride == 1 ? 1 : SampledBits);
        ModelCheck.Run(result, operations);
        ConfigurationProof.Run(result);
        return result;
    }

    public static ProofResult RunWhole(int seed) => Run(seed, 1, OperationsWhole);
}
