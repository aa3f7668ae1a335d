using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Tests.Endpoint;

public sealed class BareEndpointTests
{
    [Fact]
    public async Task It_prints_address_and_process_listens_and_ends_when_told()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var output = new LineWriter();
        Task<int> run = BareEndpoint.RunAsync(0, output, stop.Token);
        string line = await output.FirstLine.WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
        Match match = Regex.Match(line, @"127\.0\.0\.1:(\d+), process (\d+)");
        Assert.True(match.Success, line);
        Assert.Equal(Environment.ProcessId, int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture));
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(
            IPAddress.Loopback, int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        Assert.Equal(0, await run.WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_taken_port_is_a_sentence_and_not_a_stack_trace()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var output = new StringWriter();
        Assert.Equal(1, await BareEndpoint.RunAsync(port, output, TestContext.Current.CancellationToken));
        Assert.StartsWith($"Port {port} on 127.0.0.1 is taken", output.ToString(), StringComparison.Ordinal);
    }

    private sealed class LineWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => line.Task;

        public override Task WriteLineAsync(string? value)
        {
            line.TrySetResult(value ?? "");
            return Task.CompletedTask;
        }
    }
}
