using System.Text.Json;

namespace Gateway.EndToEnd.Tests;

/// <summary>The service header (COM2) of a board of the demo, as a technician uses it: a terminal, a blank box, its first provisioning.</summary>
public sealed class ServiceHeader
{
    [Fact]
    public async Task A_blank_board_is_provisioned_at_its_service_header_and_then_calls()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);

        var blank = await Type(folder, ["status", "test"], "--blank");
        Assert.Contains("not provisioned: missing:device", blank, StringComparison.Ordinal);

        // What the technician has on paper.
        var before = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "boards", Station.FirstBoard + ".before.json"))).RootElement;
        string[] names = ["device", "hub", "key", "host", "port", "password"];
        var set = await Type(folder, [.. names.Select(name => $"set {name} {before.GetProperty(name)}"), "set save"]);
        Assert.DoesNotContain("error", set, StringComparison.Ordinal);
        Assert.DoesNotContain(before.GetProperty("password").GetString()!, set, StringComparison.Ordinal);

        await station.BoardIsLinked(Station.FirstBoard);
        var status = await Type(folder, ["status", "set", "launch"]);
        Assert.Contains("device " + Station.FirstBoard, status, StringComparison.Ordinal);
        Assert.Contains("password ***", status, StringComparison.Ordinal);
        Assert.Contains("error: unknown command", status, StringComparison.Ordinal);
        await station.Press(Station.FirstBoard);
        await station.BoardShows(Station.FirstBoard, "received");
    }

    [Fact]
    public async Task Without_a_demo_it_says_so_in_one_sentence()
    {
        using var folder = new TemporaryFolder();
        var (exit, output) = await DemoProcess.PipeAsync(["status"], "service", "--board", Station.FirstBoard, "--data", folder.Path);
        Assert.Equal(1, exit);
        Assert.StartsWith("No demo runs with the data folder", output, StringComparison.Ordinal);
    }

    private static async Task<string> Type(TemporaryFolder folder, IEnumerable<string> lines, params string[] switches)
    {
        var (exit, output) = await DemoProcess.PipeAsync(lines, ["service", "--board", Station.FirstBoard, "--data", folder.Path, .. switches]);
        Assert.True(exit == 0, output);
        return output;
    }
}
