using Gateway.Firmware.Journal;

namespace Gateway.World.Journal;

/// <summary>
/// Flash that fails instead of losing power: each step of each workload fails (cleanly, torn, or after the fact), the disk is full, one file is
/// unreadable, the mount comes back empty; and bits flip.
/// </summary>
public static class FaultProof
{
    static readonly Tear[] tears = [Tear.Atomic, Tear.Half, Tear.AllButOne];

    public static void Run(ProofResult result, int stride)
    {
        foreach (var workload in Workload.All)
        {
            FailSteps(result, workload, stride);
        }

        FlipBits(result, stride);
        FullDisk(result, stride);
        UnreadableFiles(result);
        EmptyMount(result);
    }

    static void FailSteps(ProofResult result, Workload workload, int stride)
    {
        var flash = new FlashModel();
        var prepared = new JournalOracle(result.Texts) { Where = workload.Name + ", prepared" };
        var first = JournalRun.Boot(flash, prepared, 1);
        prepared.Check(first.Journal, true);
        workload.Prepare(first);
        for (var step = result.Seed % stride; step < 40; step += stride)
        {
            foreach (var tear in tears)
            {
                foreach (var (count, after) in new[] { (1, false), (3, false), (int.MaxValue - 1000, false), (1, true) })
                {
                    var oracle = prepared.Clone();
                    oracle.Where = $"{workload.Name}, step {step} fails x {count}, {tear}{(after ? " after the fact" : "")}";
                    var failing = flash.Remount();
                    (failing.FailAt, failing.FailCount, failing.FailsAfterTheFact, failing.Tear) = (step, count, after, tear);
                    var run = JournalRun.Boot(failing, oracle, 2);
                    if (!run.Journal.Report.StateNotSaved) oracle.Check(run.Journal, true);
                    workload.Operations(run);
                    oracle.Check(run.Journal, false);
                    oracle.Where += ", next boot";

                    // A boot whose state was not saved may get its number again: said in README.md.
                    var again = JournalRun.Boot(failing.Remount(), oracle, 3);
                    oracle.Check(again.Journal, !run.Journal.Report.StateNotSaved && count < 4);
                    again.Press();
                    again.Event();
                    oracle.Check(again.Journal, false);
                    result.Images++;
                }
            }
        }
    }

    /// <summary>The disk is full after so many bytes more, at each place of each workload: what was durable stays, what was refused never comes back.</summary>
    static void FullDisk(ProofResult result, int stride)
    {
        foreach (var workload in Workload.All)
        {
            var flash = new FlashModel();
            var prepared = new JournalOracle(result.Texts) { Where = workload.Name + ", prepared" };
            var first = JournalRun.Boot(flash, prepared, 1);
            prepared.Check(first.Journal, true);
            workload.Prepare(first);
            for (var room = result.Seed % stride * 8; room < 600; room += 8 * stride)
            {
                var oracle = prepared.Clone();
                oracle.Where = $"{workload.Name}, room for {room} bytes more";
                var full = flash.Remount();
                full.BytesMax = full.Bytes + room;
                var run = JournalRun.Boot(full, oracle, 2);
                if (!run.Journal.Report.StateNotSaved) oracle.Check(run.Journal, true);
                workload.Operations(run);
                oracle.Check(run.Journal, false);
                oracle.Where += ", next boot with room again";
                var again = JournalRun.Boot(full.Remount(), oracle, 3);
                oracle.Check(again.Journal, !run.Journal.Report.StateNotSaved);
                again.Press();
                again.Event();
                oracle.Check(again.Journal, false);
                result.Images++;
            }
        }
    }

    static void FlipBits(ProofResult result, int stride)
    {
        var flash = new FlashModel();
        var prepared = new JournalOracle(result.Texts) { Where = "flips, prepared" };
        var run = JournalRun.Boot(flash, prepared, 1);
        prepared.Check(run.Journal, true);
        for (var i = 0; i < Lane.SlotsPerSegment + 20; i++)
        {
            run.Press();
            run.Event();
        }

        run.Mark();
        prepared.Check(run.Journal, false);
        foreach (var name in flash.Names.ToArray())
        {
            for (var bit = result.Seed % stride; bit < flash.LengthOf(name) * 8; bit += stride)
            {
                var oracle = prepared.Clone();
                oracle.Where = $"{name}, bit {bit} flipped";
                oracle.LossAllowed = name.StartsWith("state", StringComparison.Ordinal) ? 0 : 1;
                var again = JournalRun.Boot(flash.Flipped(name, bit), oracle, 2);
                oracle.Check(again.Journal, true);
                var reported = again.Journal.Report.HasDamage;
                if (oracle.LossAllowed == 1 && !reported) result.Texts.Add($"{oracle.Where}: not reported");
                result.Images++;
            }
        }
    }

    static void UnreadableFiles(ProofResult result)
    {
        var flash = new FlashModel();
        var prepared = new JournalOracle(result.Texts) { Where = "unreadable, prepared" };
        var run = JournalRun.Boot(flash, prepared, 1);
        prepared.Check(run.Journal, true);
        for (var i = 0; i < 3 * Lane.SlotsPerSegment; i++)
        {
            run.Press();
            run.Event();
        }

        foreach (var name in flash.Names.ToArray())
        {
            var oracle = prepared.Clone();
            oracle.Where = name + " is unreadable";
            oracle.LossAllowed = name.StartsWith("state", StringComparison.Ordinal) ? 0 : Lane.SlotsPerSegment;
            var bad = flash.Remount();
            bad.BadFile = name;
            var again = JournalRun.Boot(bad, oracle, 2);
            oracle.Check(again.Journal, oracle.LossAllowed > 0);
            again.Press();
            again.Event();
            oracle.Check(again.Journal, false);
            result.Images++;
        }
    }

    static void EmptyMount(ProofResult result)
    {
        var run = JournalRun.Boot(new FlashModel(), new JournalOracle(result.Texts), 1);
        var other = JournalRun.Boot(new FlashModel(), new JournalOracle(result.Texts), 2);
        if (!run.Journal.Report.StartedEmpty || run.Journal.Calls.Epoch == other.Journal.Calls.Epoch || run.Journal.Calls.Epoch == run.Journal.Events.Epoch)
        {
            result.Texts.Add("an empty mount does not begin new epochs");
        }

        result.Images++;
    }
}
