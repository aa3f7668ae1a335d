using System.Diagnostics;
using Gateway.Hub;
using Gateway.Loads;

namespace Gateway.Cli.Prove;

/// <summary>A production hub in a process of its own, started by its real command, that can be killed without a word (SIGKILL).</summary>
internal sealed class HubProcess : IDisposable
{
    /// <summary>How long a hub may take to start, ms. On a quiet machine it takes one second; a proof of a day should not end because others built beside it.</summary>
    public const int StartTimeoutMs = 600_000;

    private readonly Process _process;

    private HubProcess(Process process, int mqttPort)
    {
        _process = process;
        MqttPort = mqttPort;
    }

    public int MqttPort { get; }

    /// <summary>Starts a hub over that data folder and waits until it says that it runs. Its ports are fresh: those of the life before may have been taken by a stranger.</summary>
    /// <exception cref="HubStartException">It did not start; what it said itself is on the error stream.</exception>
    public static async Task<HubProcess> StartAsync(string folder, string stationFile, CancellationToken cancellation)
    {
        var config = Path.Combine(folder, "hub.yaml");
        var mqttPort = LoopbackPort.Free();
        await File.WriteAllTextAsync(
            config, $"format: 1\ndata: data\nstation: {stationFile}\nconsole:\n  port: {LoopbackPort.Free()}\nmqtt:\n  port: {mqttPort}\n", cancellation);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (ReadOnlySpan<string>)[typeof(HubProcess).Assembly.Location, "hub", "--config", config])
        {
            start.ArgumentList.Add(argument);
        }

        var hub = new HubProcess(Process.Start(start)!, mqttPort);
        try
        {
            await hub.WaitUntilRunningAsync(cancellation);
            return hub;
        }
        catch
        {
            hub.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL. The hub does nothing after it, whatever it was at.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task WaitUntilRunningAsync(CancellationToken cancellation)
    {
        var running = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Read to the end: a hub whose log nobody takes away would stand still when the pipe is full.
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null || line.Data.StartsWith("Data", StringComparison.Ordinal))
            {
                running.TrySetResult(line.Data is not null);
            }
        };
        _process.BeginOutputReadLine();
        try
        {
            if (!await running.Task.WaitAsync(TimeSpan.FromMilliseconds(StartTimeoutMs), cancellation))
            {
                throw new HubStartException("The hub that was to be killed ended before it ran.");
            }
        }
        catch (TimeoutException e)
        {
            throw new HubStartException($"The hub that was to be killed did not run after {StartTimeoutMs / 1_000} s: the machine is too busy, or the hub hangs.", e);
        }
    }
}
