using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Hub;
using Gateway.Hub.Fleet;
using Gateway.Mqtt.Packets;

namespace Gateway.Loads.Bench;

/// <summary>The hub of a measurement, in its own process and its own folder, as <see cref="BenchHub"/> runs it. Gone with its folder when disposed.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private Process _process;
    private readonly Dictionary<string, ProvisioningFile> _boards = new(StringComparer.Ordinal);
    private readonly string _program;
    private readonly string _folder;

    private HubProcess(string program, string folder, Process process, BenchHubReady ready) =>
        (_program, _folder, _process, Ready) = (program, folder, process, ready);

    public BenchHubReady Ready { get; private set; }

    public IPEndPoint Server => new(IPAddress.Loopback, Ready.MqttPort);

    public double ResidentMegabytes => ProcessFigures.ResidentMegabytes(_process.Id);

    public double CpuSeconds => ProcessFigures.CpuSeconds(_process.Id);

    /// <param name="program">The gateway program (gateway.dll).</param>
    /// <exception cref="HubStartException">It did not start.</exception>
    public static async Task<HubProcess> StartAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
        try
        {
            var (process, ready) = await LaunchAsync(program, folder);
            return new HubProcess(program, folder, process, ready);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Stops the hub in order and starts it anew on the same folder: what provisioning has left behind in memory is gone.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        (_process, Ready) = await LaunchAsync(_program, _folder);
    }

    public async Task<IReadOnlyList<ProvisioningFile>> ProvisionAsync(int boards)
    {
        var files = BenchHub.ReadBoards(await AskAsync($"provision {boards}"));
        foreach (var file in files)
        {
            _boards[file.Device] = file;
        }

        return files;
    }

    /// <summary>Signals in the database.</summary>
    public async Task<long> StoredAsync() => long.Parse(await AskAsync("stored"), CultureInfo.InvariantCulture);

    /// <summary>How a provisioned board connects.</summary>
    public ConnectPacket Connect(string device) =>
        new() { ClientId = device, UserName = device, Password = Encoding.ASCII.GetBytes(_boards[device].Password) };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<(Process Process, BenchHubReady Ready)> LaunchAsync(string program, string folder)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, "bench", "hub", "--data", folder])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        if (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } first)
        {
            return (process, JsonSerializer.Deserialize<BenchHubReady>(first)!);
        }

        process.Dispose();
        throw new HubStartException("The hub that was to be measured did not start.");
    }

    private async Task StopAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new HubStartException("The hub under measurement has ended.");
    }
}
