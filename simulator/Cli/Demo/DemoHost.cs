using System.Data.Common;
using System.Diagnostics;
using Gateway.Hub;
using Gateway.Hub.Accounts;
using Gateway.Hub.Console;
using Gateway.Hub.Stations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Cli.Demo;

/// <summary>Composes a demo: hub, virtual boards, their page and API, in one process; or one half of it.</summary>
internal static class DemoHost
{
    private const string StationFile = "seeds/stations/sumitu.yaml";
    private const string TokenName = "demo.json";

    /// <returns>0 after a clean stop; 1 when it cannot start, with one sentence on <paramref name="errors"/>.</returns>
    public static async Task<int> RunAsync(DemoOptions options, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        try
        {
            // The same files as the hub: an imported one goes before.
            var hub = HubOptionsOf(options);
            var stations = StationFiles.Load(hub).Stations.All;
            var boards = options.NoHub
                ? BoardsOnly.Find(options, stations)
                : new BoardSet(BoardsOf(options, stations));
            using (boards)
            {
                return options.NoHub
                    ? await BoardsOnly.RunAsync(options, boards, output, cancellation)
                    : await RunHubAsync(options, hub, boards, output, cancellation);
            }
        }
        catch (PortTakenException e) when (!options.NoHub)
        {
            await errors.WriteLineAsync(e.Message + " The switches are --port and --mqtt-port; 0 takes a free one.");
            return 1;
        }
        catch (HubStartException e)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
    }

    public static DemoBoard MakeBoard(DemoOptions options, Station station, Board board) => new(
        board.DeviceId,
        station.FindCallPoint(board.CallPointId)?.Name ?? new LocalText(board.DeviceId, board.DeviceId),
        BoardFlash.Folder(options.DataFolder, board.DeviceId));

    /// <summary>The station that the demo runs.</summary>
    /// <exception cref="StationFileException">The file has errors.</exception>
    public static Station LoadDemoStation() => LoadFile(DemoStationFile);

    /// <summary>A station file that comes with the program, by its name in seeds/stations.</summary>
    public static Station LoadStation(string name) => LoadFile(Path.Combine(AppContext.BaseDirectory, $"seeds/stations/{name}.yaml"));

    public static string DemoStationFile => Path.Combine(AppContext.BaseDirectory, StationFile);

    private static HubOptions HubOptionsOf(DemoOptions options)
    {
        var files = options.Stations.Count == 0 ? [DemoStationFile] : options.Stations.Select(PathOf).ToList();
        return new HubOptions
        {
            DataFolder = options.DataFolder,
            StationFile = files[0],
            OtherStationFiles = [.. files.Skip(1)],
            ConsolePort = options.ConsolePort,
            MqttPort = options.MqttPort,
            AllowVirtualBoards = true,
        };
    }

    /// <summary>A file or folder as it is, else one of the station files that come with the program, by its name.</summary>
    private static string PathOf(string station) =>
        File.Exists(station) || Directory.Exists(station) ? Path.GetFullPath(station) : Path.Combine(AppContext.BaseDirectory, $"seeds/stations/{station}.yaml");

    private static async Task<int> RunHubAsync(DemoOptions options, HubOptions hubOptions, BoardSet boards, TextWriter output, CancellationToken cancellation)
    {
        var stations = StationFiles.Load(hubOptions).Stations;
        if (options.History)
        {
            DemoPast.MakeUp(options.DataFolder, stations.First, DateTimeOffset.UtcNow);
        }

        // The past is of the first station.
        var marked = new StationBook([DemoPast.Marked(options.DataFolder, stations.First), .. stations.Stations.Skip(1)]);
        await using var app = HubHost.Build(hubOptions, marked, services => AddBoards(services, boards), MapBoards);
        var addresses = await HubHost.StartAsync(app, cancellation);
        var console = addresses.Console.GetLeftPart(UriPartial.Authority);
        string? setup;
        try
        {
            setup = await PrepareAsync(app.Services, options, boards, console, addresses.MqttPort, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            throw new HubStartException($"The data in {options.DataFolder} cannot be used ({e.Message.TrimEnd('.')}); restore it from a backup or choose another data folder.", e);
        }

        await WelcomeAsync(output, options, console, addresses.MqttPort, setup, boards);
        if (!options.NoBrowser)
        {
            OpenBrowser(setup ?? console, output);
        }

        await app.WaitForShutdownAsync(cancellation);
        boards.Dispose();
        File.Delete(Path.Combine(options.DataFolder, DemoFile.Name));
        await output.WriteLineAsync("Stopped. The data is kept; start again and go on.");
        return 0;
    }

    /// <summary>Provisions and starts the boards, and leaves the demo file.</summary>
    /// <returns>The link that makes the first account, or null when there is one.</returns>
    private static async Task<string?> PrepareAsync(IServiceProvider services, DemoOptions options, BoardSet boards, string console, int mqttPort, CancellationToken cancellation)
    {
        var hub = services.GetRequiredService<HubService>();
        boards.Claim(options.DataFolder);
        foreach (var board in boards.All)
        {
            await BoardFlash.PrepareAsync(hub, BoardFlash.Folder(options.DataFolder, board.Id), board.Id, mqttPort, cancellation);
            board.SetPower(true);
        }

        var tokens = services.GetRequiredService<TokenService>();
        await DemoPersons.RevokeAsync(tokens, AccountService.CommandLine);
        var token = await tokens.CreateAsync(TokenName, [Rights.Read, Rights.Operate, Rights.Supervise, Rights.Maintain, Rights.Provision, Rights.Demo]);
        new DemoFile(console, $"127.0.0.1:{mqttPort}", token.Text, Environment.ProcessId).Write(options.DataFolder);
        return services.GetRequiredService<AccountService>().CreateSetupKey() is { } key ? $"{console}/setup?key={key}" : null;
    }

    private static void AddBoards(IServiceCollection services, BoardSet boards)
    {
        services.AddSingleton(boards);
        services.AddNavItem(new NavItem("/boards", words => new BoardWords(words.Tag)["nav"], Rights.Demo, 90, NavGroup.Station));
    }

    private static void MapBoards(WebApplication app)
    {
        app.MapDemoApi().RequireAuthorization(Rights.Demo);
        app.MapDemoPersons().RequireAuthorization(Rights.Demo);
        app.MapPage<BoardsPage>("/boards").RequireAuthorization(Rights.Demo);
        app.MapAssets(typeof(DemoHost).Assembly, "/boards/assets");
    }

    private static IEnumerable<DemoBoard> BoardsOf(DemoOptions options, Station station)
    {
        var wanted = options.Boards ?? station.Boards.Length;
        if (wanted > station.Boards.Length)
        {
            throw new HubStartException($"--boards {wanted} is more than the {station.Boards.Length} boards of the station {station.Name.En}.");
        }

        return station.Boards.Take(wanted).Select(board => MakeBoard(options, station, board));
    }

    private static Station LoadFile(string path)
    {
        var loaded = StationLoader.Load(path);
        return loaded.Station ?? throw new StationFileException(string.Join("\n", loaded.Errors));
    }

    private static async Task WelcomeAsync(TextWriter output, DemoOptions options, string console, int mqttPort, string? setup, BoardSet boards)
    {
        await output.WriteLineAsync($"""

            Emergency-call gateway, demo: {(boards.All.Length == 0 ? "a hub without boards" : $"a hub and {boards.All.Length} virtual boards")} on this machine only.

              Console        {console}
              MQTT           127.0.0.1:{mqttPort}
              Data           {options.DataFolder}
            """);
        if (DemoPast.IsIn(options.DataFolder))
        {
            await output.WriteLineAsync("  Past           made up: everything that was done by \"generated\"");
        }

        await output.WriteLineAsync(setup is null
            ? "  Sign in with the account that you made at the first start."
            : $"  First account  {setup}   (works once)");
        var account = setup is null ? "1. Open the console and sign in: you are the operator." : "1. Open the link, make the first account: you are now the operator.";
        await output.WriteLineAsync(boards.All.Length == 0
            ? $"""

            {account}
            2. Run the boards beside it, in another terminal: the same command with --no-hub in place of --boards 0, and the same --data.
               Or provision a board of your own under "Gateways".
            3. A call is taken in the command room: A accepts, D sends the nearest.

            Ctrl+C stops. What is committed is still there at the next start.
            """
            : $"""

            {account}
            2. Open "Boards" in one window and "Command room" in another.
            3. Press a red button. In the command room: A accepts, D sends the nearest; watch the lamps at the button.
            4. Pull a plug, press again, plug it in.

            Ctrl+C stops. What is journalled and committed is still there at the next start.
            """);
        await output.FlushAsync();
    }

    private static void OpenBrowser(string address, TextWriter output)
    {
        if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY")) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY")))
        {
            // No screen here (ssh, container): the system's opener would try the browsers of the terminal one by one, and complain into the welcome.
            return;
        }

        try
        {
            using var started = Process.Start(new ProcessStartInfo(address) { UseShellExecute = true });
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            output.WriteLine("(No browser could be opened here; open the address yourself.)");
        }
    }
}
