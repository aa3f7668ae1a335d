using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Packets;

namespace Gateway.Loads.Rivals;

/// <summary>A rival that runs, in a folder of its own that goes with it.</summary>
internal sealed class RivalProcess : IAsyncDisposable
{
    /// <summary>RabbitMQ needs ten seconds on a quiet machine.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>The last words of a server: why it did not start is at the end.</summary>
    private const int LinesKept = 20;

    private readonly Rival _rival;
    private readonly string _folder;
    private readonly Process _process;
    private readonly EventHandler _atExit;
    private readonly Queue<string> _said = new();

    private RivalProcess(Rival rival, string program)
    {
        _rival = rival;
        _folder = Directory.CreateTempSubdirectory($"gateway-{rival.Name}-").FullName;
        Server = new IPEndPoint(IPAddress.Loopback, LoopbackPort.Free());
        _process = Process.Start(rival.Start(program, _folder, Server.Port))!;
        _atExit = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += _atExit;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IPEndPoint Server { get; }

    public int Pid => _process.Id;

    /// <summary>How a publisher connects: anonymously, clean session.</summary>
    public static ConnectPacket Connect(string device) => new() { ClientId = device };

    /// <exception cref="IOException">It did not come up; the message has its last words.</exception>
    public static async Task<RivalProcess> StartAsync(Rival rival, string program)
    {
        var started = new RivalProcess(rival, program);
        try
        {
            await started.ReadyAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _atExit;
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"{_folder} is left behind: {e.Message}");
        }
    }

    /// <summary>Also when this program is told to end in the middle: no server may outlive the measurement.</summary>
    private void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _rival.After?.Invoke(_folder);
    }

    /// <summary>Answers MQTT, and has the lasting session for which it must keep what comes.</summary>
    private async Task ReadyAsync()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await SubscribeAsync();
                return;
            }
            catch (Exception e) when (e is SocketException or MqttConnectionException or TimeoutException)
            {
                if (_process.HasExited || watch.Elapsed > StartPatience)
                {
                    throw new IOException($"{_rival.Name} did not start: {Said()}", e);
                }

                await Task.Delay(100);
            }
        }
    }

    private async Task SubscribeAsync()
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(Server);
        using var mqtt = new MqttConnection(tcp.GetStream());
        var subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mqtt.Subscribed += (_, _) => subscribed.TrySetResult();
        mqtt.Closed += reason => subscribed.TrySetException(new MqttConnectionException(reason));
        var code = await mqtt.ConnectAsync(new ConnectPacket { ClientId = "keeper", CleanSession = _rival.KeepsFor is null }, TimeSpan.FromSeconds(10));
        if (code != 0)
        {
            throw new MqttConnectionException($"refused with return code {code}");
        }

        if (_rival.KeepsFor is { } filter)
        {
            mqtt.Subscribe(new SubscribeRequest(filter, 1));
            await subscribed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }

        mqtt.Disconnect();
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_said)
        {
            _said.Enqueue(line.Trim());
            if (_said.Count > LinesKept)
            {
                _said.Dequeue();
            }
        }
    }

    private string Said()
    {
        lock (_said)
        {
            return string.Join(" ", _said);
        }
    }
}
