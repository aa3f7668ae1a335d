using Gateway.Firmware.Journal;

namespace Gateway.World.Journal;

/// <summary>Random operations, cuts, tears and failing writes against the oracle's plain lists. The seed replays it.</summary>
public static class ModelCheck
{
    /// <summary>The oracle's lists begin anew after this many operations, to keep each comparison short.</summary>
    const int OperationsPerRound = 20000;

    public static void Run(ProofResult result, long operations)
    {
        foreach (var round in Rounds(operations)) round(result);
    }

    /// <summary>Independent of each other, each with a seed of its own.</summary>
    public static IEnumerable<Action<ProofResult>> Rounds(long operations)
    {
        for (var first = 0L; first < operations; first += OperationsPerRound)
        {
            var (round, count) = ((int)(first / OperationsPerRound), Math.Min(OperationsPerRound, operations - first));
            yield return result => Round(result, result.Seed + round, count);
        }
    }

    static void Round(ProofResult result, int seed, long operations)
    {
        var random = new Random(seed);
        var oracle = new JournalOracle(result.Texts);
        var flash = new FlashModel();
        var boots = 0;
        var end = result.Operations + operations;
        while (result.Operations < end)
        {
            oracle.Where = $"seed {seed}, operation {result.Operations}, boot {boots}";
            flash = flash.Remount();

            // Tears and failures only now and then: most boots end by a clean cut at some step.
            if (random.Next(3) != 0) flash.CutBefore = random.Next(400);
            if (random.Next(4) == 0) flash.Tear = (Tear)random.Next(5);
            if (random.Next(5) == 0) (flash.FailAt, flash.FailCount) = (2 + random.Next(100), 1 + random.Next(5));
            try
            {
                var run = JournalRun.Boot(flash, oracle, seed + ++boots);
                oracle.Check(run.Journal, true);
                var until = Math.Min(end, result.Operations + random.Next(600));
                while (result.Operations < until)
                {
                    result.Operations++;
                    Operate(run, random);
                }
            }
            catch (PowerCutException)
            {
                result.Cuts++;
            }
        }

        oracle.Check(JournalRun.Boot(flash.Remount(), oracle, seed).Journal, true);
    }

    static void Operate(JournalRun run, Random random)
    {
        switch (random.Next(20))
        {
            case 0 or 1: run.Press(); break;
            case 2 or 3: run.Repeat(); break;
            case 4: run.Reset(); break;
            case 5 or 6: run.Receipt(LaneId.Call, run.Journal.Calls.Acknowledged + (uint)random.Next(40)); break;
            case 7 or 8: run.Receipt(LaneId.Event, run.Journal.Events.Acknowledged + (uint)random.Next(40)); break;
            case 9: run.Tidy(); break;
            case 10: run.TidySoon(); break;
            case 11: run.Mark(); break;
            case 12: run.Silent(); break;
            default: run.Event(); break;
        }
    }
}
