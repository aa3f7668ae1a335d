using System.Diagnostics;
using Gateway.Hub.Tests.Stations;
using Microsoft.Extensions.Hosting;

namespace Gateway.Hub.Tests.Support;

/// <summary>
/// A whole hub in a process of its own, to be killed. The process is this test program itself: with <see cref="FolderVariable"/> set it runs no tests, but
/// a hub in that folder, and prints its MQTT port.
/// </summary>
internal sealed class HubProcess : IDisposable
{
    private const string FolderVariable = "GATEWAY_TEST_HUB_FOLDER";

    private readonly Process _process;

    private HubProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts a hub and waits until it listens.</summary>
    public static async Task<HubProcess> StartAsync(string folder)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Gateway.Hub.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment[FolderVariable] = folder;
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return int.TryParse(line, out var port)
            ? new HubProcess(process, port)
            : throw new InvalidOperationException($"The hub process said \"{line}\" and {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    /// <summary>Runs a hub, when this process was started to be one.</summary>
    /// <returns>False when it is to run tests.</returns>
    public static async Task<bool> RunIfAskedAsync()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
        {
            return false;
        }

        await RunAsync(folder);
        return true;
    }

    private static async Task RunAsync(string folder)
    {
        await using var app = HubHost.Build(new HubOptions { DataFolder = folder, StationFile = "", AllowVirtualBoards = true }, Seeds.Sumitu);
        var addresses = await HubHost.StartAsync(app);
        await System.Console.Out.WriteLineAsync(addresses.MqttPort.ToString());
        await System.Console.Out.FlushAsync();
        await app.WaitForShutdownAsync();
    }
}
