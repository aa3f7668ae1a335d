using System.Net;
using System.Text.Json;
using Gateway.Loads;

namespace Gateway.EndToEnd.Tests;

/// <summary>One call the whole way on real parts, driven as a script would: virtual pin, firmware, TCP, hub, SQLite, rules, and back to the lamps.</summary>
public sealed class TheLine
{
    [Fact]
    public async Task A_call_goes_the_whole_way_and_every_step_is_seen_at_the_button()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "2");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);

        await station.Press(Station.FirstBoard);
        await station.BoardShows(Station.FirstBoard, "received");
        var call = await station.TheIncident();
        var id = call.GetProperty("id").GetInt64();
        Assert.Equal(Station.FirstBoard, call.GetProperty("place").GetProperty("device").GetString());
        Assert.True(call.GetProperty("virtual").GetBoolean());
        Assert.False(call.GetProperty("late").GetBoolean());

        await station.Do(id, new { type = "accept" });
        await station.BoardShows(Station.FirstBoard, "accepted");
        var first = (await station.Suggestions(id))[0].GetProperty("responderId").GetString()!;
        await station.Do(id, new { type = "dispatch", responderIds = new[] { first } });
        await station.BoardShows(Station.FirstBoard, "dispatched");
        await station.Do(id, new { type = "enRoute", responderId = first });
        await station.BoardShows(Station.FirstBoard, "enRoute");
        await station.Do(id, new { type = "arrive", responderId = first });
        await station.BoardShows(Station.FirstBoard, "onScene");
        await station.Do(id, new { type = "handle", text = "Fall in the yard, helped up, no injury." });

        // I10: nothing closes without its report and its follow-up.
        Assert.Equal(HttpStatusCode.Conflict, (await station.Try(id, new { type = "close" })).Status);
        await station.Do(id, new { type = "report", text = "Elderly person fell; neighbour stays.", disposition = "helped" });
        Assert.Equal(HttpStatusCode.Conflict, (await station.Try(id, new { type = "close" })).Status);
        await station.Do(id, new { type = "followUp", text = "Visited the next day; well." });
        await station.Do(id, new { type = "close" });

        await station.BoardShows(Station.FirstBoard, "closed");
        Assert.Empty(await station.Incidents());

        // The hub has reset the latch with the close: the next press is a new call.
        await station.Press(Station.FirstBoard);
        await station.BoardShows(Station.FirstBoard, "received");
        Assert.NotEqual(id, (await station.TheIncident()).GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Smoke_at_a_loop_and_a_cut_help_line_reach_the_room_from_the_voltage_on()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);

        await station.Loop(Station.FirstBoard, "loop1", "alarm");
        var smoke = await station.TheIncident("smoke");
        Assert.Equal(Station.FirstBoard, smoke.GetProperty("place").GetProperty("device").GetString());

        await station.Loop(Station.FirstBoard, "helpLoop", "open");
        await station.TheIncident("fault");
        Assert.Empty(await station.IncidentsOf("help"));
    }

    [Fact]
    public async Task A_press_behind_a_pulled_cable_arrives_once_and_late_even_when_the_power_was_cut_in_between()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);

        await station.Network(Station.FirstBoard, connected: false);
        await station.Press(Station.FirstBoard);
        await station.BoardShows(Station.FirstBoard, "journalled");
        await station.InputIsReleased(Station.FirstBoard, "help");
        await station.Power(Station.FirstBoard, on: false);
        await station.Power(Station.FirstBoard, on: true);

        // I6: the latch outlives the power. I3: 20 s without a receipt are shown as such.
        await station.BoardShows(Station.FirstBoard, "undelivered");
        Assert.Empty(await station.IncidentsOf("help"));
        await station.Network(Station.FirstBoard, connected: true);

        var call = await station.TheIncident();
        Assert.True(call.GetProperty("late").GetBoolean(), "the call came more than 20 s after the press and must say so: " + call);
        Assert.Equal(1, call.GetProperty("presses").GetInt32());
        await station.BoardShows(Station.FirstBoard, "received");
        await BacklogIsEmpty(station);
        Assert.Single(await station.IncidentsOf("help"));
    }

    [Fact]
    public async Task A_slow_path_makes_a_call_slow_a_dead_one_keeps_it_and_a_new_connection_delivers_it_once()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);

        await station.Path(Station.FirstBoard, "slow");
        await station.Press(Station.FirstBoard);
        await station.BoardShows(Station.FirstBoard, "received");
        var slowMs = (await station.Board(Station.FirstBoard)).GetProperty("lastPressToReceivedMs").GetDouble();
        Assert.True(slowMs >= 1_400, $"received after {slowMs} ms: that path was not slow");
        await station.InputIsReleased(Station.FirstBoard, "help");
        await station.Press(Station.FirstBoard, "resetKey");
        await station.BoardShows(Station.FirstBoard, "idle");

        await station.Path(Station.FirstBoard, "dead");
        await station.Press(Station.FirstBoard);
        await station.BoardShows(Station.FirstBoard, "journalled");
        await station.Path(Station.FirstBoard, "good");
        await station.Cut(Station.FirstBoard);
        await station.BoardShows(Station.FirstBoard, "received");
        await BacklogIsEmpty(station);
        var call = Assert.Single(await station.IncidentsOf("help"));
        Assert.Equal(2, call.GetProperty("presses").GetInt32());
        Assert.Equal("good", (await station.Board(Station.FirstBoard)).GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_press_while_the_hub_is_killed_arrives_once_when_it_is_back()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1"))
        {
            // Only to provision the board; killed like everything here.
            first.Kill();
        }

        var mqttPort = LoopbackPort.Free().ToString();
        var hub = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", mqttPort, "--boards", "0");
        PointBoardsTo(folder.Path, mqttPort);
        await using var boards = await DemoProcess.StartAsync(folder.Path, "--no-hub");
        using var room = Station.Of(boards, "boards.json");
        await room.BoardIsLinked(Station.FirstBoard);

        hub.Kill();
        await room.Press(Station.FirstBoard);
        await room.BoardShows(Station.FirstBoard, "journalled");
        await hub.DisposeAsync();

        await using var again = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", mqttPort, "--boards", "0");
        using var station = Station.Of(again);
        var call = await station.TheIncident();
        Assert.Equal(1, call.GetProperty("presses").GetInt32());
        await room.BoardShows(Station.FirstBoard, "received");
        Assert.Single(await station.IncidentsOf("help", "all"));
    }

    [Fact]
    public async Task A_silent_call_reaches_the_room_and_changes_nothing_at_the_box()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await BacklogIsEmpty(station);
        var before = Visible(await station.Board(Station.FirstBoard));

        await station.Press(Station.FirstBoard, "silent");

        var call = await station.TheIncident("silent");
        Assert.True(call.GetProperty("silent").GetBoolean());
        Assert.Equal(before, Visible(await station.Board(Station.FirstBoard)));
        await station.Do(call.GetProperty("id").GetInt64(), new { type = "accept" });
        Assert.Equal(before, Visible(await station.Board(Station.FirstBoard)));
    }

    private static Task<int> BacklogIsEmpty(Station station) => Eventually.Get(
        "an empty journal backlog",
        async () => await station.Board(Station.FirstBoard) is var board ? board.GetProperty("callBacklog").GetInt32() + board.GetProperty("eventBacklog").GetInt32() : 0,
        backlog => backlog == 0);

    /// <summary>All that a bystander can see or hear; the health lamp blinks on its own in fault patterns, so the room is quiet before.</summary>
    private static string Visible(JsonElement board) =>
        $"{board.GetProperty("lamps")} buzzer {board.GetProperty("buzzer")} siren {board.GetProperty("siren")} stage {board.GetProperty("stage")}";

    private static void PointBoardsTo(string dataFolder, string mqttPort)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(dataFolder, "boards"), "gateway.json", SearchOption.AllDirectories))
        {
            var file = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
            file["port"] = int.Parse(mqttPort);
            File.WriteAllText(path, file.ToJsonString());
        }
    }
}
