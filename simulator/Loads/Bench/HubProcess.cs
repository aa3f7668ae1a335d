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

    private readonly Process _process;
    private readonly Dictionary<string, ProvisioningFile> _boards = new(StringComparer.Ordinal);
    private readonly string _folder;

    private HubProcess(Process process, string folder, BenchHubReady ready) => (_process, _folder, Ready) = (process, folder, ready);

    public BenchHubReady Ready { get; }

    public IPEndPoint Server => new(IPAddress.Loopback, Ready.MqttPort);

    public double ResidentMegabytes => ProcessFigures.ResidentMegabytes(_process.Id);

    public double CpuSeconds => ProcessFigures.CpuSeconds(_process.Id);

    /// <param name="program">The gateway program (gateway.dll).</param>
    /// <exception cref="HubStartException">It did not start.</exception>
    public static async Task<HubProcess> StartAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, "bench", "hub", "--data", folder])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var first = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (first is null)
        {
            process.Dispose();
            Directory.Delete(folder, recursive: true);
            throw new HubStartException("The hub that was to be measured did not start.");
        }

        return new HubProcess(process, folder, JsonSerializer.Deserialize<BenchHubReady>(first)!);
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
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new HubStartException("The hub under measurement has ended.");
    }
}
