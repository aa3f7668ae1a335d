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
        Action<ProofResult>[] parts =
        [
            .. Workload.All.Select(workload => (Action<ProofResult>)(part => CutProof.Run(part, workload, stride))),
            part => FaultProof.Run(part, stride),
            ConfigurationProof.Run,
            .. ModelCheck.Rounds(operations),
        ];
        RunParts(result, parts);
        FlipProof.Run(result, stride == 1 ? 1 : SampledBits);
        return result;
    }

    /// <summary>The parts know nothing of each other: on all cores, unless the first violation is to end it all.</summary>
    static void RunParts(ProofResult result, Action<ProofResult>[] parts)
    {
        if (result.StopsAtFirst)
        {
            foreach (var part in parts) part(result);
            return;
        }

        var results = parts.Select(_ => new ProofResult { Seed = result.Seed }).ToArray();
        Parallel.For(0, parts.Length, i => parts[i](results[i]));
        foreach (var part in results) result.Add(part);
    }

    public static ProofResult RunWhole(int seed) => Run(seed, 1, OperationsWhole);
}
