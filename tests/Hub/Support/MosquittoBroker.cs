using System.Net;
using System.Net.Sockets;
using Gateway.Hub.Fleet;
using Gateway.Hub.Operation;
using Gateway.Mqtt.Tests.Interop;

namespace Gateway.Hub.Tests.Support;

/// <summary>Debian's Mosquitto, configured as simulator/Hub/README.md says: a password for each, boards on their own topics only, sessions kept.</summary>
internal sealed class MosquittoBroker : IDisposable
{
    private const string HubPassword = "for-this-test-only";

    /// <summary>Folder of an authority with a server's certificate; null for plain TCP.</summary>
    public string? Authority { get; init; }

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort();
    private Tool? _broker;

    public async Task StartAsync()
    {
        Tool.Require("mosquitto", "apt-get install mosquitto");
        Tool.Require("mosquitto_passwd", "apt-get install mosquitto");
        if (_broker is not null)
        {
            return;
        }

        if (!File.Exists(PathOf("passwords")))
        {
            await SetPasswordAsync("hub", HubPassword, create: true);
            await File.WriteAllTextAsync(PathOf("topics"), """
                user hub
                topic read gw/+/signal
                topic read gw/+/status
                topic read gw/+/heartbeat
                topic read gw/+/result
                topic read gw/+/config/reported
                topic write gw/+/receipt
                topic write gw/+/notice
                topic write gw/+/command
                topic write gw/+/config
                topic write hub/status

                pattern write gw/%u/signal
                pattern write gw/%u/status
                pattern write gw/%u/heartbeat
                pattern write gw/%u/result
                pattern write gw/%u/config/reported
                pattern read gw/%u/receipt
                pattern read gw/%u/notice
                pattern read gw/%u/command
                pattern read gw/%u/config
                pattern read hub/status
                """);
            await File.WriteAllTextAsync(PathOf("conf"), $"""
                listener {_port} 127.0.0.1
                allow_anonymous false
                password_file {PathOf("passwords")}
                acl_file {PathOf("topics")}
                persistence true
                persistence_location {_folder.Path}/
                max_inflight_messages 0
                max_queued_messages 100000
                log_dest stderr
                user root
                """ + (Authority is null ? "" : $"\ncafile {Authority}/ca.pem\ncertfile {Authority}/server.pem\nkeyfile {Authority}/server.key\n"));
        }

        _broker = Tool.Start("mosquitto", "-c", PathOf("conf"));
        await _broker.PrintsAsync("running");
    }

    public void Stop()
    {
        _broker?.Dispose();
        _broker = null;
    }

    /// <summary>Lets a board in; the running broker reads its passwords anew.</summary>
    public async Task AddBoardAsync(ProvisioningFile file)
    {
        await SetPasswordAsync(file.Device, file.Password, create: false);
        using var hangUp = Tool.Start("kill", "-HUP", $"{_broker!.ProcessId}");
        await hangUp.FinishAsync();
        await _broker.PrintsAsync("Reloading config");
    }

    public ExternalBrokerOptions ForHub(string folder)
    {
        var file = Path.Combine(folder, "broker-password");
        File.WriteAllText(file, HubPassword + "\n");
        return new ExternalBrokerOptions { Host = "127.0.0.1", Port = _port, User = "hub", PasswordFile = file };
    }

    public void Dispose()
    {
        Stop();
        _folder.Dispose();
    }

    private async Task SetPasswordAsync(string user, string password, bool create)
    {
        using var tool = Tool.Start("mosquitto_passwd", [.. create ? new[] { "-c" } : [], "-b", PathOf("passwords"), user, password]);
        await tool.FinishAsync();
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Below the ports that a system hands out by itself: nobody is given it by chance while nobody listens there.</summary>
    private static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
