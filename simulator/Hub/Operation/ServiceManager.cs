using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Hub.Operation;

/// <summary>
/// Tells systemd that the hub listens (<c>Type=notify</c>), and that it stops: datagrams to the socket that NOTIFY_SOCKET names (sd_notify(3)). Does nothing
/// where nobody asked for it.
/// </summary>
internal sealed class ServiceManager(ILogger<ServiceManager> log) : IHostedLifecycleService
{
    public const string SocketVariable = "NOTIFY_SOCKET";

    /// <summary>Path of the socket, or '@' and a name in the abstract namespace; null when no service manager waits.</summary>
    internal string? NotifySocket { get; init; } = Environment.GetEnvironmentVariable(SocketVariable);

    public Task StartedAsync(CancellationToken cancellationToken) => Say("READY=1");

    public Task StoppingAsync(CancellationToken cancellationToken) => Say("STOPPING=1");

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task Say(string state)
    {
        if (NotifySocket is not { Length: > 1 } name)
        {
            return Task.CompletedTask;
        }

        try
        {
            // A name that begins with '@' is in the abstract namespace, which begins with a zero byte.
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(name[0] == '@' ? '\0' + name[1..] : name));
            socket.Send(Encoding.ASCII.GetBytes(state));
        }
        catch (SocketException e)
        {
            log.LogWarning("The service manager could not be told {State}: {Error}", state, e.Message);
        }

        return Task.CompletedTask;
    }
}
