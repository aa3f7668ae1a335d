using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Cli.Demo;

namespace Gateway.Cli.Bench;

/// <summary>
/// How long a change takes to reach every open console of a running demo: each of them follows the event stream and fetches the command room on each incident event,
/// as the page does. Measured from before the change is sent until the page that shows it has arrived, so the commit and two requests are in it.
/// The changes are notes on an open incident, and stay in its story.
/// </summary>
internal static class ConsoleBench
{
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string dataFolder, int consoles, int changes, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var path = Path.Combine(dataFolder, DemoFile.Name);
        if (!File.Exists(path))
        {
            await errors.WriteLineAsync($"No demo runs on {dataFolder}: start one with 'demo --data {dataFolder}'.");
            return 1;
        }

        var demo = JsonSerializer.Deserialize<DemoFile>(await File.ReadAllTextAsync(path, cancellation), new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
        using var client = new HttpClient { BaseAddress = new Uri(demo.Console) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", demo.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var open = await client.GetFromJsonAsync<JsonElement>("/api/incidents?state=open&limit=1", cancellation);
            if (open.GetProperty("items").GetArrayLength() == 0)
            {
                await errors.WriteLineAsync("No incident is open: press a button first.");
                return 1;
            }

            var incident = open.GetProperty("items")[0].GetProperty("id").GetInt64();
            var seen = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
            var listening = new CountdownEvent(consoles);
            var open10 = Enumerable.Range(0, consoles).Select(_ => ListenAsync(client, incident, listening, seen.Writer, stop.Token)).ToArray();
            await Task.Run(() => listening.Wait(GiveUp, cancellation), cancellation);
            var took = await MeasureAsync(client, incident, consoles, changes, seen.Reader, cancellation);
            await stop.CancelAsync();
            await Task.WhenAll(open10);
            took.Sort();
            await output.WriteLineAsync(JsonSerializer.Serialize(new
            {
                benchmark = "console", consoles, changes, p50Ms = Percentile(took, 0.50), p90Ms = Percentile(took, 0.90), p99Ms = Percentile(took, 0.99), maxMs = took[^1],
            }));
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            await errors.WriteLineAsync("The demo does not answer as it should: " + e.Message);
            return 1;
        }
    }

    private static async Task<List<double>> MeasureAsync(HttpClient client, long incident, int consoles, int changes, ChannelReader<string> seen, CancellationToken cancellation)
    {
        var took = new List<double>(consoles * changes);
        for (var i = 0; i < changes; i++)
        {
            var text = $"bench {Guid.NewGuid():n}";
            var started = Stopwatch.GetTimestamp();
            using var answer = await client.PostAsJsonAsync($"/api/incidents/{incident}/commands", new { type = "note", text }, cancellation);
            answer.EnsureSuccessStatusCode();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(GiveUp);
            for (var shown = 0; shown < consoles;)
            {
                if (!await seen.WaitToReadAsync(limit.Token))
                {
                    throw new TimeoutException("The consoles left.");
                }

                while (seen.TryRead(out var page))
                {
                    if (page.Contains(text, StringComparison.Ordinal))
                    {
                        took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                        shown++;
                    }
                }
            }
        }

        return took;
    }

    /// <summary>One console: the stream, and the page again on each incident event.</summary>
    private static async Task ListenAsync(HttpClient client, long incident, CountdownEvent listening, ChannelWriter<string> seen, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await client.GetStreamAsync("/api/events", cancellation);
            listening.Signal();
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
            {
                if (item.EventType is "incident" or "resync")
                {
                    seen.TryWrite(await client.GetStringAsync($"/room?incident={incident}", cancellation));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }

    private static double Percentile(List<double> sorted, double share) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)], 1);
}
