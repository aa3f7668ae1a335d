using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Gateway.Cli.Demo;
using Gateway.Cli.Prove;
using Gateway.Hub.Audit;
using Gateway.Mqtt.Proof;
using Gateway.World.Journal;

namespace Gateway.Cli.Commands;

/// <summary>
/// <c>prove journal</c>: every power cut, fault and flipped bit of the journal's fault injection, and the random model check. <c>prove audit</c>: every way to
/// tamper with the audit chain. <c>prove kills</c>: what the hub acknowledged outlives its process. <c>prove fuzz</c>: damaged packets against
/// the MQTT endpoint.
/// </summary>
internal static class ProveCommand
{
    private static readonly TimeSpan KillsShownEvery = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var seed = NumberOption.Create("--seed", "Seed of the random part; a fresh one by default.", 0, int.MaxValue, () => Random.Shared.Next(1, int.MaxValue));
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        var journal = new Command("journal", "Run the whole fault injection of the board's journal (minutes; build with -c Release).") { seed, json };
        journal.SetAction(parsed => RunJournal(parsed.GetValue(seed), parsed.GetValue(json), Console.Out));
        var entries = NumberOption.Create("--entries", "Entries of the chain; the time grows with their square.", 2, 100_000, () => 10_000);
        var audit = new Command("audit", "Edit, delete and swap the entries of an audit chain in every way, and see each found.") { entries, json };
        audit.SetAction(parsed => RunAudit(parsed.GetValue(entries), parsed.GetValue(json), Console.Out));
        return new Command("prove", "Prove a promise by exhaustion.") { journal, audit, Kills(), Fuzz() };
    }

    private static int RunAudit(int entries, bool json, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        var result = TamperProof.Run(TamperProof.MakeChain(entries));
        foreach (var missed in result.Missed)
        {
            output.WriteLine("not found: " + missed);
        }

        output.WriteLine(json
            ? JsonSerializer.Serialize(new { entries, edits = result.Edits, deletions = result.Deletions, swaps = result.Swaps, missed = result.Missed.Count, seconds = Math.Round(watch.Elapsed.TotalSeconds) })
            : $"{entries:N0} entries: {result.Edits:N0} edits, {result.Deletions:N0} deletions, {result.Swaps:N0} swaps; {result.Missed.Count} not found, {watch.Elapsed.TotalSeconds:F0} s");
        return result.Missed.Count == 0 ? 0 : 1;
    }

    private static Command Kills()
    {
        var times = NumberOption.Create("--times", "How often the hub is killed; about two seconds each. Ctrl+C or SIGTERM ends it early, and judges what was done.", 1, 1_000_000, () => 20);
        var seed = NumberOption.Create("--seed", "Decides when it is killed; a fresh one by default.", 0, int.MaxValue, () => Random.Shared.Next(1, int.MaxValue));
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        var command = new Command("kills", "Kill a hub (SIGKILL) in the middle of a flood, again and again, and look for what was acknowledged.") { times, seed, json };
        command.SetAction((parsed, cancellation) => RunKillsAsync(parsed.GetValue(times), parsed.GetValue(seed), parsed.GetValue(json), Console.Out, Console.Error, cancellation));
        return command;
    }

    private static async Task<int> RunKillsAsync(int times, int seed, bool json, TextWriter output, TextWriter progress, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var shown = TimeSpan.Zero;
        var proof = new KillProof(times, seed, DemoHost.DemoStationFile, DemoHost.LoadDemoStation().Boards[0].DeviceId)
        {
            OnKill = (kills, acknowledged) =>
            {
                if (watch.Elapsed - shown >= KillsShownEvery)
                {
                    shown = watch.Elapsed;
                    progress.WriteLine($"{kills:N0} of {times:N0} kills, {acknowledged:N0} acknowledged, {shown.TotalSeconds:F0} s");
                }
            },
        };
        var result = await proof.RunAsync(cancellation);
        foreach (var violation in result.Violations)
        {
            output.WriteLine("violation: " + violation);
        }

        if (result.Stopped is { } reason)
        {
            await progress.WriteLineAsync($"Stopped after {result.Kills:N0} of {times:N0} kills: {reason}");
        }

        output.WriteLine(json
            ? JsonSerializer.Serialize(new
            {
                kills = result.Kills, asked = times, acknowledged = result.Acknowledged, receipted = result.Receipted, stored = result.Stored, calls = result.Calls,
                violations = result.Violations.Count, stopped = result.Stopped, seed = result.Seed, seconds = Math.Round(watch.Elapsed.TotalSeconds),
            })
            : $"{result.Kills:N0} of {times:N0} kills, {result.Acknowledged:N0} acknowledged, {result.Receipted:N0} receipted, {result.Stored:N0} stored, {result.Violations.Count} violations, seed {result.Seed}");
        return result.Violations.Count == 0 && result.Stopped is null && result.Kills > 0 ? 0 : 1;
    }

    private static Command Fuzz()
    {
        var inputs = NumberOption.Create("--inputs", "Packets, a third of them damaged; a million takes minutes.", 1_000, 1_000_000_000, () => 1_000_000);
        var seed = NumberOption.Create("--seed", "Decides what is sent; a fresh one by default.", 0, int.MaxValue, () => Random.Shared.Next(1, int.MaxValue));
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        var command = new Command("fuzz", "Send damaged packets to the MQTT endpoint: no crash, no hang, heap after collection within 5 % (build with -c Release).") { inputs, seed, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var watch = Stopwatch.StartNew();
            var result = await FuzzProof.RunAsync(parsed.GetValue(inputs), parsed.GetValue(seed), cancellation);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new
                {
                    inputs = result.Inputs, sent = result.Sent, malformed = result.Malformed, heapBefore = result.HeapBefore, heapAfter = result.HeapAfter, heapGrowth = Math.Round(result.Growth, 4),
                    errors = result.Errors, answers = result.Answers, holds = result.Holds, seed = result.Seed, seconds = Math.Round(watch.Elapsed.TotalSeconds),
                })
                : $"{result.Inputs:N0} inputs judged of {result.Sent:N0} sent, {result.Malformed:N0} malformed, heap {result.HeapBefore:N0} to {result.HeapAfter:N0} bytes ({result.Growth:P1}), {result.Errors} errors, seed {result.Seed}: {(result.Holds ? "holds" : "does not hold")}");
            return result.Holds ? 0 : 1;
        });
        return command;
    }

    private static int RunJournal(int seed, bool json, TextWriter output)
    {
        output.WriteLine($"Proving the journal with seed {seed}: every cut (depth 2), every fault and bit, {JournalProof.OperationsWhole:N0} random operations. This takes minutes.");
        var watch = Stopwatch.StartNew();
        var result = JournalProof.RunWhole(seed);
        foreach (var violation in result.Texts.Kept)
        {
            output.WriteLine("violation: " + violation);
        }

        output.WriteLine(json
            ? JsonSerializer.Serialize(new { cuts = result.Cuts, images = result.Images, operations = result.Operations, violations = result.Violations, seed, seconds = Math.Round(watch.Elapsed.TotalSeconds) })
            : $"{result.Cuts:N0} cuts, {result.Images:N0} images, {result.Operations:N0} operations, {result.Violations} violations, seed {seed}, {watch.Elapsed.TotalSeconds:F0} s");
        return result.Violations == 0 ? 0 : 1;
    }
}
