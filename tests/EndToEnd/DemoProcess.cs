using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.EndToEnd.Tests;

/// <summary>
/// The command line as a person starts it: a process of its own, on free ports, with a data folder of its own. What it prints is kept for the failure message.
/// </summary>
internal sealed partial class DemoProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DemoProcess(Process process, string dataFolder)
    {
        this.process = process;
        DataFolder = dataFolder;
    }

    public string DataFolder { get; }

    public int Pid => process.Id;

    public string Output
    {
        get
        {
            lock (lines)
            {
                return string.Join("\n", lines);
            }
        }
    }

    /// <summary>Starts <c>demo</c> with these arguments and waits until it says that it is ready.</summary>
    public static async Task<DemoProcess> StartAsync(string dataFolder, params string[] arguments)
    {
        var demo = Launch(dataFolder, ["demo", "--data", dataFolder, "--no-browser", .. arguments]);
        var first = await Task.WhenAny(demo.ready.Task, demo.process.WaitForExitAsync(), Task.Delay(Eventually.Patience));
        Assert.True(first == demo.ready.Task, $"The demo was not ready within {Eventually.Patience.TotalSeconds} s. It printed:\n{demo.Output}");
        return demo;
    }

    /// <summary>Runs the command to its end; for what should refuse to start.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var demo = Launch("", arguments);
        using var limit = new CancellationTokenSource(Eventually.Patience);
        await demo.process.WaitForExitAsync(limit.Token);
        demo.process.WaitForExit();
        return (demo.process.ExitCode, demo.Output);
    }

    /// <summary>The same with lines from a pipe.</summary>
    public static async Task<(int ExitCode, string Output)> PipeAsync(IEnumerable<string> input, params string[] arguments)
    {
        await using var command = Launch("", arguments, takesInput: true);
        await command.process.StandardInput.WriteAsync(string.Join("\n", input) + "\n");
        command.process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Eventually.Patience);
        await command.process.WaitForExitAsync(limit.Token);
        command.process.WaitForExit();
        return (command.process.ExitCode, command.Output);
    }

    public JsonElement DemoFile(string name = "demo.json") => JsonDocument.Parse(File.ReadAllText(Path.Combine(DataFolder, name))).RootElement;

    /// <summary>The one-time link that the first start prints.</summary>
    public string SetupLink => SetupLinkPattern().Match(Output) is { Success: true } match ? match.Value : throw new InvalidOperationException("No setup link in:\n" + Output);

    /// <summary>A client that carries the token of the demo file.</summary>
    public HttpClient Client(string name = "demo.json")
    {
        var file = DemoFile(name);
        var client = new HttpClient { BaseAddress = new Uri(file.GetProperty("console").GetString()!), Timeout = Eventually.Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", file.GetProperty("token").GetString());
        return client;
    }

    /// <summary>SIGKILL: the process gets no chance to write another byte.</summary>
    public void Kill()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    /// <summary>Ctrl+C, and the exit code that follows.</summary>
    public async Task<int> InterruptAsync()
    {
        using (var signal = Process.Start("kill", ["-INT", Pid.ToString()]))
        {
            await signal.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(Eventually.Patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static DemoProcess Launch(string dataFolder, IEnumerable<string> arguments, bool takesInput = false)
    {
        var cli = Path.Combine(AppContext.BaseDirectory, "gateway.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", cli, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = takesInput,
        };
        var demo = new DemoProcess(new Process { StartInfo = start }, dataFolder);
        demo.process.OutputDataReceived += (_, line) => demo.Keep(line.Data);
        demo.process.ErrorDataReceived += (_, line) => demo.Keep(line.Data);
        demo.process.Start();
        demo.process.BeginOutputReadLine();
        demo.process.BeginErrorReadLine();
        return demo;
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Add(line);
        }

        if (line.Contains("Ctrl+C", StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }

    [GeneratedRegex(@"http://\S+/setup\?key=\S+")]
    private static partial Regex SetupLinkPattern();
}
