using System.Net;
using System.Net.Sockets;

namespace Gateway.EndToEnd.Tests;

/// <summary>What a newcomer meets before anything is pressed: a clean stop, kept data, and one clear sentence when it cannot start.</summary>
public sealed class StartAndStop
{
    [Fact]
    public async Task Interrupted_it_stops_cleanly_and_finds_its_data_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Ctrl+C cannot be sent to one process on Windows from here.");
        using var folder = new TemporaryFolder();
        await using (var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1"))
        {
            using var station = Station.Of(demo);
            await station.BoardIsLinked(Station.FirstBoard);
            await station.Press(Station.FirstBoard);
            await station.TheIncident();
            var exit = await demo.InterruptAsync();
            Assert.True(exit == 0, $"exit code {exit} after Ctrl+C:\n{demo.Output}");
        }

        Assert.False(File.Exists(Path.Combine(folder.Path, "demo.json")), "demo.json must not outlive the demo");
        await using var again = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var later = Station.Of(again);
        Assert.Single(await later.IncidentsOf("help"));
        await later.BoardShows(Station.FirstBoard, "received");
        Assert.Single(await later.IncidentsOf("help", "all"));
    }

    [Fact]
    public async Task The_boards_of_a_running_demo_are_not_run_a_second_time()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");

        var (exit, output) = await DemoProcess.RunAsync("demo", "--data", folder.Path, "--no-hub");

        Assert.True(exit == 1, $"exit code {exit}:\n{output}");
        Assert.Contains("run in another process already", output);
        Assert.DoesNotContain("   at ", output);
        Assert.False(File.Exists(Path.Combine(folder.Path, "boards.json")), "no boards run, so there is no file of theirs");
    }

    [Fact]
    public async Task The_demo_file_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows keeps the folder below the user's profile to the user.");
            return;
        }

        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "demo.json")));
        Assert.Equal(demo.Pid, demo.DemoFile().GetProperty("pid").GetInt32());
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--mqtt-port")]
    public async Task A_taken_port_is_one_sentence(string option)
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString();
        string[] other = option == "--port" ? ["--mqtt-port", "0"] : ["--port", "0"];

        var (exit, output) = await DemoProcess.RunAsync(["demo", "--data", folder.Path, "--no-browser", "--boards", "0", option, port, .. other]);

        AssertOneSentence(exit, output, port);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "a-file");
        File.WriteAllText(file, "not a folder");

        var (exit, output) = await DemoProcess.RunAsync("demo", "--data", Path.Combine(file, "data"), "--no-browser", "--port", "0", "--mqtt-port", "0");

        AssertOneSentence(exit, output, "a-file");
    }

    [Fact]
    public async Task Data_of_another_version_is_one_sentence_and_stays_untouched()
    {
        using var folder = new TemporaryFolder();
        await using (var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0"))
        {
            demo.Kill();
        }

        var database = Assert.Single(Directory.GetFiles(folder.Path, "*.db"));
        await Execute(database, "PRAGMA user_version = 9999");

        var (exit, output) = await DemoProcess.RunAsync("demo", "--data", folder.Path, "--no-browser", "--port", "0", "--mqtt-port", "0");

        AssertOneSentence(exit, output, "version");
    }

    [Fact]
    public async Task A_file_where_the_boards_should_be_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "boards"), "not a folder");

        var (exit, output) = await DemoProcess.RunAsync("demo", "--data", folder.Path, "--no-browser", "--port", "0", "--mqtt-port", "0", "--boards", "1");

        AssertOneSentence(exit, output, "boards");
    }

    [Fact]
    public async Task A_table_that_is_gone_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        await using (var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0"))
        {
            demo.Kill();
        }

        await Execute(Assert.Single(Directory.GetFiles(folder.Path, "*.db")), "DROP TABLE accounts");

        var (exit, output) = await DemoProcess.RunAsync("demo", "--data", folder.Path, "--no-browser", "--port", "0", "--mqtt-port", "0");

        AssertOneSentence(exit, output, "accounts");
    }

    [Fact]
    public async Task More_boards_than_the_station_has_is_one_sentence()
    {
        using var folder = new TemporaryFolder();

        var (exit, output) = await DemoProcess.RunAsync("demo", "--data", folder.Path, "--no-browser", "--boards", "500");

        AssertOneSentence(exit, output, "500");
    }

    [Theory]
    [InlineData("--boards takes a number", "demo", "--boards", "x")]
    [InlineData("--boards takes a number", "demo", "--boards", "-1")]
    [InlineData("--port takes a number from 0 to 65535", "demo", "--port", "99999")]
    [InlineData("--mqtt-port takes a number", "demo", "--mqtt-port", "abc")]
    [InlineData("--data takes a folder", "demo", "--data", "")]
    [InlineData("leaves nothing to run", "demo", "--no-hub", "--boards", "0")]
    [InlineData("--presses takes a number", "bench", "line", "--presses", "1e9")]
    [InlineData("--days takes a number", "soak", "--days", "NaN")]
    [InlineData("frobnicate", "frobnicate")]
    public async Task Nonsense_on_the_command_line_is_refused_in_words(string says, params string[] arguments)
    {
        var (exit, output) = await DemoProcess.RunAsync(arguments);

        Assert.True(exit == 1, $"exit code {exit}:\n{output}");
        Assert.Contains(says, output);
        Assert.DoesNotContain("   at ", output);
        Assert.DoesNotContain("Exception", output);
    }

    private static void AssertOneSentence(int exit, string output, string mentions)
    {
        Assert.True(exit != 0, "exit code 0:\n" + output);
        Assert.Contains(mentions, output);
        Assert.True(output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length <= 2, "more than a sentence:\n" + output);
        Assert.DoesNotContain("   at ", output);
        Assert.DoesNotContain("Exception", output);
    }

    private static async Task Execute(string database, string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
