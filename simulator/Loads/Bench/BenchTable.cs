using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Hub;

namespace Gateway.Loads.Bench;

/// <summary>A figure that must be fast: where it is found in the results, and its target, if there is one.</summary>
/// <param name="AtLeast">The target is a least value; else a most value.</param>
internal sealed record BenchFigure(string Benchmark, string Member, string What, double? Target, bool AtLeast = false)
{
    public string Name => $"{Benchmark}.{Member}";

    public bool? Meets(double? value) => Target is { } target && value is { } measured ? AtLeast ? measured >= target : measured <= target : null;

    public double? In(JsonObject results) => results[Benchmark]?[Member] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;
}

/// <summary>The table of `bench all`: every figure with its target, and beside it that of an earlier run.</summary>
internal static class BenchTable
{
    public static readonly IReadOnlyList<BenchFigure> Figures =
    [
        new("line", "p50Ms", "press to lamp on a virtual board, p50, ms", 150),
        new("line", "p99Ms", "the same, p99, ms", 300),
        new("console", "p99Ms", "a change on 10 consoles, p99, ms", 200),
        new("ingest", "signalsPerSecond", "signals/s, committed before PUBACK", 50_000, AtLeast: true),
        new("ingest", "ackP99Ms", "PUBACK at 10,000/s, p99, ms", 50),
        new("ingest", "ratioToNats", "ratio to NATS JetStream", 1, AtLeast: true),
        new("ingest", "ratioToRabbitMq", "ratio to RabbitMQ", 1, AtLeast: true),
        new("ingest", "ratioToMosquitto", "ratio to Mosquitto (in memory)", null, AtLeast: true),
        new("ingest", "ratioToSqlite", "ratio to SQLite alone", null, AtLeast: true),
        new("idle", "megabytes", "hub with 10,000 gateways, MB", 200),
        new("idle", "megabytesPer1000", "above the empty hub, MB per 1,000", 15),
        new("storm", "drainSeconds", "1,000 boards x 100 backlog, s", 20),
        new("storm", "freshCallP99Ms", "fresh call meanwhile, p99, ms", 500),
    ];

    /// <summary>What is beyond its target, by name. A figure that could not be taken (a rival that is not installed) is none of them.</summary>
    public static IEnumerable<string> Missed(JsonObject results) => Figures.Where(figure => figure.Meets(figure.In(results)) == false).Select(figure => figure.Name);

    public static string Write(JsonObject results, JsonObject? earlier)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"{"figure",-42}{"measured",12}{"target",12}{"",8}{(earlier is null ? "" : "earlier"),12}{(earlier is null ? "" : "change"),9}");
        foreach (var figure in Figures)
        {
            var (now, then) = (figure.In(results), earlier is null ? null : figure.In(earlier));
            var verdict = figure.Meets(now) switch { true => "met", false => "MISSED", null => "" };
            var target = figure.Target is { } bound ? (figure.AtLeast ? ">= " : "<= ") + Number(bound) : "";
            var change = now is { } measured && then is > 0 ? (measured / then.Value - 1).ToString("+0 %;-0 %;0 %", CultureInfo.InvariantCulture) : "";
            table.AppendLine(CultureInfo.InvariantCulture, $"{figure.What,-42}{(now is { } shown ? Number(shown) : "none"),12}{target,12}  {verdict,-6}{(then is { } old ? Number(old) : ""),12}{change,9}");
        }

        return table.ToString().TrimEnd();
    }

    /// <summary>The results of a file that `bench all --output` wrote.</summary>
    /// <exception cref="HubStartException">There is none, or it is something else.</exception>
    public static JsonObject ReadEarlier(string path)
    {
        try
        {
            return TryParse(File.ReadAllText(path))?["results"] as JsonObject ?? throw new HubStartException($"{path} is no file of 'bench all --output'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubStartException($"{path} cannot be read: {e.Message}", e);
        }
    }

    public static JsonObject? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Number(double value) => value >= 1_000 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("0.##", CultureInfo.InvariantCulture);
}
