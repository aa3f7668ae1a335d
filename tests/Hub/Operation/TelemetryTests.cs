using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Hub.Ingest;
using Gateway.Hub.Operation;

namespace Gateway.Hub.Tests.Operation;

/// <summary>Metrics leave the hub only when it is told where to, and then they are the counts and nothing else.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task The_counts_of_the_hub_reach_a_collector_as_OTLP()
    {
        using var collector = new HttpListener();
        var port = FreePort();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        var asked = collector.GetContextAsync();
        using var counters = new IngestCounters();
        using var telemetry = new Telemetry(new TelemetryOptions { Endpoint = new Uri($"http://127.0.0.1:{port}/v1/metrics"), EveryS = 3_600 });
        await telemetry.StartAsync(TestContext.Current.CancellationToken);
        counters.Signals.Add(3);
        counters.Refuse("sumitu-01", MessageRefusals.All[0]);

        // Stopping sends what there is.
        var stopped = Task.Run(() => telemetry.StopAsync(CancellationToken.None), TestContext.Current.CancellationToken);
        var context = await asked.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body, TestContext.Current.CancellationToken);
        context.Response.StatusCode = 200;
        context.Response.Close();
        await stopped;

        var sent = Encoding.UTF8.GetString(body.ToArray());
        Assert.Equal("/v1/metrics", context.Request.RawUrl);
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        Assert.Contains("gateway.hub.signals", sent);
        Assert.Contains(MessageRefusals.All[0], sent);
        Assert.DoesNotContain("sumitu-01", sent);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
