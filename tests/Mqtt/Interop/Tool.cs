using System.Diagnostics;
using System.Text;

namespace Gateway.Mqtt.Tests.Interop;

/// <summary>A program of other people. A test that needs one is skipped by name, with the command that installs it, when it is missing.</summary>
internal sealed class Tool : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly Lock gate = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> waits = [];

    private Tool(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
    }

    public int ProcessId => process.Id;

    public static void Require(string name, string install) => Assert.SkipWhen(Find(name) is null, $"{name} is not installed: {install}");

    public static Tool Start(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(name) ?? throw new InvalidOperationException($"{name} is missing."))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        var tool = new Tool(new Process { StartInfo = start });
        tool.process.Start();
        tool.process.BeginOutputReadLine();
        tool.process.BeginErrorReadLine();
        tool.process.StandardInput.Close();
        return tool;
    }

    /// <summary>Waits for its end and returns what it printed. Anything but success fails the test.</summary>
    public async Task<string> FinishAsync()
    {
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{process.StartInfo.FileName} did not end; it printed:\n{Printed()}");
        }
        Assert.True(process.ExitCode == 0, $"{process.StartInfo.FileName} ended with {process.ExitCode}:\n{Printed()}");
        return Printed();
    }

    /// <summary>Waits until it has printed a text.</summary>
    public async Task PrintsAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (output.ToString().Contains(text, StringComparison.Ordinal))
                return;
            waits.Add((text, seen));
        }
        try
        {
            await seen.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{process.StartInfo.FileName} did not print '{text}' but:\n{Printed()}");
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        process.Dispose();
    }

    /// <summary>Where a program (or, rooted, a file) is; null when it is missing.</summary>
    public static string? Find(string name)
    {
        if (Path.IsPathRooted(name))
            return File.Exists(name) ? name : null;
        string[] places = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin"];
        return places.Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists);
    }

    private string Printed()
    {
        lock (gate)
            return output.ToString();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (gate)
        {
            output.Append(line).Append('\n');
            foreach ((string text, TaskCompletionSource seen) in waits)
            {
                if (line.Contains(text, StringComparison.Ordinal))
                    seen.TrySetResult();
            }
        }
    }
}
