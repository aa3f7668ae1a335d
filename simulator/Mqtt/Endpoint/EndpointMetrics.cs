using System.Diagnostics.Metrics;
using Gateway.Mqtt.Sessions;

namespace Gateway.Mqtt.Endpoint;

/// <summary>The meter <c>Gateway.Mqtt</c>: reads the broker's counters when somebody listens, costs nothing when nobody does.</summary>
public sealed class EndpointMetrics : IDisposable
{
    /// <summary>Its name, for whoever listens.</summary>
    public const string MeterName = "Gateway.Mqtt";

    private readonly Meter meter = new(MeterName);

    /// <summary>Bytes read and written; by the pump only.</summary>
    public long BytesIn;

    public long BytesOut;

    /// <summary>Exceptions that the pump caught: each is a defect.</summary>
    public long Errors;

    public EndpointMetrics(BrokerCounters counters)
    {
        meter.CreateObservableUpDownCounter("mqtt.connections", () => counters.Connections, "{connection}", "Open network connections.");
        meter.CreateObservableUpDownCounter("mqtt.sessions", () => counters.Sessions, "{session}", "Sessions, connected or kept.");
        meter.CreateObservableUpDownCounter("mqtt.subscriptions", () => counters.Subscriptions, "{subscription}", "Subscriptions of all sessions.");
        meter.CreateObservableUpDownCounter("mqtt.retained", () => counters.RetainedMessages, "{message}", "Retained messages.");
        meter.CreateObservableUpDownCounter("mqtt.queued", () => counters.QueuedMessages, "{message}", "Messages waiting in sessions.");
        meter.CreateObservableUpDownCounter("mqtt.queued.bytes", () => counters.QueuedBytes, "By", "Bytes waiting in sessions.");
        meter.CreateObservableCounter("mqtt.publishes", () => Directions(counters.PublishesIn, counters.PublishesOut), "{message}", "PUBLISH packets by direction.");
        meter.CreateObservableCounter("mqtt.bytes", () => Directions(BytesIn, BytesOut), "By", "Bytes by direction.");
        meter.CreateObservableCounter("mqtt.malformed", () => counters.Malformed, "{packet}", "Packets that broke the protocol or a size limit.");
        meter.CreateObservableCounter("mqtt.refused", () => counters.RefusedByReason().Select(static pair =>
            new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("reason", pair.Key))), "{refusal}", "Refusals by reason.");
        meter.CreateObservableCounter("mqtt.dropped", () => Dropped(counters), "{message}", "Messages dropped by reason.");
        meter.CreateObservableCounter("mqtt.errors", () => Errors, "{error}", "Exceptions caught by the endpoint's loop.");
    }

    public void Dispose() => meter.Dispose();

    private static Measurement<long>[] Directions(long received, long sent) =>
    [
        new Measurement<long>(received, new KeyValuePair<string, object?>("direction", "in")),
        new Measurement<long>(sent, new KeyValuePair<string, object?>("direction", "out")),
    ];

    private static Measurement<long>[] Dropped(BrokerCounters counters) =>
    [
        new Measurement<long>(counters.DroppedSlowReader, new KeyValuePair<string, object?>("reason", "slow reader")),
        new Measurement<long>(counters.DroppedQueueFull, new KeyValuePair<string, object?>("reason", "queue full")),
        new Measurement<long>(counters.DroppedRetainedFull, new KeyValuePair<string, object?>("reason", "retained store full")),
        new Measurement<long>(Interlocked.Read(ref counters.DroppedOwnerBacklog), new KeyValuePair<string, object?>("reason", "owner backlog full")),
    ];
}
