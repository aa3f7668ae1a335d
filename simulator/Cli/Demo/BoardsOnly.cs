using System.Security.Cryptography;
using System.Text;
using Gateway.Hub;
using Gateway.Hub.Stations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Cli.Demo;

/// <summary>
/// <c>demo --no-hub</c>: the boards in a process of their own, so that the hub can be killed while they live. Driven by the same API with the token of
/// <c>boards.json</c>; there is no page here, because accounts are the hub's.
/// </summary>
internal static class BoardsOnly
{
    public const string FileName = "boards.json";

    /// <summary>The boards that a demo has provisioned in this data folder.</summary>
    public static BoardSet Find(DemoOptions options, Station station)
    {
        var boards = station.Boards
            .Where(board => BoardFlash.IsProvisioned(BoardFlash.Folder(options.DataFolder, board.DeviceId)))
            .Take(options.Boards ?? station.Boards.Length)
            .Select(board => DemoHost.MakeBoard(options, station, board))
            .ToList();
        return boards.Count > 0
            ? new BoardSet(boards)
            : throw new HubStartException($"No board in {options.DataFolder} is provisioned: start the demo once without --no-hub.");
    }

    public static async Task<int> RunAsync(DemoOptions options, BoardSet boards, TextWriter output, CancellationToken cancellation)
    {
        boards.Claim(options.DataFolder);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await using var app = Build(options, boards, token);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new PortTakenException($"Port {options.ConsolePort} on 127.0.0.1 is taken: give another with --port, or 0 for a free one.", e);
        }

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        new DemoFile(address, "", token, Environment.ProcessId).Write(options.DataFolder, FileName);
        foreach (var board in boards.All)
        {
            board.SetPower(true);
        }

        await output.WriteLineAsync($"{boards.All.Length} virtual boards, without a hub. API at {address}/api/demo/boards with the token in {Path.Combine(options.DataFolder, FileName)}. Ctrl+C stops.");
        await output.FlushAsync(CancellationToken.None);
        await app.WaitForShutdownAsync(cancellation);
        boards.Dispose();
        File.Delete(Path.Combine(options.DataFolder, FileName));
        return 0;
    }

    private static WebApplication Build(DemoOptions options, BoardSet boards, string token)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(boards);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhostOnly(options.ConsolePort));
        var app = builder.Build();
        var expected = Encoding.ASCII.GetBytes("Bearer " + token);
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            var given = Encoding.ASCII.GetBytes(context.Request.Headers.Authorization.ToString());
            return CryptographicOperations.FixedTimeEquals(given, expected)
                ? next(context)
                : Results.Problem("A bearer token is needed: it is in " + FileName + ".", statusCode: 401, title: "unauthorized").ExecuteAsync(context);
        });
        app.MapDemoApi();
        return app;
    }

    private static void ListenLocalhostOnly(this Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, int port) =>
        kestrel.Listen(System.Net.IPAddress.Loopback, port);
}
