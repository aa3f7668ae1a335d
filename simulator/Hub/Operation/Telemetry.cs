using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Gateway.Hub.Operation;

/// <summary>Where metrics go, when they go anywhere.</summary>
public sealed record TelemetryOptions
{
    /// <summary>An OTLP receiver's address for metrics, over HTTP: <c>http://host:4318/v1/metrics</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Between two exports, s; 1..3,600.</summary>
    public int EveryS { get; init; } = 60;
}

/// <summary>
/// Sends the counts of the hub's two meters to a collector (OTLP over HTTP). Off unless it is configured. It has its own thread and bounded memory (one value per
/// instrument and refusal name); a collector that does not answer costs that export, and nothing else of the hub waits for it.
/// </summary>
internal sealed class Telemetry(TelemetryOptions options) : IHostedService, IDisposable
{
    private MeterProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(IngestCounters.MeterName, EndpointMetrics.MeterName)
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = options.Endpoint;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.EveryS * 1_000;
            })
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _provider?.Dispose();
        _provider = null;
    }
}
