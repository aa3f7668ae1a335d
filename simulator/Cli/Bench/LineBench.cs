using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Cli.Demo;

namespace Gateway.Cli.Bench;

/// <summary>
/// Presses buttons of a running demo and reads the time that the virtual board stamped: pin edge to the lamp "the station has it". The key resets each call
/// before the next, so every press is a first press. The presses stay in the demo's database, as calls of virtual boards.
/// </summary>
internal static class LineBench
{
    private const int HoldMs = 100;
    private const int AskEveryMs = 10;
    private const int GiveUpMs = 10_000;

    public static async Task<int> RunAsync(string dataFolder, int presses, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var path = Path.Combine(dataFolder, DemoFile.Name);
        if (!File.Exists(path))
        {
            await errors.WriteLineAsync($"No demo runs on {dataFolder}: start one with 'demo --data {dataFolder}'.");
            return 1;
        }

        var demo = JsonSerializer.Deserialize<DemoFile>(await File.ReadAllTextAsync(path, cancellation), new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
        using var client = new HttpClient { BaseAddress = new Uri(demo.Console + "/api/demo/boards/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", demo.Token);
        try
        {
            var boards = await client.GetFromJsonAsync<JsonElement[]>("", cancellation);
            var ids = boards!.Where(board => Stage(board) == "idle").Select(board => board.GetProperty("id").GetString()!).ToArray();
            if (ids.Length == 0)
            {
                await errors.WriteLineAsync("No board is idle: reset the calls first.");
                return 1;
            }

            var took = new List<double>();
            for (var i = 0; i < presses; i++)
            {
                took.Add(await PressAsync(client, ids[i % ids.Length], cancellation));
            }

            took.Sort();
            await output.WriteLineAsync(JsonSerializer.Serialize(new
            {
                benchmark = "line", boards = ids.Length, presses = took.Count, virtualBoard = true,
                p50Ms = Percentile(took, 0.50), p90Ms = Percentile(took, 0.90), p99Ms = Percentile(took, 0.99), maxMs = took[^1],
            }));
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            await errors.WriteLineAsync("The demo does not answer as it should: " + e.Message);
            return 1;
        }
    }

    private static async Task<double> PressAsync(HttpClient client, string id, CancellationToken cancellation)
    {
        await SetAsync(client, id, "help", cancellation);
        var received = await WaitAsync(client, id, "received", cancellation);
        await SetAsync(client, id, "resetKey", cancellation);
        await WaitAsync(client, id, "idle", cancellation);
        return received.GetProperty("lastPressToReceivedMs").GetDouble();
    }

    private static async Task SetAsync(HttpClient client, string id, string input, CancellationToken cancellation)
    {
        using var answer = await client.PostAsJsonAsync($"{id}/inputs/{input}", new InputChange(true, HoldMs), cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Asks until the board shows the stage: the board's own stamps are the measurement, not this clock.</summary>
    private static async Task<JsonElement> WaitAsync(HttpClient client, string id, string stage, CancellationToken cancellation)
    {
        for (var asked = 0; asked < GiveUpMs / AskEveryMs; asked++)
        {
            var board = await client.GetFromJsonAsync<JsonElement>(id, cancellation);
            if (Stage(board) == stage)
            {
                return board;
            }

            await Task.Delay(AskEveryMs, cancellation);
        }

        throw new TimeoutException($"{id} did not show '{stage}' within {GiveUpMs} ms.");
    }

    private static string? Stage(JsonElement board) => board.GetProperty("stage").GetString();

    private static double Percentile(List<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)];
}
