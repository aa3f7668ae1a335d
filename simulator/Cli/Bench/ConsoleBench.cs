using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Cli.Demo;

namespace Gateway.Cli.Bench;

/// <summary>
/// How long a change takes to reach every open console of a running demo: each of them follows the event stream and fetches the room's panels on each incident event,
/// as the page does. Measured from the moment that the hub writes into the event, which is before its commit, until the panels that show it have arrived (both on this
/// machine's clock); and, beside it, from before the command is sent.
/// The changes are notes on an open incident, and stay in its story.
/// </summary>
internal static class ConsoleBench
{
    /// <summary>Changes that do not count. A method is compiled for speed after some thirty calls, in the background.</summary>
    private const int WarmUpChanges = 60;

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
            var seen = Channel.CreateUnbounded<(string Page, DateTimeOffset At)>(new UnboundedChannelOptions { SingleReader = true });
            var listening = new CountdownEvent(consoles);
            var open10 = Enumerable.Range(0, consoles).Select(_ => ListenAsync(client, incident, listening, seen.Writer, stop.Token)).ToArray();
            await Task.Run(() => listening.Wait(GiveUp, cancellation), cancellation);

            // The first drawings compile; they are nobody's waiting time in a hub that has run for a minute.
            await MeasureAsync(client, incident, consoles, WarmUpChanges, seen.Reader, cancellation);
            var (took, fromSent) = await MeasureAsync(client, incident, consoles, changes, seen.Reader, cancellation);
            await stop.CancelAsync();
            await Task.WhenAll(open10);
            took.Sort();
            fromSent.Sort();
            await output.WriteLineAsync(JsonSerializer.Serialize(new
            {
                benchmark = "console", consoles, changes, warmUp = WarmUpChanges, p50Ms = Percentile(took, 0.50), p90Ms = Percentile(took, 0.90), p99Ms = Percentile(took, 0.99), maxMs = Math.Round(took[^1], 1), fromSentP99Ms = Percentile(fromSent, 0.99), cores = Environment.ProcessorCount,
            }));
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            await errors.WriteLineAsync("The demo does not answer as it should: " + e.Message);
            return 1;
        }
    }

    private static async Task<(List<double> FromCommit, List<double> FromSent)> MeasureAsync(
        HttpClient client, long incident, int consoles, int changes, ChannelReader<(string Page, DateTimeOffset At)> seen, CancellationToken cancellation)
    {
        var took = new List<double>(consoles * changes);
        var fromSent = new List<double>(consoles * changes);
        for (var i = 0; i < changes; i++)
        {
            var text = $"bench {Guid.NewGuid():n}";
            var started = DateTimeOffset.UtcNow;
            using var answer = await client.PostAsJsonAsync($"/api/incidents/{incident}/commands", new { type = "note", text }, cancellation);
            answer.EnsureSuccessStatusCode();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(GiveUp);
            var arrived = new List<DateTimeOffset>(consoles);
            while (arrived.Count < consoles)
            {
                if (!await seen.WaitToReadAsync(limit.Token))
                {
                    throw new TimeoutException("The consoles left.");
                }

                while (seen.TryRead(out var fetched))
                {
                    if (fetched.Page.Contains(text, StringComparison.Ordinal))
                    {
                        arrived.Add(fetched.At);
                    }
                }
            }

            var told = await client.GetFromJsonAsync<JsonElement>($"/api/incidents/{incident}", cancellation);
            var at = told.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event"))
                .Last(happened => happened.TryGetProperty("text", out var said) && said.GetString() == text).GetProperty("at").GetDateTimeOffset();
            took.AddRange(arrived.Select(moment => (moment - at).TotalMilliseconds));
            fromSent.AddRange(arrived.Select(moment => (moment - started).TotalMilliseconds));
        }

        return (took, fromSent);
    }

    /// <summary>One console: the stream, and the page again on each incident event.</summary>
    private static async Task ListenAsync(HttpClient client, long incident, CountdownEvent listening, ChannelWriter<(string Page, DateTimeOffset At)> seen, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await client.GetStreamAsync("/api/events", cancellation);
            listening.Signal();
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
            {
                if (item.EventType is "incident" or "resync")
                {
                    var page = await client.GetStringAsync($"/room/live?incident={incident}", cancellation);
                    seen.TryWrite((page, DateTimeOffset.UtcNow));
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
