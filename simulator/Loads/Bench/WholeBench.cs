using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Hub;

namespace Gateway.Loads.Bench;

/// <param name="Folder">Where bench.json and bench.svg go; null writes none.</param>
/// <param name="Compare">An earlier bench.json; null compares with nothing.</param>
internal sealed record WholeOptions(string? Folder, string? Compare);

/// <summary>
/// The whole table of what must be fast: each benchmark as a process of its own, one after the other, so that none pays for the heap of another. The demo for those of
/// the line and the console is started here and ended after them.
/// </summary>
internal static class WholeBench
{
    public const string JsonName = "bench.json";
    public const string SvgName = "bench.svg";

    private static readonly TimeSpan DemoPatience = TimeSpan.FromSeconds(60);

    /// <summary>Several times what the slowest takes on two cores with all rivals installed.</summary>
    private static readonly TimeSpan BenchPatience = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <exception cref="HubStartException">A benchmark failed, or the earlier file cannot be read.</exception>
    public static async Task<JsonObject> RunAsync(string program, WholeOptions options, TextWriter output, CancellationToken cancellation)
    {
        // Read before anything is measured: who mistypes a name need not wait for minutes.
        var earlier = options.Compare is { } path ? BenchTable.ReadEarlier(path) : null;
        if (options.Folder is { } made)
        {
            Directory.CreateDirectory(made);
        }

        var results = new JsonObject();
        await WithDemoAsync(program, async folder =>
        {
            results["line"] = await OneAsync(program, ["line", "--data", folder], output, cancellation);
            results["console"] = await OneAsync(program, ["console", "--data", folder], output, cancellation);
        });
        foreach (var name in (string[])["ingest", "idle", "storm", "growth"])
        {
            results[name] = await OneAsync(program, [name], output, cancellation);
        }

        var whole = new JsonObject { ["benchmark"] = "all", ["cores"] = Environment.ProcessorCount, ["at"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture), ["results"] = results };
        whole["missed"] = new JsonArray([.. BenchTable.Missed(results).Select(name => (JsonNode)name)]);
        await output.WriteLineAsync(BenchTable.Write(results, earlier));
        if (options.Folder is { } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, JsonName), whole.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n", cancellation);
            await File.WriteAllTextAsync(Path.Combine(folder, SvgName), BenchPlot.Draw(results), cancellation);
        }

        return whole;
    }

    /// <summary>Runs one benchmark and passes on what it prints; its last line is the result.</summary>
    private static async Task<JsonObject> OneAsync(string program, string[] arguments, TextWriter output, CancellationToken cancellation)
    {
        await output.WriteLineAsync($"bench {arguments[0]} ...");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "bench", .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(BenchPatience);
        var last = "";
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (last.Length > 0)
                {
                    await output.WriteLineAsync("  " + last);
                }

                last = line;
            }

            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HubStartException($"bench {arguments[0]} took longer than {BenchPatience.TotalMinutes} minutes.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return process.ExitCode == 0 && BenchTable.TryParse(last) is { } result
            ? result
            : throw new HubStartException($"bench {arguments[0]} ended with {process.ExitCode}: {last}");
    }

    private static async Task WithDemoAsync(string program, Func<string, Task> measure)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
        using var demo = Process.Start(new ProcessStartInfo("dotnet", [program, "demo", "--data", folder, "--port", "0", "--mqtt-port", "0", "--no-browser"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        try
        {
            demo.OutputDataReceived += static (_, _) => { };
            demo.BeginOutputReadLine();
            var started = Stopwatch.GetTimestamp();
            while (!File.Exists(Path.Combine(folder, "demo.json")))
            {
                if (demo.HasExited || Stopwatch.GetElapsedTime(started) > DemoPatience)
                {
                    throw new HubStartException("The demo for the benchmarks of the line and the console did not start.");
                }

                await Task.Delay(LookEvery);
            }

            await measure(folder);
        }
        finally
        {
            demo.Kill(entireProcessTree: true);
            await demo.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
