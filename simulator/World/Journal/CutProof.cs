namespace Gateway.World.Journal;

/// <summary>
/// Cuts the power before every step of every workload, and again before every step of the recovery that follows (depth 2), in the atomic model
/// and with every tear of the step that was cut.
/// </summary>
public static class CutProof
{
    static readonly Tear[] tears = [Tear.Atomic, Tear.None0, Tear.One, Tear.Half, Tear.AllButOne];

    /// <param name="stride">1: every step; n: every n-th, beginning with the seed.</param>
    public static void Run(ProofResult result, int stride)
    {
        foreach (var workload in Workload.All) Run(result, workload, stride);
    }

    public static void Run(ProofResult result, Workload workload, int stride)
    {
        var (image, oracle) = Prepared(workload, result);
        var (first, last) = StepsOf(image, oracle, workload);
        for (var cut = first + (result.Seed % stride); cut <= last; cut += stride)
        {
            foreach (var tear in tears) CutAt(result, workload, image, oracle, cut, tear);
        }
    }

    static (FlashModel Image, JournalOracle Oracle) Prepared(Workload workload, ProofResult result)
    {
        var flash = new FlashModel();
        var oracle = new JournalOracle(result.Texts) { Where = workload.Name + ", prepared" };
        if (workload == Workload.All[0]) return (flash, oracle);
        var run = JournalRun.Boot(flash, oracle, 1);
        oracle.Check(run.Journal, true);
        workload.Prepare(run);
        oracle.Check(run.Journal, false);
        return (flash, oracle);
    }

    /// <summary>The steps in which to cut: from the boot on, or from the end of the lead.</summary>
    static (int First, int Last) StepsOf(FlashModel image, JournalOracle oracle, Workload workload)
    {
        var flash = image.Remount();
        var run = JournalRun.Boot(flash, oracle.Clone(), 2);
        workload.Lead?.Invoke(run);
        var first = workload.Lead is null ? 0 : flash.Steps;
        workload.Operations(run);
        return (first, flash.Steps);
    }

    static void CutAt(ProofResult result, Workload workload, FlashModel image, JournalOracle prepared, int cut, Tear tear)
    {
        var flash = image.Remount();
        var oracle = prepared.Clone();
        oracle.Where = $"{workload.Name}, cut before step {cut}, {tear}";
        flash.CutBefore = cut;
        flash.Tear = tear;
        Incarnation(flash, oracle, 2, run =>
        {
            workload.Lead?.Invoke(run);
            workload.Operations(run);
        });
        result.Cuts++;

        // Depth 2: the recovery is cut as well, at each of its steps; the last round is not cut.
        for (var second = 0; ; second++)
        {
            var again = flash.Remount();
            var oracleAgain = oracle.Clone();
            oracleAgain.Where = $"{oracle.Where}, recovery cut before step {second}";
            again.CutBefore = second;
            again.Tear = tear;
            var wasCut = Incarnation(again, oracleAgain, 3, _ => { });
            if (wasCut) result.Cuts++;
            Final(again, oracleAgain);
            if (!wasCut) return;
        }
    }

    /// <summary>Boots and works until the power goes. True when it went.</summary>
    static bool Incarnation(FlashModel flash, JournalOracle oracle, int seed, Action<JournalRun> operations)
    {
        try
        {
            var run = JournalRun.Boot(flash, oracle, seed);
            oracle.Check(run.Journal, true);
            operations(run);
            return false;
        }
        catch (PowerCutException)
        {
            return true;
        }
    }

    /// <summary>A last boot on good power: everything must be there, and go on.</summary>
    static void Final(FlashModel flash, JournalOracle oracle)
    {
        var run = JournalRun.Boot(flash.Remount(), oracle, 4);
        oracle.Check(run.Journal, true);
        run.ReceiptAll(Firmware.Journal.LaneId.Call);
        run.Press();
        run.Event();
        run.Reset();
        oracle.Check(run.Journal, false);
        var last = JournalRun.Boot(run.Flash.Remount(), oracle, 5);
        oracle.Check(last.Journal, true);
    }
}
