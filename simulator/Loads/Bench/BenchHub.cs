using System.Text.Json;
using Gateway.Hub;
using Gateway.Hub.Accounts;
using Gateway.Hub.Fleet;
using Gateway.Hub.Stations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Loads.Bench;

/// <summary>What a hub under measurement says when it listens.</summary>
internal sealed record BenchHubReady(int MqttPort, string Console, string Token);

/// <summary>
/// A hub in a process of its own, told by lines on its standard input: <c>provision N</c> makes boards bench-00000 ... (identities into a file, its name is the
/// answer), <c>stored</c> answers how many signals are in the database. The end of the input ends it.
/// </summary>
internal static class BenchHub
{
    public static string Device(int number) => $"bench-{number:d5}";

    public static async Task<int> RunAsync(string folder, Station station, TextReader input, TextWriter output, CancellationToken cancellation)
    {
        await using var app = HubHost.Build(new HubOptions { DataFolder = folder, StationFile = "", AllowVirtualBoards = true }, station);
        var addresses = await HubHost.StartAsync(app, cancellation);
        var hub = app.Services.GetRequiredService<HubService>();
        var token = await app.Services.GetRequiredService<TokenService>().CreateAsync("bench", [Rights.Read, Rights.Operate, Rights.Provision]);
        await SayAsync(output, JsonSerializer.Serialize(new BenchHubReady(addresses.MqttPort, addresses.Console.GetLeftPart(UriPartial.Authority), token.Text)));
        while (await input.ReadLineAsync(cancellation) is { } line)
        {
            var words = line.Split(' ');
            await SayAsync(output, words switch
            {
                ["provision", var count] when int.TryParse(count, out var boards) => await ProvisionAsync(hub, folder, boards),
                ["stored"] => hub.Signals(new SignalQuery(Limit: 1)) is [var newest, ..] ? $"{newest.Id}" : "0",
                _ => "unknown",
            });
        }

        await app.StopAsync(CancellationToken.None);
        return 0;
    }

    private static async Task SayAsync(TextWriter output, string line)
    {
        await output.WriteLineAsync(line);
        await output.FlushAsync();
    }

    private static async Task<string> ProvisionAsync(HubService hub, string folder, int boards)
    {
        // All at once: the writer makes batches of them.
        var files = await Task.WhenAll(Enumerable.Range(0, boards).Select(number => hub.ProvisionAsync(Device(number), "bench")));
        var path = Path.Combine(folder, "bench-boards.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(files));
        return path;
    }

    /// <summary>What <c>provision</c> left.</summary>
    public static IReadOnlyList<ProvisioningFile> ReadBoards(string path) => JsonSerializer.Deserialize<List<ProvisioningFile>>(File.ReadAllText(path))!;
}
