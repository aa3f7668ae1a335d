using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Gateway.Cli.Demo;
using Gateway.Loads;

namespace Gateway.EndToEnd.Tests;

/// <summary>The production hub as systemd starts it (gateway-hub.service): <c>Type=notify</c>, and SIGTERM at its stop.</summary>
public sealed class UnderSystemd
{
    [Fact]
    public async Task Systemd_is_told_that_the_hub_listens_and_that_it_stops()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("systemd is of Linux");
            return;
        }

        using var folder = new TemporaryFolder();
        var config = Path.Combine(folder.Path, "hub.yaml");
        File.WriteAllText(config, $"format: 1\ndata: data\nstation: {DemoHost.DemoStationFile}\nconsole:\n  port: {LoopbackPort.Free()}\nmqtt:\n  port: {LoopbackPort.Free()}\n");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var path = Path.Combine(folder.Path, "notify");
        socket.Bind(new UnixDomainSocketEndPoint(path));

        using var hub = Start(path, config);
        try
        {
            Assert.Equal("READY=1", await HearAsync(socket, hub));

            using (var signal = Process.Start("kill", ["-TERM", $"{hub.Id}"]))
            {
                await signal.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            Assert.Equal("STOPPING=1", await HearAsync(socket, hub));
            using var limit = new CancellationTokenSource(Eventually.Patience);
            await hub.WaitForExitAsync(limit.Token);
            Assert.Equal(0, hub.ExitCode);
        }
        finally
        {
            if (!hub.HasExited)
            {
                hub.Kill();
            }
        }
    }

    private static Process Start(string notifySocket, string config)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "gateway.dll"), "hub", "--config", config]);
        start.Environment["NOTIFY_SOCKET"] = notifySocket;
        return Process.Start(start)!;
    }

    private static async Task<string> HearAsync(Socket socket, Process hub)
    {
        var buffer = new byte[256];
        using var limit = new CancellationTokenSource(Eventually.Patience);
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
        }
        catch (OperationCanceledException)
        {
            return $"nothing within {Eventually.Patience.TotalSeconds} s; the hub {(hub.HasExited ? $"ended with {hub.ExitCode}" : "runs")}";
        }
    }
}
