using System.Text.Json.Nodes;
using System.Xml.Linq;
using Gateway.Hub;
using Gateway.Loads.Bench;
using Xunit;

namespace Gateway.Loads.Tests;

/// <summary>The table, the comparison and the drawing of `bench all`, from results as the benchmarks print them.</summary>
public sealed class WholeTable
{
    [Fact]
    public void A_figure_beyond_its_target_is_named_and_one_that_could_not_be_taken_is_not()
    {
        var results = Results(rate: 49_999, ackP99: 50, nats: null);
        Assert.Equal(["ingest.signalsPerSecond"], BenchTable.Missed(results));
        Assert.Empty(BenchTable.Missed(Results(rate: 50_000, ackP99: 50, nats: 1)));
        Assert.Equal(["ingest.ackP99Ms", "ingest.ratioToNats"], BenchTable.Missed(Results(rate: 50_000, ackP99: 50.1, nats: 0.99)));
    }

    [Fact]
    public void The_table_shows_targets_verdicts_and_the_change_since_an_earlier_run()
    {
        var lines = BenchTable.Write(Results(rate: 60_000, ackP99: 51, nats: null), Results(rate: 40_000, ackP99: 51, nats: 2)).Split('\n');
        var rate = Assert.Single(lines, line => line.StartsWith("signals/s", StringComparison.Ordinal));
        Assert.Matches(@"60,000\s+>= 50,000\s+met\s+40,000\s+\+50 %", rate);
        Assert.Matches(@"51\s+<= 50\s+MISSED\s+51\s+0 %", Assert.Single(lines, line => line.StartsWith("PUBACK", StringComparison.Ordinal)));
        Assert.Matches(@"none\s+>= 1\s+2\s*$", Assert.Single(lines, line => line.StartsWith("ratio to NATS", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_earlier_file_that_is_none_is_refused_by_its_name_before_anything_is_measured()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-loads-test-").FullName;
        try
        {
            var path = Path.Combine(folder, "earlier.json");
            Assert.Contains(path, Assert.Throws<HubStartException>(() => BenchTable.ReadEarlier(path)).Message, StringComparison.Ordinal);
            File.WriteAllText(path, "[1");
            Assert.Contains(path, Assert.Throws<HubStartException>(() => BenchTable.ReadEarlier(path)).Message, StringComparison.Ordinal);
            File.WriteAllText(path, new JsonObject { ["results"] = Results(1, 1, 1) }.ToJsonString());
            Assert.Equal(1, BenchTable.ReadEarlier(path)["ingest"]!["signalsPerSecond"]!.GetValue<double>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_drawing_is_well_formed_and_says_every_number_it_draws()
    {
        var drawn = XDocument.Parse(BenchPlot.Draw(Results(rate: 60_123, ackP99: 20, nats: 1)));
        var texts = drawn.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        Assert.Contains("60,123", texts);
        Assert.Contains("hub, 1,000 publishers", texts);
        Assert.Contains("10,000 boards", texts);
        Assert.Contains("27.8", texts);
        Assert.Equal(3, drawn.Descendants().Count(element => element.Name.LocalName == "circle"));
        XDocument.Parse(BenchPlot.Draw([]));
    }

    [Fact]
    public void A_server_without_a_figure_has_no_bar_and_spoils_no_drawing()
    {
        var results = Results(rate: 60_123, ackP99: 20, nats: null);
        ((JsonArray)results["ingest"]!["floods"]!).Add(new JsonObject { ["server"] = "rabbitmq", ["connections"] = 100, ["signalsPerSecond"] = null });
        var drawn = BenchPlot.Draw(results);
        Assert.DoesNotContain("rabbitmq", drawn, StringComparison.Ordinal);
        Assert.Contains("60,123", drawn, StringComparison.Ordinal);
    }

    private static JsonObject Results(double rate, double ackP99, double? nats) => (JsonObject)JsonNode.Parse(new JsonObject
    {
        ["ingest"] = new JsonObject
        {
            ["signalsPerSecond"] = rate, ["ackP99Ms"] = ackP99, ["ratioToNats"] = nats,
            ["floods"] = new JsonArray(new JsonObject { ["server"] = "hub", ["connections"] = 1_000, ["signalsPerSecond"] = rate }),
        },
        ["growth"] = new JsonObject
        {
            ["sizes"] = new JsonArray(Size(10, 26.75), Size(100, 22.4), Size(10_000, 27.75)),
        },
    }.ToJsonString())!;

    private static JsonObject Size(int boards, double micros) => new() { ["boards"] = boards, ["cpuMicrosPerSignal"] = micros };
}
