namespace Gateway.World.Journal;

/// <summary>
/// The stored configuration under the journal's rules: the power is cut before and in every step of every workload with every tear, and again in every step of the recovery (depth 2); every
/// write fails, every bit flips, every copy is unreadable. What is in force afterwards is one of the configurations that may be, whole, and the board goes on.
/// </summary>
public static class ConfigurationProof
{
    static readonly Tear[] tears = [Tear.Atomic, Tear.None0, Tear.One, Tear.Half, Tear.AllButOne];

    static readonly (string Name, Action<ConfigurationRun> Prepare, Action<ConfigurationRun> Operations)[] workloads =
    [
        ("first save", _ => { }, run => run.Try(1)),
        ("first trial, reached", run => run.Try(1), run => run.Reach()),
        ("first trial, not reached", run => run.Try(1), run => run.TakeBack()),
        ("second trial, reached", run => { run.Try(1); run.Reach(); }, run => { run.Try(2); run.Reach(); }),
        ("second trial, not reached", run => { run.Try(1); run.Reach(); }, run => { run.Try(2); run.TakeBack(); }),
        ("a trial in the place of a trial", run => { run.Try(1); run.Reach(); run.Try(2); }, run => { run.Try(3); run.Reach(); }),
        ("set at the box", run => { run.Try(1); run.Reach(); }, run => { run.SetAtTheBox(50); run.SetAtTheBox(60); }),
        ("set at an empty box", _ => { }, run => run.SetAtTheBox(50)),
        ("set at the box, then desired", run => { run.Try(1); run.Reach(); run.SetAtTheBox(50); }, run => { run.Try(2); run.TakeBack(); run.Try(3); run.Reach(); }),
    ];

    public static void Run(ProofResult result)
    {
        foreach (var (name, prepare, operations) in workloads)
        {
            var prepared = new ConfigurationRun(new FlashModel(), result.Texts) { Where = name + ", prepared" };
            prepare(prepared);
            var whole = prepared.Again(prepared.Flash.Remount());
            var booted = whole.Flash.Steps;
            operations(whole);
            for (var cut = 0; cut <= whole.Flash.Steps; cut++)
            {
                foreach (var tear in tears) CutAt(result, prepared, operations, $"{name}, cut before step {cut} ({booted} of the boot), {tear}", cut, tear);
                FailAt(result, prepared, operations, $"{name}, step {cut} fails", cut, afterTheFact: false);
                FailAt(result, prepared, operations, $"{name}, step {cut} fails after the fact", cut, afterTheFact: true);
            }

            DamagedImages(result, whole, name);
        }
    }

    static void CutAt(ProofResult result, ConfigurationRun prepared, Action<ConfigurationRun> operations, string where, int cut, Tear tear)
    {
        var flash = prepared.Flash.Remount();
        (flash.CutBefore, flash.Tear) = (cut, tear);
        var run = Incarnation(prepared, flash, where, operations, out _);
        result.Cuts++;
        for (var second = 0; ; second++)
        {
            var again = flash.Remount();
            (again.CutBefore, again.Tear) = (second, tear);
            var recovered = Incarnation(run, again, $"{where}, recovery cut before step {second}", static _ => { }, out var wasCut);
            if (wasCut) result.Cuts++;
            Final(recovered, again);
            if (!wasCut) return;
        }
    }

    static void FailAt(ProofResult result, ConfigurationRun prepared, Action<ConfigurationRun> operations, string where, int step, bool afterTheFact)
    {
        var flash = prepared.Flash.Remount();
        (flash.FailAt, flash.FailsAfterTheFact) = (step, afterTheFact);
        Final(Incarnation(prepared, flash, where, operations, out _), flash);
        result.Images++;
    }

    /// <summary>Both copies hold what is in force, or one the trial and one the last good: damage to either leaves the other.</summary>
    static void DamagedImages(ProofResult result, ConfigurationRun whole, string name)
    {
        foreach (var file in whole.Flash.Names.ToArray())
        {
            for (var bit = 0; bit < whole.Flash.LengthOf(file) * 8; bit++)
            {
                whole.Again(whole.Flash.Flipped(file, bit), $"{name}, {file}, bit {bit} flipped");
                result.Images++;
            }

            var unreadable = whole.Flash.Remount();
            unreadable.BadFile = file;
            whole.Again(unreadable, $"{name}, {file} is unreadable");
            result.Images++;
        }
    }

    /// <summary>Boots on what is left and works until the power goes. What may be in force is then what may be after that.</summary>
    static ConfigurationRun Incarnation(ConfigurationRun before, FlashModel flash, string where, Action<ConfigurationRun> operations, out bool wasCut)
    {
        var run = before.Unbooted(flash, where);
        try
        {
            run.Boot();
            run.Quiet();
            operations(run);
            wasCut = false;
        }
        catch (PowerCutException)
        {
            wasCut = true;
        }

        return run;
    }

    /// <summary>On good power: what is in force may be, and a new configuration is taken, reached and kept.</summary>
    static void Final(ConfigurationRun run, FlashModel flash)
    {
        var last = run.Again(flash.Remount(), run.Where + ", at last");
        last.Quiet();
        last.Try(1_000);
        last.Reach();
        last.Again(last.Flash.Remount(), run.Where + ", after all");
    }
}
